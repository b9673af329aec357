"""Quarters and halves of a year, and what is told of amounts and their order in time."""

from __future__ import annotations

import time

import pytest

from rag.answering.movements import turned_round
from rag.answering.periods import missing_periods, without_periods
from rag.answering.vague import other_amounts


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("Sales rose in Q3.", "Sales rose in the third quarter.", []),
        ("Third-quarter sales rose.", "Sales rose in 3Q24.", []),
        ("Sales rose in the third quarter.", "第三季度销售增长。", []),
        ("Sales rose in Q1.", "In the three months to the end of March sales rose.", []),
        ("Sales rose in the first half.", "Sales rose in the first six months.", []),
        ("Sales rose in H2.", "Sales rose from July to December.", []),
        ("Sales rose in Q2.", "Sales rose in the third quarter.", ["Q2"]),
        ("上半年销售增长。", "下半年销售增长。", ["上半年"]),
        ("前三季度销售增长。", "销售增长。", []),
        ("The first three quarters were good.", "They were good.", []),
    ],
)
def test_a_quarter_is_one_in_every_spelling(statement, source, missing):
    assert missing_periods(statement, source) == missing


def test_a_quarter_is_blanked_out_at_its_length():
    assert without_periods("Q3 sales") == "   sales"


@pytest.mark.parametrize(
    ("statement", "source", "turned"),
    [
        ("It rose from 3 to 5 percent.", "It rose from 3 to 5 percent.", []),
        ("It fell from 5 to 3 percent.", "It rose from 3 to 5 percent.", ["5 to 3 percent"]),
        ("It rose from 3% to 5%.", "It rose to 5 percent in May from 3 percent.", []),
        ("It fell from 5% to 3%.", "It rose to 5 percent from 3 percent.", ["5% to 3%"]),
        ("从5万吨降至3万吨。", "从3万吨增至5万吨。", ["5万吨降至3万吨"]),
        ("It takes from 3 to 5 days.", "It takes 3 to 5 days.", []),
        ("It went from 5 to 3.", "It went from 3 to 5 and from 5 to 3.", []),
    ],
)
def test_a_movement_is_not_turned_round(statement, source, turned):
    assert turned_round(statement, source) == turned


@pytest.mark.parametrize(
    ("statement", "source", "other"),
    [
        ("Thousands of drones flew.", "Thousands of drones flew.", []),
        ("Millions of drones flew.", "Thousands of drones flew.", ["Millions"]),
        ("Several thousand came.", "Several hundred came.", ["Several thousand"]),
        ("Hundreds of engineers left.", "数百名工程师离职。", []),
        ("Thousands of engineers left.", "数百名工程师离职。", ["Thousands"]),
        ("Tens of thousands came.", "Hundreds of thousands came.", ["Tens of thousands"]),
        ("Hundreds came.", "Some 340 came, after thousands in May.", []),
        ("Hundreds came.", "A crowd came.", []),
    ],
)
def test_an_amount_told_by_its_size_has_that_size(statement, source, other):
    assert other_amounts(statement, source) == other


@pytest.mark.parametrize(
    "piece", ["from 3 to 5 ", "Q3 ", "数千", "tens of ", "first ", "months to "]
)
def test_long_hostile_text_is_read_in_a_second(piece):
    text = (piece * 20_000)[:20_000]
    began = time.process_time()
    assert missing_periods(text, text) == []
    assert turned_round(text, text) == []
    assert other_amounts(text, text) == []
    assert time.process_time() - began < 1.0
