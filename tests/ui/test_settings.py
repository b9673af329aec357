"""The Settings tab where what is set cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.cli.serving import PageAssistant
from rag.indexing.maintenance import write_setting
from rag.ui.conversations import Conversations
from rag.ui.feedback import Feedback
from rag.ui.seam import Holder
from rag.ui.sessions import Desk
from tests.indexing.support import ForgetfulEmbedder
from tests.server.support import RepeatingGenerator, write_papers


def test_a_setting_that_cannot_be_read_is_told_and_leaves_the_page(tmp_path: Path) -> None:
    """All of the page is drawn by one event: what this raises would blank it."""
    pytest.importorskip("gradio")
    from rag.ui.settings_tab import SettingsTab

    index = write_papers(tmp_path / "papers")
    write_setting(index, "confidence", "{}")
    parts = {"embedder": ForgetfulEmbedder(), "generator": RepeatingGenerator()}
    with PageAssistant(index, **parts) as assistant:
        talks, opinions = Conversations(tmp_path / "c.db"), Feedback(tmp_path / "f.jsonl")
        tab = object.__new__(SettingsTab)  # what it shows needs no components
        tab._desk = Desk(Holder(assistant), talks, opinions)
        level, facts = tab.shown("en", "usual")
    assert level["visible"] is False
    assert "The stored refusal model cannot be read" in facts and "rag eval calibrate" in facts
