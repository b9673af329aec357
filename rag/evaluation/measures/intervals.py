"""How far a figure may be off, and whether two runs differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RESAMPLES = 2000


class Interval(NamedTuple):
    """The central 95 %."""

    low: float
    high: float


def ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """Sum of numerators over sum of denominators, as a run reports a measure; nan over nothing."""
    below = sum(pair[1] for pair in pairs)
    return sum(pair[0] for pair in pairs) / below if below else float("nan")


def bootstrap_ratio(
    numerators: Sequence[float],
    denominators: Sequence[float],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Percentile bootstrap over questions of a ratio of sums (Efron 1979, Annals of Statistics 7).

    Deterministic for a seed. Resamples whose denominator is zero are left out.
    """
    above, below = np.asarray(numerators, float), np.asarray(denominators, float)
    picks = _picks(len(above), resamples, seed)
    totals = below[picks].sum(axis=1)
    usable = totals > 0
    return _central(above[picks].sum(axis=1)[usable] / totals[usable])


def bootstrap(
    size: int,
    statistic: Callable[[npt.NDArray[np.int64]], float],
    resamples: int = 500,
    seed: int = 0,
) -> Interval:
    """`bootstrap_ratio` for any statistic of the questions' numbers; nan values are left out."""
    values = np.array([statistic(pick) for pick in _picks(size, resamples, seed)])
    return _central(values[~np.isnan(values)])


def paired_bootstrap(
    first: Sequence[tuple[float, float]],
    second: Sequence[tuple[float, float]],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Interval of the second ratio of sums minus the first, drawn over the same questions.

    Each question gives a numerator and a denominator in either run (Efron, Tibshirani 1993). With
    denominators of one it is the difference of means. Resamples in which one of the runs has no
    denominator are left out.
    """
    one, two = np.asarray(first, float), np.asarray(second, float)
    picks = _picks(len(one), resamples, seed)
    before, after = one[picks].sum(axis=1), two[picks].sum(axis=1)
    usable = (before[:, 1] > 0) & (after[:, 1] > 0)
    return _central(after[usable, 0] / after[usable, 1] - before[usable, 0] / before[usable, 1])


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Two-sided p of the exact test on discordant pairs (McNemar 1947, Psychometrika 12).

    Under no difference each discordant question is as likely to be right in either run:
    min(1, 2 P(X <= min)), X binomial(n, 1/2).
    """
    total, least = only_first + only_second, min(only_first, only_second)
    ways = tail = 1
    for count in range(least):
        ways = ways * (total - count) // (count + 1)  # the next binomial coefficient
        tail += ways
    # Whole numbers to the last step: 2**1024 is no float any more.
    return min(1.0, 2 * tail / (1 << total))


def _picks(size: int, resamples: int, seed: int) -> npt.NDArray[np.int64]:
    random = np.random.default_rng(seed)
    return random.integers(0, max(size, 1), (resamples, size), dtype=np.int64)


def _central(values: Floats) -> Interval:
    if not len(values):
        return Interval(float("nan"), float("nan"))
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(low), float(high))
