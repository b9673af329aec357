"""What stands in the conversation at each moment of a turn."""

from __future__ import annotations

from rag.ui.rendering import answer_html
from rag.ui.turns import Turn


def test_a_turn_is_drawn_before_its_first_stage_is_known():
    turn = Turn(1, "How high is the tower?")
    assert "sb-steps" in answer_html(turn, "en") and "sb-now" not in answer_html(turn, "en")


def test_of_the_stages_passed_the_last_one_is_the_current_one():
    turn = Turn(1, "How high is the tower?")
    turn.enter("retrieve")
    turn.enter("reading", "3")
    passed, current = answer_html(turn, "en").split('<span class="sb-step sb-now">')
    assert passed.count('<span class="sb-step">') == 1 and current.count("<span") == 0


def test_no_stage_is_current_once_the_turn_has_ended():
    turn = Turn(1, "How high is the tower?")
    turn.enter("retrieve")
    turn.stop.set()
    assert "sb-now" not in answer_html(turn, "en")
