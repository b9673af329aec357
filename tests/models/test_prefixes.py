"""States of prompt beginnings: the same bits as evaluating, within bounds, and never a damaged one."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.models import prefixes
from rag.models.generator import LlamaGenerator
from rag.models.prefixes import PrefixStates
from rag.types import Message

SYSTEM = Message("system", "You name one harbour and stop.")
ASKED = [SYSTEM, Message("user", "Which harbour lies on the Elbe?")]
OTHER = [Message("user", "Is a tug a ship? Reply yes or no.")]


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_a_state_taken_over_gives_the_same_bits(tiny_weights: Path, tmp_path: Path) -> None:
    def ask(folder: Path | None, *before: Sequence[Message]) -> tuple[object, int]:
        generator = LlamaGenerator(tiny_weights, context_tokens=256, threads=1, states=folder)
        for messages in before:
            generator.probabilities(messages, ["yes"])
        started = generator.evaluated_tokens
        written = list(generator.stream(ASKED, max_tokens=6))
        evaluated = generator.evaluated_tokens - started
        generator.close()
        return written, evaluated

    alone, all_tokens = ask(None)
    pushed_out, from_memory = ask(None, ASKED, OTHER)
    assert pushed_out == alone
    folder = tmp_path / "prompts"
    assert ask(folder)[0] == alone
    (kept,) = files(folder)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    started_again, from_disk = ask(folder)
    assert started_again == alone
    assert from_disk == from_memory < all_tokens
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert ask(folder) == (alone, all_tokens)
    assert kept.read_bytes() == whole


def test_a_state_that_llama_refuses_is_evaluated_instead(
    tiny_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = LlamaGenerator(tiny_weights, context_tokens=256, threads=1)
    right = generator.probabilities(ASKED, ["Hamburg"])
    generator.probabilities(OTHER, ["yes"])
    monkeypatch.setattr(PrefixStates, "get", lambda *_: b"no state of any model" * 20)
    assert generator.probabilities(ASKED, ["Hamburg"]) == right
    generator.close()


def test_another_model_or_build_does_not_see_it(tmp_path: Path) -> None:
    PrefixStates("one", tmp_path).put([1, 2], b"state")
    assert PrefixStates("one", tmp_path).get([1, 2]) == b"state"
    assert PrefixStates("two", tmp_path).get([1, 2]) is None
    assert PrefixStates("one", tmp_path).get([12]) is None


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 9), max_size=20))
def test_the_latest_are_kept_and_no_more(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("states")
    states = PrefixStates("one", folder)
    for number in order:
        states.put([number], bytes([number]))
    assert len(files(folder)) <= prefixes.MOST_KEPT
    latest = list(dict.fromkeys(reversed(order)))[: prefixes.MOST_KEPT]
    for number in latest:
        assert states.get([number]) == bytes([number])
    for number in latest[:1]:
        assert PrefixStates("one", folder).get([number]) == bytes([number])


def test_nothing_large_and_nothing_unwritable_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefixes, "LARGEST", 4)
    states = PrefixStates("one", tmp_path / "states")
    states.put([1], b"12345")
    assert states.get([1]) is None and not (tmp_path / "states").exists()
    (tmp_path / "file").write_text("in the way")
    blocked = PrefixStates("one", tmp_path / "file")
    blocked.put([1], b"1234")
    assert blocked.get([1]) == b"1234"
