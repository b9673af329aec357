"""Where a sentence of a document speaks for itself in place of what was written about it."""

from __future__ import annotations

from tests.answering.harbour import QUESTION, RIGHT
from tests.answering.support import ScriptedGenerator


def test_where_writing_fails_a_likely_sentence_speaks_for_itself(opened):
    generator = ScriptedGenerator(
        "The port of Velmark moved 7.7 million containers. [S1]", support=0.9
    )
    answer = opened(generator).ask(QUESTION)
    assert answer.state == "answered"
    (citation,) = answer.citations
    assert answer.statements[0].text == citation.quote
    assert "7.7" not in answer.text
    assert len(generator.asked) == 1, "no second try is needed"


def test_where_writing_fails_an_unlikely_sentence_does_not(opened):
    generator = ScriptedGenerator(
        "The port of Velmark moved 7.7 million containers. [S1]", support=0.3
    )
    answer = opened(generator).ask(QUESTION)
    assert (answer.state, answer.reason) == ("abstained", "checks_failed")
    assert len(generator.asked) == 2


def test_what_is_sure_is_quoted_where_a_statement_stands_only_by_repair(opened):
    """The model pointed at a sentence that does not say it: what it wrote may be about another."""
    wrong = label(opened(ScriptedGenerator(RIGHT)), "3.9 million")
    drafts = f"The port moved 4.2 million containers, more than before. [{wrong}]"
    sure, unsure = (opened(ScriptedGenerator(drafts, support=p)).ask(QUESTION) for p in (0.9, 0.7))
    assert unsure.statements[0].text.startswith("The port moved 4.2 million containers, more")
    assert sure.statements[0].text == sure.citations[0].quote
    assert sure.signals["repaired"] == 0.0 and unsure.signals["repaired"] == 1.0


def test_a_likely_figure_is_quoted_where_a_statement_gives_none(opened):
    board = label(opened(ScriptedGenerator("")), "Osterlund")
    draft = f"The board declined to renew its contract. [{board}]"
    likely, unlikely = (
        opened(ScriptedGenerator(draft, support=p)).ask(QUESTION) for p in (0.5, 0.3)
    )
    assert "4.2 million" in likely.statements[0].text
    assert likely.statements[0].text == likely.citations[0].quote
    assert unlikely.statements[0].text == "The board declined to renew its contract."


def test_beside_a_comparison_only_what_is_sure_is_quoted_too(opened):
    asked = "Were the containers of 2023 more than those of a year earlier?"
    draft = "Yes, the port moved 4.2 million containers in 2023. [S1]"
    sure, likely = (opened(ScriptedGenerator(draft, support=p)).ask(asked) for p in (0.9, 0.6))
    assert len(likely.statements) == 1
    assert len(sure.statements) > 1


def test_a_question_of_two_parts_is_written_part_by_part(opened):
    asked = "How many containers did Velmark move, and how many engineers were asked about cables?"
    first = label(opened(ScriptedGenerator("")), "4.2 million", asked)
    second = label(opened(ScriptedGenerator("")), "250 engineers", asked)
    generator = ScriptedGenerator(
        f"Velmark moved 4.2 million containers. [{first}] It has a board. [{second}]",
        f"The institute asked 250 engineers. [{second}]",
    )
    answer = opened(generator).ask(asked)
    assert [each.text for each in answer.statements] == [
        "Velmark moved 4.2 million containers.",
        "The institute asked 250 engineers.",
    ]
    moved, engineers = (prompt.splitlines()[-1] for prompt in generator.asked)
    assert moved == "Question: How many containers did Velmark move?"
    assert engineers == "Question: How many engineers were asked about cables?"


def label(assistant, words: str, question: str = QUESTION) -> str:
    return next(e.label for e in assistant.retrieve(question).evidence if words in e.quote)
