from __future__ import annotations

import pytest

from rag.answering.compose import NEAREST, abstained, answered
from rag.answering.repair import Supported
from rag.types import Checks, Provenance, Timings
from tests.answering.support import evidence

CLOSING = (Timings(0, None, None, 0), Provenance("i", "e", "g", "p", "v"), None, {"pointing": 0.5})
A = evidence("It has 250 seats.", "S1", start=0)
B = evidence("It opened in May.", "S2", start=50)
C = evidence("It has 200 seats.", "S3", start=90)


def stated(text, *items):
    return Supported(text, tuple(items), Checks(), False)


def test_citations_are_numbered_by_first_use_and_one_a_place():
    made = answered("How big?", [stated("One.", B), stated("Two.", A, B)], [], 0.123456, *CLOSING)
    assert made.text == "One. [1] Two. [2][1]"
    assert [c.quote for c in made.citations] == [B.quote, A.quote]
    assert [c.number for c in made.citations] == [1, 2]
    assert made.confidence == 0.1235
    assert made.conflicts == ()


def test_a_rival_is_a_conflict_with_a_statement_of_its_own():
    made = answered(
        "How many seats has it?", [stated("It has 250 seats.", A)], [(C, "200")], 0.9, *CLOSING
    )
    (conflict,) = made.conflicts
    assert conflict.citations == (1, 2)
    assert "200" in made.statements[-1].text
    assert made.statements[-1].checks.passed
    assert made.text.endswith("[2]")


@pytest.mark.parametrize(
    "reason", ["nothing_retrieved", "no_support", "checks_failed", "low_confidence"]
)
def test_refusals_speak_the_questions_language(reason):
    english = abstained("Who?", reason, [A, B, C, A], 0.1, *CLOSING)
    chinese = abstained("谁是部长？", reason, [], 0.1, *CLOSING)
    assert english.text.isascii()
    assert "文档" in chinese.text
    assert (english.state, english.reason) == ("abstained", reason)
    assert [c.number for c in english.nearest] == list(range(1, NEAREST + 1))
    assert english.citations == english.statements == ()
