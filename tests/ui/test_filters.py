"""What the page says of filters that name nothing: a document may be gone since it was chosen."""

from __future__ import annotations

from pathlib import Path

from rag.types import Filters
from rag.ui.conversations import Conversations
from rag.ui.feedback import Feedback
from rag.ui.rendering import answer_html
from rag.ui.seam import Holder
from rag.ui.sessions import Desk
from tests.server.support import QUESTION, open_assistant, write_papers


def test_a_filter_that_names_nothing_is_said_on_the_page(tmp_path: Path) -> None:
    talks = Conversations(tmp_path / "c.db")
    with open_assistant(write_papers(tmp_path / "papers")) as assistant:
        desk = Desk(Holder(assistant), talks, Feedback(tmp_path / "f.jsonl"))
        turn = desk.ask(desk.session("tab"), QUESTION, Filters(documents=("harbor.md",)))
        assert turn.done.wait(60) and turn.answer is None
        told = "No document in the index is named 'harbor.md'. Nearest: 'harbour.md'."
        assert turn.problem is not None and turn.problem.startswith(told)
        assert "harbor.md" in answer_html(turn, "en")
