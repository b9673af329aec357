"""Medians, and ratios of them with intervals: what is worth quoting from a noisy machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.errors import EvaluationError

DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Ratio:
    """`value` with its 95% interval, from `pairs` pairs."""

    value: float
    low: float
    high: float
    pairs: int

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f}, n = {self.pairs})"


def paired_ratio(
    ours: Sequence[float], theirs: Sequence[float], quantile: float = 0.5, seed: int = 0
) -> Ratio:
    """The quantile of ours over that of theirs; pairs are measured one right after the other.

    The interval is the percentile bootstrap over pairs (Efron and Tibshirani 1993, section 13.3),
    so it holds the spread between questions and that of the machine.

    Raises:
        EvaluationError: no pairs, lengths that differ, or a value that is not positive.
    """
    if len(ours) != len(theirs) or not ours or min(*ours, *theirs) <= 0:
        raise EvaluationError(
            f"A ratio needs pairs of positive numbers; found {len(ours)} and {len(theirs)}."
        )
    pairs = np.array([ours, theirs], dtype=np.float64)
    chosen = np.random.default_rng(seed).integers(len(ours), size=(DRAWS, len(ours)))
    drawn = np.quantile(pairs[:, chosen], quantile, axis=2)
    low, high = np.quantile(drawn[0] / drawn[1], [0.025, 0.975])
    whole = np.quantile(pairs, quantile, axis=1)
    return Ratio(float(whole[0] / whole[1]), float(low), float(high), len(ours))


def middle(values: Sequence[float | None], quantile: float = 0.5) -> float | None:
    """The quantile of the values that are there, None when there are none."""
    there = [value for value in values if value is not None]
    return float(np.quantile(there, quantile)) if there else None
