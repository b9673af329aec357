from __future__ import annotations

import pytest

from rag.answering.checks import check
from rag.answering.offices import missing_office
from tests.answering.support import evidence


@pytest.mark.parametrize(
    ("question", "setting", "missing"),
    [
        ("Who is the mayor of Velden?", "Ada Brandt, a teacher from Velden, waved.", ["mayor"]),
        ("Who is the mayor of Velden?", "Mayor Ada Brandt waved.", []),
        ("Who was prime minister then?", "Premier Joram Vale resigned.", []),
        ("Who is the chief executive of Korvus?", "Ada Brandt has led Korvus since May.", []),
        ("Who is the chief executive of Korvus?", "Ada Brandt visited Korvus in May.",
         ["chief executive"]),
        ("Who is the author of the report?", "The report was written by Ada Brandt.", []),
        ("Who is the founder of Korvus?", "Korvus was founded by Ada Brandt in 1998.", []),
        ("Who visited the mayor's office?", "Ada Brandt came to see the mayor.", []),
        ("What did the mayor say?", "Nothing of the kind.", []),
        ("Who built the ship?", "Korvus built the ship.", []),
        ("Who is the head coach of Velden?", "Coach Ada Brandt trains the team.", []),
        ("Who is the owner of the inn?", "Ada Brandt, known downtown, dined at the inn.", ["owner"]),
        ("Who is the king?", "Joram Vale was speaking.", ["king"]),
        ("Who co-owns it? Who is the owner?", "Ada Brandt is its co-owner.", []),
        ("Who is the mayor of Velden?", "费尔登市长是张三。", []),
    ],
)  # fmt: skip
def test_the_office_asked_for_must_be_spoken_of(question, setting, missing):
    assert missing_office(question, setting) == missing


def test_a_person_who_only_lives_there_is_not_the_mayor():
    quote = evidence("Ada Brandt from Velden has sold bread since 1998.", "S1")
    told = "Ada Brandt is the mayor of Velden."
    assert check(told, [quote], "Who is the mayor of Velden?").names == "missing"
    assert check(told, [quote], "Who sells bread in Velden?").names == "ok"
