"""What a card says of its quote."""

from __future__ import annotations

import pytest

from rag.ui.evidence import panel_html
from rag.ui.turns import Turn
from tests.ui.test_references import answered, citation


@pytest.mark.parametrize(
    ("given", "language", "shown"),
    [
        ("(Xinhua, April 29)", "en", "as given by Xinhua, April 29"),
        ("According to the board", "en", "According to the board"),
        ("据厂方透露", "zh", "据厂方透露"),
        ("（港口日报）", "zh", "据 港口日报"),
        ("<b>board</b>", "en", "as given by &lt;b&gt;board&lt;/b&gt;"),
    ],
)
def test_who_said_it_is_told_once(given, language, shown):
    turn = Turn(1, "What rose?")
    turn.answer = answered(citation(1, "Dues rose.", "/l/a.txt", "Dues", attribution=given))
    turn.done.set()
    assert f"<em>{shown}</em>" in panel_html(turn, (), language)
