"""Which share of a question the quotes cover, by the weight of its terms."""

from __future__ import annotations

import pytest

from rag.answering.abstention import coverage, named
from tests.answering.support import evidence

WEIGHTS = {"price": 2.0, "38sh": 4.0, "january": 1.0, "2025": 1.0}
QUESTION = "What was the price of the 38SH in January 2025?"


@pytest.mark.parametrize(
    ("item", "share"),
    [
        (evidence("It fell."), 0.0),
        (evidence("The 38SH fell."), 4 / 8),
        (evidence("It fell.", title="Prices of the 38SH"), 6 / 8),
        (evidence("It fell.", before="The 38SH is in demand."), 4 / 8),
        (evidence("Grade: 38SH; 10 Jan: 222."), 5 / 8),
        (evidence("Grade: 38SH; 10 Jan: 222.", published="2025-01-14"), 6 / 8),
        (evidence("Price of the 38SH in January 2025: 222."), 1.0),
    ],
)
def test_quote_setting_and_date_count(item, share):
    assert coverage(QUESTION, [item], WEIGHTS) == pytest.approx(share)


def test_what_is_cited_covers_together_what_it_covers_alone():
    cited = [evidence("The 38SH fell."), evidence("So did all prices.")]
    assert coverage(QUESTION, cited, WEIGHTS) == pytest.approx(6 / 8)
    assert coverage(QUESTION, [], WEIGHTS) == 0.0
    assert coverage(QUESTION, cited, {}) == 0.0


@pytest.mark.parametrize(
    ("question", "item", "share"),
    [
        ("What did Xiran Motors earn in 2022?", evidence("Net profit was $148 million."), 0.0),
        ("What did Xiran Motors earn?", evidence("It earned 5.", title="Xiran Motors grows"), 1.0),
        ("What did Xiran Motors earn?", evidence("It earned 5.", before="Motors of Xiran."), 1.0),
        ("What did Xiran pay to Talvik?", evidence("Xiran paid 4 million."), 1 / 2),
        ("How many U.S. ships came?", evidence("Nine American ships came."), 1.0),
        ("What does it cost?", evidence("It costs 4 euros."), 1.0),
        ("希然公司去年赚了多少？", evidence("It earned 5."), 1.0),
    ],
)
def test_the_names_asked_about_stand_around_the_quote(question, item, share):
    assert named(question, [item]) == pytest.approx(share)
