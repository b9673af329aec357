"""The systems that `rag eval --system` compares with: each leaves out what it says, and only that."""

from __future__ import annotations

import pytest

from rag.cli.evaluation_systems import Unheld, as_evidence, by_passage, system_factory
from rag.evaluation.plain import SHOWN

HARBOUR = "\n\n".join(
    f"The harbour of Ostrelle opened its pier number {pier} in {1900 + pier}. "
    f"Pier {pier} has {pier + 3} cranes. Its paint is the colour of {colour}. "
    + " ".join(f"Warehouse {pier}-{n} keeps grain for the mills of the valley." for n in range(30))
    for pier, colour in enumerate(("sand", "slate", "moss", "brick", "chalk", "rust"), 1)
)
QUESTION = "How many cranes has pier 3 of the harbour of Ostrelle?"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    return folder


def retrieved(name, corpus, embedder_weights):
    build = system_factory(name, str(embedder_weights), None)
    with build(corpus, generator=False, refusal=True) as system:
        return system.retrieve(QUESTION)


def test_whole_passages_read_all_of_the_best_and_nothing_else(corpus, embedder_weights):
    ours = retrieved("", corpus, embedder_weights)
    found = retrieved("passages", corpus, embedder_weights)
    best = {hit.passage for hit in found.hits[:SHOWN]}
    shown = {item.start for item in found.evidence}
    within = {s.start for hit in found.hits if hit.passage in best for s in hit.sentences}
    assert len(found.hits) > SHOWN and shown <= within
    assert len(shown) > len(ours.evidence)
    assert shown == {c.sentence.start for c in found.ranked} & within


def test_unchosen_sentences_come_in_the_order_of_the_text(corpus, embedder_weights):
    found = retrieved("no-selection", corpus, embedder_weights)
    assert found.evidence == as_evidence(by_passage(found)[: len(found.evidence)])
    assert [item.quote for item in found.evidence] != [
        item.quote for item in retrieved("", corpus, embedder_weights).evidence
    ]


def test_without_the_grammar_the_model_is_asked_the_same_otherwise():
    class Asked:
        def stream(self, messages, grammar=None, max_tokens=256):
            yield (messages, grammar, max_tokens)

    assert list(Unheld(Asked()).stream(["hello"], 'root ::= "x"', 9)) == [(["hello"], None, 9)]


@pytest.mark.parametrize(("name", "checks", "refuses"), [("", True, True), ("no-checks", False, True), ("no-calibration", True, False)])  # fmt: skip
def test_checks_and_refusal_are_left_out_one_by_one(
    corpus, embedder_weights, name, checks, refuses
):
    build = system_factory(name, str(embedder_weights), None)
    with build(corpus, generator=False, refusal=True) as system:
        assert (system._checks, system.confidence.threshold > 0) == (checks, refuses)
