"""All that fuzzing has kept is tried again, and the fuzzer itself finds what is wrong."""

from __future__ import annotations

import random

import pytest

from tests.tools import fuzz, fuzz_targets


@pytest.mark.parametrize("target", fuzz_targets.TARGETS)
def test_no_seed_breaks_its_law(target: str) -> None:
    for data in fuzz_targets.seeds_of(target):
        fuzz_targets.TARGETS[target](data)


def test_a_broken_law_is_found_and_kept_once(tmp_path, monkeypatch, capsys) -> None:
    def fails(data: bytes) -> None:
        assert b"[S99]" not in data

    monkeypatch.setattr(fuzz_targets, "SEEDS", tmp_path)
    watch, chance = fuzz.Watch("fails", fails), random.Random(3)
    seeds = fuzz_targets.seeds_of("fails")
    for _ in range(5000):
        watch(fuzz.mutated(seeds[0], seeds, chance))
    assert len(watch.finds) == 1
    (kept,) = (tmp_path / "fails").iterdir()
    assert b"[S99]" in kept.read_bytes()
    assert kept.read_bytes() in fuzz_targets.seeds_of("fails")
    assert "FOUND fails: " in capsys.readouterr().out


def test_what_is_learned_is_any_bytes_and_bounded(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(fuzz_targets, "SEEDS", tmp_path)
    inputs = [bytes([number, 255, 10, 0xE2]) for number in range(200)] + [b"x" * 5000]
    assert fuzz_targets.learn("any", inputs, most=150) == 150
    assert fuzz_targets.seeds_of("any") == inputs[:150]
    assert fuzz_targets.learn("any", [b"z"]) == 1, "the earlier ones are replaced"


@pytest.mark.slow
def test_the_driver_tries_what_it_counts(tmp_path, monkeypatch) -> None:
    pytest.importorskip("atheris", reason="atheris has no wheel for this Python or processor")
    monkeypatch.setattr(fuzz_targets, "SEEDS", tmp_path)
    tried, finds = fuzz.fuzz("grammar", 3.0, seed=1)
    assert tried > 20 and finds == 0
