"""Answers and refusals as a whole: what counts as right where the documents do not say."""

import pytest

from rag.evaluation.measures.unsaid import says_unsaid
from rag.evaluation.questions import GoldSpan, Question
from rag.evaluation.scoring import blame, score_answer
from tests.evaluation.fakes import make_corpus, place


@pytest.fixture
def corpus(tmp_path):
    return make_corpus(tmp_path / "corpus")


def unanswerable(kind, *answers, **fields):
    return Question("q", "g", kind, "?", (answers,) if answers else (), (), False, **fields)


def answer(text, state="answered", citations=(), conflicts=()):
    return {
        "text": text, "state": state, "citations": list(citations), "nearest": [],
        "statements": [], "conflicts": list(conflicts),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "The report does not say what the mast costs.",
        "The price is not given; the loan was 24 million dollars. [1]",
        "The company is not named, only that it belongs to his brother-in-law.",
        "The maker has not published a price for either.",
        "The makers haven't yet disclosed it.",
        "No price per mast is given.",
        "None of the two candidates is named.",
        "There is no information on it.",
        "The documents do not contain any information about it.",
        "Its buyer is unknown.",
        "The director declined to say.",
        "听涛科技没有公布售价。",
        "文章未提及局长的姓名。",
    ],
)
def test_it_is_not_said(text, corpus):
    assert says_unsaid(text)
    scores = score_answer(unanswerable("none_near"), answer(text), corpus)
    assert scores["correct"] == (1.0, 1.0)
    assert scores["wrong_among_answered"] == (0.0, 1.0)
    assert scores["refusal_recall"] == (0.0, 0.0)  # neither for nor against refusal


@pytest.mark.parametrize(
    "text",
    [
        "The mast costs 24 million dollars.",
        "It costs 2 million dollars. The price of the other is not known.",
        "The ship did not reach the port.",
        "No ship reached the port by the end of May.",
        "It is named the Trade Wind.",
        "The gun was not delivered.",
        "The rule is not a ban.",
        "水面搜救机器人售价八万元。",
    ],
)
def test_something_is_said(text, corpus):
    assert not says_unsaid(text)
    scores = score_answer(unanswerable("none_near"), answer(text), corpus)
    assert scores["correct"] == (0.0, 1.0)
    assert scores["wrong_among_answered"] == (1.0, 1.0)
    assert scores["refusal_recall"] == (0.0, 1.0)


@pytest.mark.parametrize(
    ("state", "text", "right"),
    [
        ("abstained", "Not in your documents.", True),
        ("answered", "She confirmed the admiral.", True),
        ("answered", "The letter does not say that she replaced him.", True),
        ("answered", "She replaced him because of the flats.", False),
    ],
)
def test_a_false_premise_is_refused_or_corrected(state, text, right, corpus):
    question = unanswerable("false_premise", "confirmed")
    given = answer(text, state)
    scores = score_answer(question, given, corpus)
    assert scores["correct"] == (float(right), 1.0)
    stage = blame(question, right, given, (), (), corpus)
    assert stage == ("right" if right else "answered, though the documents do not say")


def test_what_is_rejected_is_wrong_although_the_rest_is_said_not_to_be_known(corpus):
    question = unanswerable("none_near", rejected=("re:^(?:(?!not)[^.])*insolvent",))
    for text, right in (
        ("The firm is insolvent; the date is not given.", 0.0),
        ("The letter does not say that the firm is insolvent.", 1.0),
    ):
        assert score_answer(question, answer(text), corpus)["correct"] == (right, 1.0)


def test_a_refusal_in_words_is_no_answer_to_what_the_documents_say(corpus):
    question = Question("q", "g", "number", "?", (("2.4 million",),), (), True)
    scores = score_answer(question, answer("The report does not say how much."), corpus)
    assert scores["correct"] == (0.0, 1.0)
    assert scores["wrong_among_answered"] == (1.0, 1.0)


@pytest.mark.parametrize(
    ("text", "shown"), [("380 kg, or 390.", 1.0), ("380 kg.", 0.0), ("390 kg.", 0.0)]
)
def test_one_sentence_that_holds_both_sides_shows_a_conflict(text, shown, corpus):
    name = "orbit.txt"
    start, end = place(corpus.text(name), "The Brisa-2 satellite weighs 380 kg.")
    gold = ((GoldSpan(name, start, end),),)
    question = Question("q", "g", "conflict", "?", (("380",), ("390",)), gold, True)
    quoted = {
        "number": 1, "document": name, "start": start, "end": end,
        "quote": "The Brisa-2 satellite weighs 380 kg.", "file_sha256": corpus.file(name).sha256,
    }  # fmt: skip
    scores = score_answer(question, answer(text, citations=[quoted]), corpus)
    assert scores["conflict_shown"] == (shown, 1.0)
