"""Both sides of a comparison, and as many things as the question counts."""

from __future__ import annotations

import pytest

from rag.answering.completeness import counted, covers
from tests.answering.support import evidence

ROWS = [evidence(f"Partner: {name}; Share: {share}.", label=f"S{share}", start=100 - share) for name, share in (("Orm", 4), ("Pell", 3), ("Vard", 2))]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Which four partners own the cable?", 4),
        ("What are the three largest ports?", 3),
        ("Name two ships.", 2),
        ("Which partners own the cable?", 0),
        ("Which partner owns four cables?", 0),
        ("How many of the four partners left?", 0),
    ],
)
def test_what_is_counted(question, count):
    assert counted(question) == count


@pytest.mark.parametrize(
    ("question", "cited", "whole"),
    [
        ("Which three partners own it?", ROWS, True),
        ("Which four partners own it?", ROWS, False),
        ("Which partners own it?", ROWS[:1], True),
        ("Which four partners own it?", [evidence("Orm, Pell, Vard and Aske own it.")], True),
        ("Lanmei versus Dongzhi Fab: whose sales grew more?", [evidence("Lanmei grew.")], False),
        (
            "Lanmei versus Dongzhi Fab: whose sales grew more?",
            [evidence("Lanmei grew."), evidence("Dongzhi shrank.")],
            True,
        ),
        ("Did Lanmei or Dongzhi grow more?", [evidence("Dongzhi grew.")], False),
        ("Did Lanmei or Dongzhi grow?", [evidence("It grew.", title="Lanmei and Dongzhi")], True),
        ("What is the difference between Orm and Pell?", [evidence("Orm is old.")], False),
        ("Who founded Orm or bought it?", [evidence("Ada founded Orm.")], True),
        ("Did it open in May or June?", [evidence("It opened in June.")], True),
    ],
)
def test_what_is_covered(question, cited, whole):
    assert covers(question, cited) is whole
