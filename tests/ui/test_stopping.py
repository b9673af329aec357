"""The page's process that is stopped, and a conversation left in the middle of an answer."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from rag.answering.asking import LONGEST_QUESTION
from rag.documents.readers import READERS
from rag.server.application import attach
from rag.types import AnswerReady, Filters
from rag.types.documents import is_date
from rag.ui import library
from rag.ui.listening import address, bound
from tests.server.running import started
from tests.ui.scripted import Scripted

QUESTION = "How many containers did the port of Velmark move?"
SECONDS = 100


class Gated(Scripted):
    """Answers only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def stream(self, question, history=(), filters=None, stop=None):
        for event in super().stream(question, history, filters, stop):
            if isinstance(event, AnswerReady):
                while not self.gate.wait(0.02):
                    if stop is not None and stop.is_set():
                        return
            yield event


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The page's application over an assistant that waits: (application, desk, assistant)."""
    pytest.importorskip("gradio")
    monkeypatch.setenv("RAG_HOME", str(tmp_path))
    from rag.ui import create_app

    assistant = Gated()
    app = create_app(assistant, extensions=[attach])
    return app, app.state.answers[0], assistant


@contextmanager
def running(app, grace: float):
    from rag.ui.serving import Server

    with bound("127.0.0.1", 0) as listener:
        server = Server(app, grace)
        with started(server, listener):
            yield server


def test_the_answer_at_hand_ends_before_the_page_does(made):
    app, desk, assistant = made
    assert len(app.state.answers) == 2, "that of the programs beside the page is waited for too"
    turn = desk.ask(desk.session("tab"), QUESTION, Filters())
    with running(app, 30.0) as server:
        server.should_exit = True
        time.sleep(2.5)  # longer than open connections are given
        assert turn.running and desk.stopping
        assistant.gate.set()
    assert turn.answer is not None and turn.answer.state == "answered"


def test_an_answer_that_takes_too_long_does_not_hold_up_the_end(made):
    app, desk, _ = made
    turn = desk.ask(desk.session("tab"), QUESTION, Filters())
    with running(app, 0.3):
        pass
    assert turn.done.wait(SECONDS) and turn.answer is None


def test_another_conversation_is_not_drawn_over_nor_added_to(made):
    """The answer comes in the moment in which the reader opens another conversation."""
    _, desk, assistant = made
    session = desk.session("tab")
    tab = chat_tab(desk)

    async def left_behind() -> list[tuple]:
        turn = desk.ask(session, QUESTION, Filters())
        states = tab._follow(session, turn)
        seen = [await anext(states)]
        while not turn.evidence:
            seen.append(await anext(states))
        assistant.gate.set()
        assert await asyncio.to_thread(turn.done.wait, SECONDS)
        desk.recall(session, None)
        return [*seen, *[state async for state in states]]

    # In a thread: the browser of other tests keeps an event loop in this one.
    with ThreadPoolExecutor(1) as apart:
        *_, last = apart.submit(asyncio.run, left_behind()).result(SECONDS)
    assert len(last) == 9
    box, talk, beside, examples, conversation, ask, stop, listing, chips = last
    for untouched in (box, talk, beside, examples, conversation, listing, chips):
        assert untouched == {"__type__": "update"}
    assert ask["visible"] and not stop["visible"]
    assert desk.conversations.listed() == [] and session.conversation is None


def chat_tab(desk):
    from rag.ui.chat import ChatTab

    tab = object.__new__(ChatTab)  # its events need no components
    tab._desk = desk
    return tab


def test_what_is_too_long_for_the_assistant_is_not_taken(made):
    _, desk, _ = made
    session, tab = desk.session("tab"), chat_tab(desk)
    assert tab._refused(session, "x" * LONGEST_QUESTION + "\n") is None
    assert str(LONGEST_QUESTION) in tab._refused(session, "x" * (LONGEST_QUESTION + 1))
    desk.stop(0.0)
    assert "stopped" in tab._refused(session, QUESTION)


def test_an_upload_takes_every_format_that_is_read():
    assert {f".{name}" for name in READERS} | {".mhtml", ".mbox"} <= set(library.FORMATS)


def test_a_date_is_one_of_the_calendar():
    assert all(map(is_date, ("2024", "2024-05", "2024-02-29")))
    assert not any(
        map(is_date, ("", "2023-02-29", "2024-13", "24-05-01", "2024-5", "２０２４", "May"))
    )


def test_an_address_can_be_typed_into_a_browser():
    assert (address("127.0.0.1", 80), address("::1", 80)) == (
        "http://127.0.0.1:80",
        "http://[::1]:80",
    )
