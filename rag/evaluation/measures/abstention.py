"""How well a system knows what it does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Probability that a positive scores above a negative, ties counting half.

    Mann-Whitney U over the number of pairs (Hanley and McNeil 1982, Radiology 143). nan when one
    of the two classes is empty.
    """
    values, labels = np.asarray(scores, float), np.asarray(positive, bool)
    above, below = values[labels], values[~labels]
    if not len(above) or not len(below):
        return float("nan")
    ordered = np.sort(below)
    smaller = np.searchsorted(ordered, above, side="left")
    not_larger = np.searchsorted(ordered, above, side="right")
    return float((smaller + not_larger).sum() / (2.0 * len(above) * len(below)))


class RiskCoverage(NamedTuple):
    """Coverage and selective risk, float64 (n,), most confident first."""

    coverage: Floats
    risk: Floats

    @property
    def area(self) -> float:
        """Mean risk over all coverages; lower is better."""
        return float(self.risk.mean()) if len(self.risk) else float("nan")


def risk_coverage(confidence: Sequence[float], wrong: Sequence[bool]) -> RiskCoverage:
    """The risk among the i most confident, for each i.

    Geifman and El-Yaniv 2017, "Selective classification for deep neural networks", arXiv
    1705.08500.
    Those of equal confidence share the mean risk of their tie, so that their order cannot matter.
    """
    order = np.argsort(-np.asarray(confidence, float), kind="stable")
    sorted_confidence = np.asarray(confidence, float)[order]
    errors = np.asarray(wrong, float)[order]
    for value in np.unique(sorted_confidence):
        tied = sorted_confidence == value
        errors[tied] = errors[tied].mean()
    counts = np.arange(1, len(errors) + 1)
    return RiskCoverage(counts / max(len(errors), 1), np.cumsum(errors) / counts)


class Bin(NamedTuple):
    """One bar of a reliability diagram: `answers`, mean confidence, share of right ones."""

    low: float
    high: float
    answers: int
    confidence: float
    accuracy: float


def reliability(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Equal-width bins (low, high], the first closed below; empty ones left out."""
    values, truth = np.asarray(confidence, float), np.asarray(right, float)
    number = np.clip(np.ceil(values * bins).astype(int) - 1, 0, bins - 1)
    return [
        Bin(
            one / bins,
            (one + 1) / bins,
            int((number == one).sum()),
            float(values[number == one].mean()),
            float(truth[number == one].mean()),
        )
        for one in range(bins)
        if (number == one).any()
    ]


def expected_calibration_error(
    confidence: Sequence[float], right: Sequence[bool], bins: int = 10
) -> float:
    """Mean distance of confidence from accuracy over the bins, weighted by count.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", arXiv 1706.04599. nan for none.
    """
    if not len(confidence):
        return float("nan")
    bars = reliability(confidence, right, bins)
    return sum(b.answers * abs(b.confidence - b.accuracy) for b in bars) / len(confidence)
