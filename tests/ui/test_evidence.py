"""What a card says of its quote."""

from __future__ import annotations

import pytest

from rag.types import AnswerReady, EvidenceFound, EvidenceJudged
from rag.ui.evidence import panel_html
from rag.ui.turns import Turn
from tests.answering.support import evidence
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


def test_what_is_judged_of_a_sentence_shows_until_the_answer_stands():
    turn = Turn(1, "What rose?")
    turn.take(EvidenceFound((evidence("Dues rose.", "S1"), evidence("Tides rose.", "S2"),
                             evidence("Bread rose.", "S3"))))  # fmt: skip
    turn.take(EvidenceJudged({"S1": 0.9, "S2": 0.1}))
    cards = panel_html(turn, (), "en").split("<article")[1:]
    assert ["seems to answer" in card for card in cards] == [True, False, False]
    assert ["does not answer" in card for card in cards] == [False, True, False]
    assert "似可回答" in panel_html(turn, (), "zh")
    turn.take(AnswerReady(answered(citation(1, "Dues rose.", "/l/a.txt", "Dues"))))
    assert "seems to answer" not in panel_html(turn, (), "en")
