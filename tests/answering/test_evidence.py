from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.evidence import (
    Candidate,
    candidates,
    inverse_document_frequency,
    rank_sentences,
    sends_elsewhere,
    within_budget,
)
from rag.documents.sentences import split
from rag.types import Hit, Sentence
from tests.answering.support import document

TEXT = "The Corvo hall has 250 seats.\nIt opened in May.\n\nA bus stops\nnearby.\n"
SPANS = (Sentence(0, 29, 0), Sentence(30, 47, 0), Sentence(49, 68, 1))


def hit(*sentences: Sentence, score: float = 1.0, passage: int = 1) -> Hit:
    text = TEXT[sentences[0].start : sentences[-1].end]
    return Hit(passage, document(), score, 0.5, 0, 0, sentences, text)


def found(*hits: Hit) -> list[Candidate]:
    return candidates(hits, lambda _: SPANS, lambda _: TEXT)


def test_sentences_know_their_neighbours():
    first, second, third = found(hit(*SPANS))
    assert first.text == "The Corvo hall has 250 seats."
    assert (first.before, first.after) == ("", second.text)
    assert second.before == first.text
    assert (third.before, third.text) == (f"{first.text} {second.text}", "A bus stops nearby.")
    assert [c.leans for c in (first, second, third)] == [False, True, False]


def test_a_sentence_of_two_passages_comes_once_with_the_better_score():
    listed = found(hit(*SPANS[:2], score=0.2), hit(*SPANS[1:], score=0.9, passage=2))
    assert [c.passage_score for c in listed] == [0.2, 0.9, 0.9]


@pytest.mark.parametrize(
    ("sentence", "elsewhere"),
    [
        ("See the harbour office's report of 3 March.", True),
        ("(See also page 4.)", True),
        ("Read more in our next issue.", True),
        ("详见第三版。", True),
        ("Seeing is believing, said the mate.", False),
        ("Readers of the report were few.", False),
        ("See what happened: " + "the hall has 250 seats and opened in May; " * 3, False),
    ],
)
def test_what_only_tells_readers_where_to_look_is_no_evidence(sentence, elsewhere):
    assert sends_elsewhere(sentence) is elsewhere
    spans = (Sentence(0, len(sentence), 0),)
    one = Hit(1, document(), 1.0, 0.5, 0, 0, spans, sentence)
    assert bool(candidates([one], lambda _: spans, lambda _: sentence)) is not elsewhere


def test_idf_is_never_negative_and_falls_with_frequency():
    idf = inverse_document_frequency({"rare": 1, "common": 9, "everywhere": 10, "odd": 99}, 10)
    assert idf["rare"] == pytest.approx(np.log(1 + 9.5 / 1.5))
    assert idf["rare"] > idf["common"] > idf["everywhere"] > 0
    assert idf["odd"] > 0


def test_ranking_puts_the_askeds_words_first_and_keeps_order_otherwise():
    idf = {"seat": 2.0, "corvo": 2.0, "hall": 1.0}
    ranked = rank_sentences(
        "How many seats has the Corvo hall?", found(hit(*SPANS)), idf, None, None
    )
    assert ranked[0].text.startswith("The Corvo hall")
    assert ranked == rank_sentences(
        "How many seats has the Corvo hall?", found(hit(*SPANS)), idf, None, None
    )
    assert rank_sentences("x", [], idf, None, None) == []


def test_what_few_of_the_sentences_found_say_counts_more_than_the_name_they_share():
    text = (
        "The Corvo drone of Talvik is painted green. The Corvo drone of Talvik was shown in May. "
        "The Corvo drone of Talvik costs a fortune. It flies at a speed of 80 km/h."
    )
    spans = tuple(Sentence(*span, 0) for span in split(text, 0, len(text)))
    hits = [Hit(1, document(), 1.0, 0.5, 0, 0, spans, text)]
    # In the index at large the name is the rare word.
    idf = {"corvo": 6.0, "talvik": 6.0, "drone": 2.0, "speed": 2.0}
    ranked = rank_sentences(
        "Speed of the Talvik Corvo drone", candidates(hits, lambda _: spans, lambda _: text),
        idf, None, None,
    )  # fmt: skip
    assert ranked[0].text.startswith("It flies")


def test_the_same_words_are_shown_once():
    twin = "The Corvo hall has 250 seats."
    listed = candidates(
        [Hit(1, document(path=p, identifier=n), 1.0, 0.5, 0, 0, SPANS[:1], twin)
         for n, p in enumerate(["/a", "/b"])],
        lambda _: SPANS, lambda _: TEXT,
    )  # fmt: skip
    assert len(listed) == 2
    assert len(rank_sentences("seats", listed, {"seat": 1.0}, None, None)) == 1


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=12),
    st.integers(1, 8),
    st.integers(1, 120),
)
def test_the_budget_is_kept_and_never_empty(costs, most, tokens):
    base = found(hit(*SPANS))[0]
    from dataclasses import replace

    ranked = [replace(base, text="w " * cost, position=n) for n, cost in enumerate(costs)]
    chosen = within_budget(ranked, most, tokens, lambda text: len(text.split()))
    assert chosen[0] is ranked[0]
    assert len(chosen) <= most
    assert [c.position for c in chosen] == sorted(c.position for c in chosen)
    spent = sum(len(c.text.split()) for c in chosen)
    assert spent <= tokens or len(chosen) == 1
