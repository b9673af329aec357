"""Ratios with intervals, against known numbers and laws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.benchmark.ratios import middle, paired_ratio
from rag.errors import EvaluationError

SECONDS = st.lists(st.floats(0.01, 100), min_size=1, max_size=8)


def test_a_constant_factor_has_no_spread() -> None:
    ratio = paired_ratio([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    assert (ratio.value, ratio.low, ratio.high, ratio.pairs) == (0.5, 0.5, 0.5, 3)
    assert str(ratio) == "0.50 (0.50 to 0.50, n = 3)"


def test_quantiles_are_of_each_side() -> None:
    assert paired_ratio([1, 1, 4], [2, 2, 2]).value == 0.5
    assert paired_ratio([1, 1, 4], [2, 2, 2], quantile=1.0).value == 2.0


@settings(max_examples=25, deadline=None)
@given(SECONDS, st.floats(0.1, 10))
def test_the_unit_does_not_matter_and_the_interval_is_ordered(
    seconds: list[float], scale: float
) -> None:
    other = [value + 1 for value in seconds]
    one = paired_ratio(seconds, other)
    two = paired_ratio([v * scale for v in seconds], [v * scale for v in other])
    assert (two.value, two.low, two.high) == pytest.approx((one.value, one.low, one.high))
    assert one.low <= one.high < 1


@pytest.mark.parametrize(("ours", "theirs"), [([], []), ([1.0], []), ([0.0], [1.0])])
def test_what_is_no_ratio_is_refused(ours: list[float], theirs: list[float]) -> None:
    with pytest.raises(EvaluationError, match="pairs of positive numbers"):
        paired_ratio(ours, theirs)


def test_the_middle_leaves_out_what_is_not_there() -> None:
    assert middle([None, 3.0, 1.0, 2.0]) == 2.0
    assert middle([None]) is None
