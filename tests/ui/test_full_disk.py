"""A disk that is full costs the saving, and the page is told; never the answer that is shown."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.ui.conversations import Conversations
from rag.ui.feedback import Feedback
from rag.ui.seam import Holder
from rag.ui.sessions import Desk, Session
from rag.ui.turns import Turn
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
    assert [answer for _, answer in kept] == [ANSWER]
    assert desk.keep(session, turn) and desk.rate(session, turn, "bad", "")
    assert len(desk.conversations.turns(str(session.conversation))) == 2
    assert [opinion.rating for opinion in desk.feedback.opinions()] == ["bad"]
