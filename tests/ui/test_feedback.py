"""Opinions on answers: kept, taken back, and turned into draft questions."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from rag.cli import main
from rag.evaluation.questions import GoldSpan, parse_lines, to_object
from rag.home import home
from rag.types import Answer
from rag.ui.conversations import Conversations
from rag.ui.feedback import FEEDBACK_FILE, UNWRITTEN, Feedback, Opinion, draft, key_of
from tests.ui.test_references import answered, citation


@pytest.fixture
def kept(tmp_path):
    return Feedback(tmp_path / "state" / "feedback.jsonl")


def refusal() -> Answer:
    return replace(answered(), state="abstained", reason="no_support", text="No.", statements=())


def test_the_last_word_counts_and_can_be_taken_back(kept):
    one, two = answered(citation(1, "Dues rose.", "/c/a.txt", "Dues")), refusal()
    kept.add(one, "bad")
    kept.add(one, "good", " right \n")
    kept.add(two, "bad")
    kept.add(two, "")
    assert [(row.rating, row.note, row.answer) for row in kept.opinions()] == [
        ("good", "right", one)
    ]
    assert kept.ratings() == {key_of(one): "good", key_of(two): ""}
    assert kept.ratings("another reader") == {}


def test_a_rating_from_outside_is_never_stored_as_it_came(kept):
    kept.add(refusal(), "<script>")
    assert list(kept.ratings().values()) == [""]


@pytest.mark.parametrize(
    "torn", [b'{"key": "x", "ow', '{"key": "港'.encode()[:-1]], ids=["word", "character"]
)
def test_a_torn_line_costs_only_itself(kept, tmp_path, torn):
    kept.add(refusal(), "good")
    with (tmp_path / "state" / "feedback.jsonl").open("ab") as file:
        file.write(torn)
    assert len(kept.opinions()) == 1
    kept.add(answered(citation(1, "Dues rose.", "/c/a.txt", "Dues")), "bad")
    assert [opinion.rating for opinion in kept.opinions()] == ["good", "bad"]


def test_a_good_answer_becomes_a_question_with_its_quotes_as_gold(tmp_path):
    answer = answered(citation(1, "Dues rose.", str(tmp_path / "trade" / "a.txt"), "Dues"))
    question = draft(Opinion("good", "", "2026-01-01", answer), tmp_path)
    assert question.gold == ((GoldSpan("trade/a.txt", 3, 13, "Dues rose."),),)
    assert question.answers == (("Dues rose.",),) and question.group == "a"
    assert parse_lines([to_object(question)], "drafts") == [question]


def test_a_bad_answer_leaves_the_right_one_to_be_written(tmp_path):
    answer = answered(citation(1, "Dues rose.", "/elsewhere/a.txt", "Dues"))
    question = draft(Opinion("bad", "they fell", "2026-01-01", answer), tmp_path)
    assert question.answers == ((UNWRITTEN,),) and question.gold == () and question.answerable
    assert question.why == "they fell; answered: Dues rose [1]."


def test_a_good_refusal_becomes_an_unanswerable_question(tmp_path):
    question = draft(Opinion("good", "", "2026-01-01", refusal()), tmp_path)
    assert not question.answerable and question.answers == () and question.kind == "none_near"


def test_the_command_writes_drafts_that_the_evaluation_reads(tmp_path, capsys):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    feedback = Feedback(home().state / FEEDBACK_FILE)
    feedback.add(answered(citation(1, "Dues rose.", str(corpus / "a.txt"), "Dues")), "good")
    feedback.add(refusal(), "bad", "it is on page 3")
    drafts = tmp_path / "drafts.jsonl"
    assert main(["feedback", "export", "--corpus", str(corpus), "--output", str(drafts)]) == 0
    assert "2 drafts, 1 with the right answer" in capsys.readouterr().err
    lines = [json.loads(line) for line in drafts.read_text(encoding="utf-8").splitlines()]
    assert [one.gold[0][0].document if one.gold else "" for one in parse_lines(lines, "d")] == [
        "a.txt", "",
    ]  # fmt: skip
    assert main(["feedback", "export", "--corpus", str(tmp_path / "none")]) == 2


def test_a_saved_answer_that_cannot_be_read_costs_only_itself(tmp_path):
    talks = Conversations(tmp_path / "c.db")
    identifier = talks.append(talks.append(None, answered()).conversation, refusal()).conversation
    with closing(sqlite3.connect(tmp_path / "c.db")) as connection, connection:
        connection.execute("UPDATE turns SET answer = substr(answer, 1, 40) WHERE id = 1")
    assert [turn.answer.state for turn in talks.turns(identifier)] == ["abstained"]


def test_a_conversation_is_shortened_by_its_owner_only(tmp_path):
    talks = Conversations(tmp_path / "c.db")
    identifier, _ = talks.append(None, answered(), "ann")
    second, *_ = [talks.append(identifier, refusal(), "ann").row for _ in range(3)]
    talks.append(identifier, refusal(), "bob", second)
    assert len(talks.turns(identifier, "ann")) == 4
    assert talks.append(identifier, refusal(), "ann", second).conversation == identifier
    states = [turn.answer.state for turn in talks.turns(identifier, "ann")]
    assert states == ["answered", "abstained"]
    assert talks.title(identifier, "bob") is None and talks.title(identifier, "ann") == "What rose?"
    talks.prefer("level", "sure", "ann")
    talks.prefer("level", "more", "ann")
    assert (talks.preference("level", "ann"), talks.preference("level")) == ("more", None)
