"""All that fuzzing has kept is tried again, and the fuzzer itself finds what is wrong."""

from __future__ import annotations

import pytest

from tests.tools import fuzz


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_no_seed_breaks_its_law(target: str) -> None:
    for text in fuzz.seeds_of(target):
        fuzz.TARGETS[target](text)


def test_a_broken_law_is_found_and_kept(tmp_path, monkeypatch, capsys) -> None:
    def fails(text: str) -> None:
        assert "[S99]" not in text

    monkeypatch.setattr(fuzz, "SEEDS", tmp_path)
    monkeypatch.setitem(fuzz.TARGETS, "fails", fails)
    tried, finds = fuzz.fuzz("fails", 20.0, seed=3)
    assert tried >= 1 and finds
    assert all("[S99]" in text for text in fuzz.seeds_of("fails"))
    assert "fails: AssertionError" in capsys.readouterr().out
