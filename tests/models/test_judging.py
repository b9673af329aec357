"""Texts judged one by one from one evaluation of their opening, under the tiny model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.answering.judging import PLAUSIBLE, SURE
from rag.answering.prompt import judge_opening
from rag.errors import ModelBroken, ModelError
from rag.models import adapters, catalogue, judging
from rag.models.generator import LlamaGenerator
from rag.models.judging import MOST_TEXTS, Judge
from rag.models.llama import Llama
from rag.models.weights import Weights

OPENING = "Can the question be answered from the text?\n\nQuestion: Where do herons nest?\n\n"
TEXTS = [
    "Herons nest in tall trees beside the river.",
    "The budget was approved on Tuesday.",
    "白鹭在湖边的树上筑巢。",
]


@pytest.fixture(scope="module")
def weights(tiny_weights: Path) -> Iterator[Weights]:
    loaded = Weights(tiny_weights)
    yield loaded
    loaded.close()


@pytest.fixture
def judge(weights: Weights) -> Iterator[Judge]:
    made = Judge(weights, 1, None)
    yield made
    made.close()


def test_each_text_is_read_as_if_it_stood_alone(weights: Weights, judge: Judge) -> None:
    """As far as rounding allows: a margin of 8-bit sums moves by some tenths with the batch."""
    opening, *texts = (weights.tokenize(text, False) for text in [OPENING, *TEXTS])
    yes, no = (weights.tokenize(word, False)[0] for word in ("yes", "no"))
    alone = Llama(weights, 512, 1)
    margins = []
    for text in texts:
        logits = alone.evaluate([(*opening, *text)])
        margins.append(float(logits[yes] - logits[no]))
    alone.close()
    together = judge.margins([opening], texts, yes, no)
    assert together == pytest.approx(margins, abs=0.5)
    assert max(margins) - min(margins) > 1.0, "texts too alike to tell their order"
    assert np.argsort(together).tolist() == np.argsort(margins).tolist()


def test_the_company_of_a_text_does_not_matter(tiny_generator: LlamaGenerator) -> None:
    alone = tiny_generator.judge(OPENING, TEXTS[:1])
    reversed_ = tiny_generator.judge(OPENING, TEXTS[::-1])
    assert reversed_[-1] == pytest.approx(alone[0], abs=0.02)


def test_the_same_texts_give_the_same_numbers_again(tiny_generator: LlamaGenerator) -> None:
    first = tiny_generator.judge(OPENING, TEXTS)
    tiny_generator.judge("Something else? ", ["a", "b"])
    assert tiny_generator.judge(OPENING, TEXTS) == first


def test_the_opening_is_evaluated_once(weights: Weights, judge: Judge) -> None:
    opening, *texts = (weights.tokenize(text, False) for text in [OPENING, *TEXTS])
    judge.margins([opening], texts, 10, 11)
    assert judge.evaluated == len(opening) + sum(map(len, texts))


def test_what_texts_begin_with_alike_is_evaluated_once(weights: Weights, judge: Judge) -> None:
    opening, heading, *texts = (
        weights.tokenize(text, False) for text in [OPENING, "From “River notes”:\n", *TEXTS]
    )
    headed = [heading + text for text in texts]
    margins = judge.margins([opening], [*headed, texts[0], headed[1]], 10, 11)
    assert judge.evaluated == len(opening) + len(heading) + sum(map(len, [*texts, texts[0]]))
    assert margins[4] == margins[1]
    alone = [judge.margins([opening], [text], 10, 11)[0] for text in [*headed, texts[0]]]
    assert margins[:4] == pytest.approx(alone, abs=0.5)


def test_an_opening_is_kept_for_the_next_texts(weights: Weights, judge: Judge) -> None:
    first, second, text = (weights.tokenize(text, False) for text in ["Read. ", OPENING, TEXTS[0]])
    found = judge.margins([first, second], [text], 10, 11)
    before = judge.evaluated
    assert judge.margins([first, second], [text], 10, 11) == found
    assert judge.evaluated == before + len(text)
    judge.margins([first, text], [text], 10, 11)
    assert judge.evaluated == before + 3 * len(text)
    assert judge.margins([first, second], [text], 10, 11) == found


def test_more_texts_than_fit_at_once_are_read_in_turns(weights: Weights, judge: Judge) -> None:
    opening = weights.tokenize(OPENING, False)
    many = [weights.tokenize(f"Heron number {n} nests here.", False) for n in range(MOST_TEXTS + 3)]
    found = judge.margins([opening], many, 10, 11)
    assert len(found) == MOST_TEXTS + 3
    assert found[-1] == pytest.approx(judge.margins([opening], many[-1:], 10, 11)[0], abs=0.2)


def test_texts_too_long_for_one_window_are_read_in_turns(weights: Weights, monkeypatch) -> None:
    monkeypatch.setattr(judging, "_CONTEXT_TOKENS", 512)
    small = Judge(weights, 1, None)
    opening = weights.tokenize(OPENING, False)
    long = [weights.tokenize(f"Heron {n}. " + "heron " * 100, False) for n in range(3)]
    assert len(opening) + sum(map(len, long)) > small.context_tokens
    together = small.margins([opening], long, 10, 11)
    alone = [small.margins([opening], [text], 10, 11)[0] for text in long]
    small.close()
    assert together == pytest.approx(alone, abs=0.3)


def test_no_text_gives_no_number(tiny_generator: LlamaGenerator) -> None:
    assert tiny_generator.judge(OPENING, []) == []


def test_a_text_beyond_the_window_is_an_error_with_words(weights: Weights, judge: Judge) -> None:
    endless = weights.tokenize("heron " * 4000, False)
    with pytest.raises(ModelError, match="do not fit"):
        judge.margins([weights.tokenize(OPENING, False)], [endless], 10, 11)


def test_a_file_that_is_no_adapter_is_refused(weights: Weights, tmp_path: Path) -> None:
    broken = tmp_path / "judge.gguf"
    broken.write_bytes(b"GGUF" + b"\0" * 200)
    with pytest.raises(ModelBroken, match="does not load as an adapter"):
        Judge(weights, 1, broken)


def test_an_adapter_for_other_weights_is_refused(weights: Weights) -> None:
    (shipped,) = (adapters.FOLDER / e.adapter.name for e in catalogue.load() if e.adapter)
    with pytest.raises(ModelBroken, match="adapter"):
        Judge(weights, 1, shipped)


def test_the_adapter_of_the_default_weights_is_the_one_named() -> None:
    entry = catalogue.default("generator")
    found = adapters.for_weights(entry.files[0].sha256)
    assert found is not None and entry.adapter is not None
    assert (found.sha256, found.path.stat().st_size) == (entry.adapter.sha256, entry.adapter.bytes)
    assert adapters.for_weights("0" * 64) is None


def test_a_tampered_adapter_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    entry = catalogue.default("generator")
    assert entry.adapter is not None
    (tmp_path / entry.adapter.name).write_bytes(b"GGUF other")
    monkeypatch.setattr(adapters, "FOLDER", tmp_path)
    with pytest.raises(ModelBroken, match="Install the package again"):
        adapters.for_weights(entry.files[0].sha256)


@pytest.mark.model
def test_the_adapted_judge_tells_an_answer_from_its_look_alikes(default_weights: Path) -> None:
    text = "From “Fleet notes” (2024-05-02):\nThe tug Alder, built in 2011, was sold for 4 million euros in May."
    generator = LlamaGenerator(default_weights)

    def sure(question: str) -> float:
        return generator.judge(judge_opening(question), [text])[0]

    try:
        assert "+judge" in generator.fingerprint
        price = sure("For how much was the tug Alder sold?")
        assert price >= SURE
        assert sure("When was the tug Alder built?") >= PLAUSIBLE
        assert sure("What is the length of the tug Alder?") <= 0.2
        assert sure("How many crew members does the Alder have?") <= 0.2
        # Near misses: less than sure, and left to the whole confidence, which refuses them both.
        assert sure("For how much was the tug Rowan sold?") <= price - 0.15
        assert sure("Who bought the tug Alder?") <= price - 0.15
    finally:
        generator.close()
