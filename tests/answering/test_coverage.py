"""Which share of a question the quotes cover, by the weight of its terms."""

from __future__ import annotations

import pytest

from rag.answering.abstention import coverage
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
