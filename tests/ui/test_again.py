"""A question asked again: what it replaces is kept until the new answer stands."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag.types import AnswerReady, Filters
from rag.ui.conversations import Conversations
from rag.ui.feedback import Feedback
from rag.ui.seam import Holder
from rag.ui.sessions import Desk, Session
from rag.ui.turns import Turn
from tests.ui.scripted import Scripted
from tests.ui.test_full_disk import full
from tests.ui.test_stopping import chat_tab

QUESTIONS = ("What do the cranes lift?", "How many containers moved?", "And the breakwater?")
SECONDS = 100


class Listening(Scripted):
    """Remembers the questions that it is given as history, and answers only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[str] = []
        self.held = False

    def stream(self, question, history=(), filters=None, stop=None):
        self.history = [asked for asked, _ in history]
        for event in super().stream(question, history, filters, stop):
            while self.held and isinstance(event, AnswerReady):
                if stop.wait(0.02):
                    return
            yield event


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Desk, Session, Listening]:
    """Three questions answered and saved."""
    assistant = Listening()
    desk = Desk(Holder(assistant), Conversations(tmp_path / "c.db"), Feedback(tmp_path / "f.jsonl"))
    session = desk.session("tab")
    for question in QUESTIONS:
        answer(desk, session, question)
    return desk, session, assistant


def answer(desk: Desk, session: Session, question: str, stop: bool = False) -> Turn:
    """Ask as the page does."""
    pytest.importorskip("gradio")
    tab = chat_tab(desk)

    async def followed() -> Turn:
        turn = desk.ask(session, question, Filters())
        async for _ in tab._follow(session, turn):
            if stop and turn.evidence:
                turn.stop.set()
        return turn

    # In a thread: the browser of other tests keeps an event loop in this one.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, followed()).result(SECONDS)


def again(desk: Desk, turn: Turn) -> str:
    return chat_tab(desk)._again(
        SimpleNamespace(turn=turn.number), SimpleNamespace(session_hash="tab")
    )


def shown(session: Session) -> list[tuple[int, str]]:
    return [(turn.number, turn.question) for turn in session.turns]


def saved(desk: Desk, session: Session) -> list[str]:
    return [turn.question for turn in desk.conversations.turns(str(session.conversation))]


def test_an_answer_takes_the_place_of_what_was_asked_again_and_after(asked) -> None:
    desk, session, assistant = asked
    assert again(desk, session.turns[1]) == QUESTIONS[1]
    answer(desk, session, "How many containers did the port move?")
    assert assistant.history == [QUESTIONS[0]], "the model is told only what stands before"
    now = [QUESTIONS[0], "How many containers did the port move?"]
    assert shown(session) == list(enumerate(now, 1)) and saved(desk, session) == now
    answer(desk, session, QUESTIONS[2])
    assert saved(desk, session) == [*now, QUESTIONS[2]] and len(session.turns) == 3


@pytest.mark.parametrize("how", ["fails", "is stopped"])
def test_an_answer_that_is_not_had_costs_no_other(asked, how) -> None:
    desk, session, assistant = asked
    again(desk, session.turns[0])
    assistant.held = how == "is stopped"
    question = "fail" if how == "fails" else QUESTIONS[0]
    turn = answer(desk, session, question, stop=how == "is stopped")
    assert turn.answer is None and (turn.problem is not None or turn.stopped)
    assert shown(session) == [*enumerate(QUESTIONS, 1), (4, question)]
    assert saved(desk, session) == list(QUESTIONS)
    assistant.held = False
    again(desk, turn)  # goes on from there: still in the place of the first
    answer(desk, session, "What do cranes lift?")
    assert shown(session) == [(1, "What do cranes lift?")]
    assert saved(desk, session) == ["What do cranes lift?"] and assistant.history == []


def test_a_failed_one_that_others_came_after_is_asked_again_in_its_own_place(asked) -> None:
    desk, session, _ = asked
    again(desk, session.turns[0])
    failed = answer(desk, session, "fail")
    answer(desk, session, "What does the board expect?")
    again(desk, failed)
    answer(desk, session, QUESTIONS[0])
    assert [number for number, _ in shown(session)] == [1, 2, 3, 4]
    assert saved(desk, session) == [*QUESTIONS, QUESTIONS[0]]


def test_a_disk_that_is_full_keeps_what_was_saved(asked, tmp_path, monkeypatch) -> None:
    desk, session, _ = asked
    warned: list[str] = []
    monkeypatch.setattr("rag.ui.chat.gr.Warning", warned.append)
    again(desk, session.turns[0])
    (tmp_path / "small").write_bytes(b"x" * 100)
    with full(tmp_path / "small"):
        answer(desk, session, QUESTIONS[0])
    assert len(session.turns) == 1 and len(warned) == 1
    assert saved(desk, session) == list(QUESTIONS)


def test_a_saved_answer_that_cannot_be_read_is_not_counted_for_another(asked, tmp_path) -> None:
    """Asked again, the last one gives way, not the one before it."""
    desk, session, _ = asked
    with closing(sqlite3.connect(tmp_path / "c.db")) as connection, connection:
        connection.execute("UPDATE turns SET answer = '{}' WHERE question = ?", QUESTIONS[:1])
    desk.recall(session, session.conversation)
    assert shown(session) == list(enumerate(QUESTIONS[1:], 1))
    again(desk, session.turns[1])
    answer(desk, session, "What of the breakwater?")
    assert saved(desk, session) == [QUESTIONS[1], "What of the breakwater?"]
    assert rows(tmp_path) == [*QUESTIONS[:2], "What of the breakwater?"]


def test_an_answer_that_could_not_be_saved_is_not_counted_for_another(
    asked, tmp_path, monkeypatch
) -> None:
    desk, session, _ = asked
    monkeypatch.setattr("rag.ui.chat.gr.Warning", lambda _: None)
    (tmp_path / "small").write_bytes(b"x" * 100)
    with full(tmp_path / "small"):
        answer(desk, session, "What does the board expect?")
    answer(desk, session, "What was warned of?")
    again(desk, session.turns[4])
    answer(desk, session, "Who warned?")
    assert [turn.number for turn in session.turns] == [1, 2, 3, 4, 5]
    assert saved(desk, session) == [*QUESTIONS, "Who warned?"]


def test_what_could_not_be_replaced_is_when_there_is_room_again(
    asked, tmp_path, monkeypatch
) -> None:
    desk, session, _ = asked
    monkeypatch.setattr("rag.ui.chat.gr.Warning", lambda _: None)
    (tmp_path / "small").write_bytes(b"x" * 100)
    again(desk, session.turns[1])
    with full(tmp_path / "small"):
        answer(desk, session, QUESTIONS[1])
    assert saved(desk, session) == list(QUESTIONS)
    again(desk, session.turns[1])
    answer(desk, session, "How many containers did it move?")
    assert saved(desk, session) == [QUESTIONS[0], "How many containers did it move?"]


def test_a_conversation_that_was_deleted_meanwhile_begins_anew(asked) -> None:
    """Rows of the deleted one may be given again: they must not be taken for turns before them."""
    desk, session, _ = asked
    desk.conversations.delete(str(session.conversation))
    answer(desk, session, "What does the board expect?")
    answer(desk, session, "What was warned of?")
    again(desk, session.turns[3])
    answer(desk, session, "What is expected?")
    assert saved(desk, session) == ["What is expected?"]


def rows(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "c.db")) as connection:
        return [row[0] for row in connection.execute("SELECT question FROM turns ORDER BY id")]
