"""What a sentence is about is taken from the nearest earlier sentence that says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.antecedents import antecedent

EARLIER = [
    "The T-128 is another animal.",
    "It draws 14 watts.",
    "The T-64 is the older of the two.",
    "In the long shed behind the shipyard of Karsten Point lies a corvette of 1,850 tons that "
    "belongs to nobody, and nobody wants to pay for her paint.",
    "澜湾海事局在港外举行演练。",
]
"""Nearest first."""


@pytest.mark.parametrize(
    ("question", "around", "found"),
    [
        ("How many watts does the T-128 draw?", "It draws 31 watts.", EARLIER[0]),
        ("How many watts does the T-64 draw?", "It draws 14 watts.", EARLIER[2]),
        ("Which draws more, the T-64 or the T-128?", "It draws 31 watts.", EARLIER[0]),
        ("How many watts does the T-64 draw?", "The T-64 draws 14 watts.", ""),
        ("How many watts does the T-32 draw?", "It draws 14 watts.", ""),
        ("How fast is she?", "She makes 26 knots.", ""),
        ("澜湾的演练有几艘船？", "共有十四艘船。", ""),
        ("How many ships took part at 澜湾?", "共有十四艘船。", EARLIER[4]),
    ],
)
def test_the_nearest_that_names_it(question: str, around: str, found: str) -> None:
    assert antecedent(question, around, EARLIER) == found


def test_no_more_than_a_few_words_about_the_name() -> None:
    found = antecedent("How fast is the corvette at Karsten Point?", "She makes 26 knots.", EARLIER)
    assert (
        found
        == "In the long shed behind the shipyard of Karsten Point lies a corvette of 1,850 tons"
    )


@given(st.lists(st.text("ab T-64的。", max_size=200), max_size=5))
def test_what_is_found_stands_there_and_names_it(earlier: list[str]) -> None:
    found = antecedent("How heavy is the T-64?", "It is heavy.", earlier)
    assert found == "" or (any(found in text for text in earlier) and "T-64" in found)
    assert len(found) <= 84
