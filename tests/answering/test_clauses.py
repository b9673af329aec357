"""Whose value it is, where one sentence sets two parties against each other."""

from __future__ import annotations

import pytest

from rag.answering.checks import check
from rag.answering.clauses import exchanged_values
from tests.answering.support import evidence

ROW = "Launch Site: Wenchang; Main Customer: Tianchi; Lift-Off Date: November 2025."
PAIR = "Corvo-4 was lost in 2024, while Corvo-7, launched in 2020, still works."
COSTS = "Rowan Yard asks 40 million euros; Alder Yard wants 31 million euros."


@pytest.mark.parametrize(
    ("statement", "quote", "astray"),
    [
        ("Corvo-7 was lost in 2024.", PAIR, ["Corvo-7"]),
        ("Corvo-4 was lost in 2024.", PAIR, []),
        ("Corvo-7 was launched in 2020.", PAIR, []),
        ("Corvo-4 was lost in 2024 and Corvo-7 works.", PAIR, []),
        ("It was lost in 2024.", PAIR, []),
        ("Alder Yard asks 40 million euros.", COSTS, ["Alder"]),
        ("Rowan Yard asks 40 million euros.", COSTS, []),
        # The cells of a row belong to one party, and "launch" is not the name of one of them.
        ("They launch in November 2025.", ROW, []),
        ("The Launch is set for November 2025.", ROW, []),
        ("They launch in 2025.", "Launch Orm fell in 2024; Launch-2 Orm grew in 2025.", []),
        # The figure is in neither clause: that is for the check of figures to say.
        ("Alder Yard asks 50 million euros.", COSTS, []),
        # One party in both clauses, or a clause that begins with none: nothing is told apart.
        ("Corvo-4 flew in 2021.", "Corvo-4 flew in 2020, but Corvo-4 failed in 2021.", []),
        ("Corvo-4 failed in 2021.", "Corvo-4 flew in 2020, but the engine failed in 2021.", []),
    ],
)
def test_a_value_of_the_other_clause_is_not_the_partys_own(statement, quote, astray):
    assert exchanged_values(statement, quote) == astray


def test_such_a_statement_fails_by_its_name():
    assert check("Corvo-7 was lost in 2024.", [evidence(PAIR)]).names == "missing"
    assert check("Corvo-4 was lost in 2024.", [evidence(PAIR)]).passed
