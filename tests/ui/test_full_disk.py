"""A disk that is full costs the saving, and the page is told; never the answer that is shown."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag.home import home
from rag.ui.conversations import Conversations
from rag.ui.feedback import Feedback
from rag.ui.library import take_in
from rag.ui.seam import Holder
from rag.ui.sessions import Desk, Session
from rag.ui.strings import say
from rag.ui.turns import Turn
from tests.ui.scripted import Scripted
from tests.ui.test_references import ANSWER


@contextmanager
def full(*kept: Path) -> Iterator[None]:
    """No file can grow beyond the smallest of these."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    most = min((path.stat().st_size for path in kept if path.exists()), default=0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_what_cannot_be_saved_is_said_and_saved_when_there_is_room_again(tmp_path, caplog) -> None:
    talks, opinions = tmp_path / "conversations.db", tmp_path / "feedback.jsonl"
    desk = Desk(Holder(lambda: None), Conversations(talks), Feedback(opinions))
    session, turn = Session(), Turn(1, ANSWER.question, answer=ANSWER)
    assert desk.keep(session, turn) and desk.rate(session, turn, "good", "")
    with full(talks, opinions):
        assert not desk.keep(session, turn)
        assert not desk.rate(session, turn, "bad", "x" * 2000)
    assert turn.rating == "good" and "could not be saved" in caplog.text
    kept = desk.conversations.turns(str(session.conversation))
    assert [turn.answer for turn in kept] == [ANSWER]
    assert desk.keep(session, turn) and desk.rate(session, turn, "bad", "")
    assert len(desk.conversations.turns(str(session.conversation))) == 2
    assert [opinion.rating for opinion in desk.feedback.opinions()] == ["bad"]


def add(tmp_path: Path, *uploads: Path) -> str:
    """Upload as the page does; what it tells."""
    pytest.importorskip("gradio")
    from rag.ui.library_tab import LibraryTab

    tab = object.__new__(LibraryTab)  # its events need no components
    tab._desk = Desk(
        Holder(Scripted()), Conversations(tmp_path / "c.db"), Feedback(tmp_path / "f.jsonl")
    )
    *_, (_, told, _, _) = tab._add(
        [str(path) for path in uploads],
        "",
        SimpleNamespace(session_hash="tab"),
        lambda *_, **__: None,
    )
    return told


def test_a_folder_that_cannot_be_made_is_said(tmp_path) -> None:
    home().state.mkdir(parents=True)
    (home().state / "uploads").write_bytes(b"")
    upload = tmp_path / "beacon.txt"
    upload.write_text("Beacon report\n\nThe lighthouse burns oil.\n")
    assert say("en", "not_added", why="File exists") in add(tmp_path, upload)


def test_a_file_that_does_not_fit_costs_only_itself_and_leaves_no_part(
    tmp_path, monkeypatch
) -> None:
    """Copied, as from another disk, with no room for more than 100 bytes."""

    def other_disk(source: object, target: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    cache = tmp_path / "cache"
    cache.mkdir()
    large, small, limit = cache / "large.txt", cache / "small.txt", tmp_path / "limit"
    large.write_text("Large\n\n" + "The lighthouse burns oil. " * 20)
    small.write_text("Small\n\nThe lighthouse burns oil.\n")
    limit.write_bytes(b"x" * 100)
    monkeypatch.setattr("os.rename", other_disk)
    with full(limit):
        moved, refused = take_in([large, small], tmp_path / "uploads", "en")
    assert [path.name for path in moved] == ["small.txt"]
    assert refused == [("large.txt", say("en", "not_taken", why="File too large"))]
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["small.txt"]
