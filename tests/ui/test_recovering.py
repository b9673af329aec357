"""Models that could not be loaded at the start: the page says so, and recovers without a restart."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag.errors import ModelError
from rag.types import Filters
from rag.ui import seam
from rag.ui.conversations import Conversations
from rag.ui.feedback import Feedback
from rag.ui.seam import Holder
from rag.ui.sessions import Desk
from rag.ui.talk import welcome_html
from tests.ui.conftest import PATIENCE, Server, settle
from tests.ui.scripted import Scripted

SECONDS = 60
DOWN = "The model server does not answer. Start it."
QUESTION = "What do the cranes lift?"


class Loading:
    """A factory that fails until it is `up`; counts its tries, and those at the same time."""

    def __init__(self) -> None:
        self.up = False
        self.tries = self.at_once = self.inside = 0
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self) -> Scripted:
        self.tries += 1
        self.inside += 1
        self.at_once = max(self.at_once, self.inside)
        self.go_on.wait(SECONDS)
        self.inside -= 1
        if not self.up:
            raise ModelError(DOWN)
        return Scripted()


@pytest.fixture
def no_pause(monkeypatch) -> None:
    for name in ("_ASKED_SECONDS", "_QUIET_SECONDS"):
        monkeypatch.setattr(seam, name, 0.0)


def until(true) -> None:
    latest = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < latest
        time.sleep(0.01)


@pytest.fixture
def failed() -> tuple[Holder, Loading]:
    loading = Loading()
    holder = Holder(loading)
    until(lambda: holder.ready)
    assert holder.problem == DOWN
    return holder, loading


def test_the_next_question_tries_again_and_is_answered(failed, no_pause, tmp_path: Path) -> None:
    holder, loading = failed
    desk = Desk(holder, Conversations(tmp_path / "c.db"), Feedback(tmp_path / "f.jsonl"))

    def asked():
        turn = desk.ask(desk.session("tab"), QUESTION, Filters())
        assert turn.done.wait(SECONDS)
        return turn

    assert asked().problem == DOWN and loading.tries == 2
    loading.up = True
    turn = asked()
    assert turn.answer is not None and "65 tons" in turn.answer.text
    assert turn.steps[0].name == "loading"
    assert holder.problem is None and len(desk.documents()) == 3
    assert asked().answer is not None and loading.tries == 3, "what is loaded is kept"


def test_drawing_the_page_tries_nothing(failed, no_pause, tmp_path: Path) -> None:
    holder, loading = failed
    desk = Desk(holder, Conversations(tmp_path / "c.db"), Feedback(tmp_path / "f.jsonl"))
    for _ in range(20):
        assert desk.documents() == () and DOWN in welcome_html(desk, "en")
        desk.catch_up()
    assert loading.tries == 1


def test_who_asks_right_after_a_failure_is_told_and_starts_nothing(failed) -> None:
    holder, loading = failed
    for _ in range(5):
        with pytest.raises(ModelError, match="does not answer"):
            holder.get()
        holder.try_again()
    assert loading.tries == 1


def test_many_who_ask_at_once_share_one_try(failed, no_pause) -> None:
    holder, loading = failed
    loading.go_on.clear()
    loading.up = True
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(holder.get) for _ in range(8)]
        until(lambda: loading.tries == 2)
        holder.try_again()
        assert holder.problem == DOWN, "what is wrong stays said while it is tried again"
        loading.go_on.set()
        got = {id(each.result(SECONDS)) for each in asked}
    assert len(got) == 1 and (loading.tries, loading.at_once) == (2, 1)


def test_quiet_tries_come_ever_more_seldom(failed, monkeypatch) -> None:
    holder, loading = failed
    now = time.monotonic()
    clock = SimpleNamespace(monotonic=lambda: now)
    monkeypatch.setattr(seam, "time", clock)
    holder._failed_at, waits = now, []
    for _ in range(6):
        loading.go_on.clear()
        began = now
        while not holder._trying:
            now += 1.0
            holder.try_again()
        waits.append(now - began)
        loading.go_on.set()
        until(lambda: not holder._trying)
    assert waits == [5, 10, 20, 40, 60, 60]


def test_an_open_page_draws_what_has_come_of_it(failed, no_pause, tmp_path, monkeypatch) -> None:
    """The events behind the page, without a browser."""
    pytest.importorskip("gradio")
    monkeypatch.setenv("RAG_HOME", str(tmp_path))
    from rag.ui.originals import Originals
    from rag.ui.page import Page

    holder, loading = failed
    desk = Desk(holder, Conversations(tmp_path / "c.db"), Feedback(tmp_path / "f.jsonl"))
    page, session = Page(desk, Originals(desk), None), desk.session("tab")
    request = SimpleNamespace(session_hash="tab")
    watch, header, *_ = page._everything(session)
    assert watch["active"] and DOWN in header
    assert all(each == {"__type__": "update"} for each in page._look_again(request))
    until(lambda: not holder._trying)
    loading.up = True
    holder.get()
    watch, header, *_, chat, _, examples, _ = page._look_again(request)
    assert not watch["active"] and "3 documents" in header
    assert chat == [] and "Velmark port grows again" in examples


@pytest.mark.browser
@pytest.mark.slow
def test_a_page_that_was_open_all_along_recovers_by_itself(chromium, tmp_path) -> None:
    running = Server(tmp_path, "down", held=True)
    try:
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(running.url)
        settle(page, DOWN)
        page.locator("#chat", has_text=DOWN).wait_for()
        page.locator("#question textarea").fill(QUESTION)
        running.let_load()
        page.locator(".sb-status", has_text="3 documents").wait_for()
        page.locator("#examples button").first.wait_for()
        box = page.locator("#question textarea")
        assert box.input_value() == QUESTION, "what was typed meanwhile stays"
        box.press("Enter")
        page.locator("#turn-1 .sb-text", has_text="65 tons").wait_for()
        page.close()
    finally:
        running.close()
    assert "Traceback" not in running.told()
