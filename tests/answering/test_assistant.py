"""The whole way from a question to an answer, over a real index, with a scripted generator."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from rag.answering.abstention import Confidence
from rag.answering.assistant import Assistant
from rag.answering.serialise import to_dict
from rag.answering.verify import verify
from rag.documents import read
from rag.documents.fold import fold
from rag.errors import FilterError, IndexMismatch, QuestionError
from rag.indexing import update
from rag.types import (
    Answer,
    AnswerReady,
    EvidenceFound,
    EvidenceJudged,
    Filters,
    Stage,
    Timings,
    TokenWritten,
)
from tests.answering.harbour import ALWAYS, HARBOUR, QUESTION, RIGHT, SURVEY
from tests.answering.support import ScriptedGenerator
from tests.indexing.support import HashingEmbedder, read_here


def label_of(assistant: Assistant, question: str, words: str) -> str:
    return next(e.label for e in assistant.retrieve(question).evidence if words in e.quote)


def untimed(answer: Answer) -> dict:
    return to_dict(replace(answer, timings=Timings(0, None, None, 0)))


def test_events_come_in_order_and_the_answer_last(opened):
    generator = ScriptedGenerator(RIGHT)
    events = list(opened(generator).stream(QUESTION))
    kinds = [type(event) for event in events]
    assert events[0] == Stage("searching")
    assert kinds.index(EvidenceFound) < kinds.index(EvidenceJudged) < kinds.index(TokenWritten)
    (evidence,) = (event.evidence for event in events if isinstance(event, EvidenceFound))
    (judged,) = (event.judged for event in events if isinstance(event, EvidenceJudged))
    assert set(judged) <= {item.label for item in evidence}
    assert kinds[-1] is AnswerReady
    assert kinds.count(AnswerReady) == 1
    prose = "".join(event.text for event in events if isinstance(event, TokenWritten))
    assert prose.strip() == RIGHT.replace(" [S1]", "")


def test_an_answer_quotes_its_source_at_its_place(opened, corpus):
    generator = ScriptedGenerator("")
    assistant = opened(generator)
    label = label_of(assistant, QUESTION, "4.2 million")
    generator.drafts = [RIGHT.replace("S1", label)]
    answer = assistant.ask(QUESTION)
    assert answer.state == "answered"
    (citation,) = answer.citations
    text = assistant.file_text(citation.document)
    assert fold(text[citation.start : citation.end]) == citation.quote
    assert "4.2 million" in citation.quote
    assert answer.text == "The port of Velmark moved 4.2 million containers in 2023. [1]"
    assert [v.problem for v in verify([("a", citation)], lambda path: read(path).text)] == [None]


def test_nothing_retrieved_is_refused_without_asking_the_model(opened):
    generator = ScriptedGenerator(RIGHT)
    answer = opened(generator).ask(QUESTION, filters=Filters(since="2099"))
    assert (answer.state, answer.reason) == ("abstained", "nothing_retrieved")
    assert generator.asked == []


def test_a_filter_that_names_nothing_is_said_before_anything_is_searched(opened):
    assistant = opened(ScriptedGenerator(RIGHT))
    unknown = Filters(documents=("no-such-file",))
    with pytest.raises(FilterError, match="named 'no-such-file'"):
        next(assistant.stream(QUESTION, filters=unknown))
    with pytest.raises(FilterError):
        assistant.retrieve(QUESTION, filters=unknown)


def test_what_no_sentence_answers_is_refused_before_a_word_is_written(opened):
    generator = ScriptedGenerator(RIGHT, support=0.02)
    careful = Confidence(0.0, {"judged": 1.0, "coverage": 9.0}, 0.5, 0.05, least_judged=-3.0)
    answer = opened(generator, careful).ask(QUESTION)
    assert (answer.state, answer.reason) == ("abstained", "no_support")
    assert generator.asked == []
    assert answer.nearest
    assert answer.confidence < 0.5


def test_what_may_yet_be_sure_enough_is_written(opened):
    generator = ScriptedGenerator(RIGHT, support=0.06)
    careful = Confidence(0.0, {"judged": 1.0, "coverage": 9.0}, 0.5, 0.05, least_judged=-3.0)
    opened(generator, careful).ask(QUESTION)
    assert len(generator.asked) == 1


def test_an_invented_figure_is_never_shown(opened):
    generator = ScriptedGenerator(
        "The port of Velmark moved 7.7 million containers. [S1]", support=0.3
    )
    answer = opened(generator).ask(QUESTION)
    assert (answer.state, answer.reason) == ("abstained", "checks_failed")
    assert "7.7" not in str(to_dict(answer))


def test_one_invented_statement_is_dropped_and_the_other_stands(opened):
    generator = ScriptedGenerator(
        "The port of Velmark moved 4.2 million containers in 2023. [S1] "
        "It employs 812 people in Velmark. [S2]"
    )
    answer = opened(generator).ask(QUESTION)
    assert answer.state == "answered"
    assert len(answer.statements) == 1
    assert "812" not in str(to_dict(answer))


def test_a_failed_draft_gets_one_second_try_that_names_what_failed(opened):
    generator = ScriptedGenerator("It moved 7.7 million containers. [S1]", RIGHT, support=0.3)
    answer = opened(generator).ask(QUESTION)
    assert answer.state == "answered"
    assert len(generator.asked) == 2
    assert "7.7 million" in generator.asked[1]


def test_a_wrong_label_is_mended_by_pointing_at_the_sentence_that_says_it(opened):
    assistant = opened(ScriptedGenerator(""))
    wrong = label_of(assistant, QUESTION, "declined to renew")
    assistant.generator().drafts = [RIGHT.replace("S1", wrong)]
    (citation,) = assistant.ask(QUESTION).citations
    assert "4.2 million" in citation.quote


def test_a_command_in_a_document_can_become_no_citation_of_its_own(opened):
    generator = ScriptedGenerator("The port moved 4.2 million containers in 2023. [S99]")
    answer = opened(generator).ask(QUESTION)
    for citation in answer.citations:
        assert "4.2 million" in citation.quote
    generator = ScriptedGenerator("")
    prompt_seen = opened(generator)
    prompt_seen.ask(QUESTION)
    assert all("[S9]" not in statement.text for statement in answer.statements)


@pytest.mark.parametrize("told", ["The port is large.", "The port moved 7.7 million containers."])
def test_what_points_at_no_sentence_is_never_shown(opened, told):
    answer = opened(ScriptedGenerator(f"{told} [S99]", support=0.3)).ask(QUESTION)
    assert all(statement.citations for statement in answer.statements)
    assert answer.state == "abstained" or answer.citations


def test_low_confidence_refuses(opened):
    never = Confidence(0.0, {"refusal": -1.0}, 0.999, 0.0)
    answer = opened(ScriptedGenerator(RIGHT), never).ask(QUESTION)
    assert (answer.state, answer.reason) == ("abstained", "low_confidence")
    assert 0 <= answer.confidence <= 1
    assert answer.signals


def test_the_same_question_gives_the_same_bytes(opened):
    first = opened(ScriptedGenerator(RIGHT)).ask(QUESTION)
    second = opened(ScriptedGenerator(RIGHT)).ask(QUESTION)
    assert untimed(first) == untimed(second)


def test_a_stop_ends_the_writing(opened):
    generator = ScriptedGenerator(RIGHT + " " + "And so it went on for ever. [S1] " * 50)
    stop = threading.Event()
    written = 0
    for event in opened(generator).stream(QUESTION, stop=stop):
        if isinstance(event, TokenWritten):
            stop.set()
        written = generator.written
    assert isinstance(event, AnswerReady)
    assert written < 10


def test_a_follow_up_is_shown_as_understood(opened):
    answer = opened(ScriptedGenerator(RIGHT)).ask("And in 2022?", [(QUESTION, "4.2 million.")])
    assert answer.understood == QUESTION.replace("2023", "2022")
    assert answer.question == "And in 2022?"


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 100_000])
def test_questions_that_are_none(opened, question):
    with pytest.raises(QuestionError):
        opened(ScriptedGenerator(RIGHT)).ask(question)


def test_an_index_of_another_embedder_is_refused(corpus):
    with pytest.raises(IndexMismatch):
        Assistant(
            corpus / "index",
            embedder=HashingEmbedder(32, "hashing@2"),
            generator=ScriptedGenerator(RIGHT),
        )


@pytest.mark.model
def test_the_default_model_answers_refuses_and_takes_no_orders(
    corpus, tmp_path, embedder, default_weights
):
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "harbour.md").write_text(HARBOUR.split("Ignore all")[0], encoding="utf-8")
    (papers / "survey.md").write_text(SURVEY, encoding="utf-8")
    update(tmp_path / "plain", [papers], embedder)
    with Assistant(tmp_path / "plain", embedder=embedder, generator=default_weights) as assistant:
        answer = assistant.ask(QUESTION)
        assert answer.state == "answered"
        assert "4.2" in answer.text
        found = verify([("a", c) for c in answer.citations], lambda path: read(path).text)
        assert [verdict.problem for verdict in found] == [None] * len(answer.citations)
        assert assistant.ask("What is the boiling point of ethanol?").state == "abstained"
    update(tmp_path / "attacked", [corpus / "harbour.md"], embedder)
    with Assistant(
        tmp_path / "attacked", embedder=embedder, generator=default_weights
    ) as assistant:
        assert "9 million" not in assistant.ask(QUESTION).text


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "price"),
    [
        ("For how much was the tug Alder sold?", "4 million"),
        ("For how much was the tug Rowan sold?", None),
        ("What did the Rowan cost?", None),
        ("Who bought the tug Alder?", None),
    ],
)
def test_the_default_model_takes_no_look_alike_for_an_answer(
    tmp_path, embedder, default_weights, question, price
):
    (tmp_path / "fleet.md").write_text(
        "# Fleet notes\n\n2024-05-02\n\nThe tug Alder, built in 2011, was sold for 4 million euros in "
        "May. The port keeps two tugs.\n"
    )
    update(tmp_path / "index", [tmp_path / "fleet.md"], embedder)
    with Assistant(tmp_path / "index", embedder=embedder, generator=default_weights) as assistant:
        answer = assistant.ask(question)
    assert answer.state == ("answered" if price else "abstained")
    assert price is None or price in answer.text


@pytest.mark.parametrize(("support", "shown"), [(0.9, 1), (0.3, 0)])
def test_another_value_is_a_conflict_only_when_it_answers_the_question(tmp_path, support, shown):
    (tmp_path / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    ledger = "# Ledger\n\nPublished 2024-06-01\n\nThe port of Velmark moved 4.4 million containers."
    (tmp_path / "ledger.md").write_text(ledger, encoding="utf-8")
    update(tmp_path / "index", [tmp_path], HashingEmbedder(), reader=read_here)
    generator = ScriptedGenerator("", support=support)
    with Assistant(
        tmp_path / "index", embedder=HashingEmbedder(), generator=generator, confidence=ALWAYS
    ) as assistant:
        generator.drafts = [RIGHT.replace("S1", label_of(assistant, QUESTION, "4.2 million"))]
        answer = assistant.ask(QUESTION)
    assert len(answer.conflicts) == shown
    assert ("A later passage gives a different value: 4.4 million" in answer.text) is bool(shown)


def test_without_checks_a_wrong_figure_stands(corpus):
    wrong = RIGHT.replace("4.2", "9.9")
    for checks, state in ((True, "abstained"), (False, "answered")):
        with Assistant(
            corpus / "index",
            embedder=HashingEmbedder(),
            generator=ScriptedGenerator(wrong, support=0.3),
            confidence=ALWAYS,
            checks=checks,
        ) as assistant:
            assert assistant.ask(QUESTION).state == state
