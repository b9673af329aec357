"""From features to a confidence, and from a confidence to a threshold with a guarantee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, inf
from typing import Literal

import numpy as np
import numpy.typing as npt

from rag.errors import EvaluationError

Floats = npt.NDArray[np.float64]
Method = Literal["learn_then_test", "conformal_risk_control"]


@dataclass(frozen=True, slots=True)
class Logistic:
    """P(right) = 1 / (1 + exp(-(intercept + weights . (x - mean) / scale))); all of length d."""

    intercept: float
    weights: tuple[float, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]

    def predict(self, features: Sequence[Sequence[float]]) -> Floats:
        """Probabilities, float64 (n,), for features (n, d)."""
        rows = np.asarray(features, float).reshape(-1, len(self.weights))
        standard = (rows - np.asarray(self.mean)) / np.asarray(self.scale)
        return _sigmoid(self.intercept + standard @ np.asarray(self.weights))


def fit_logistic(
    features: Sequence[Sequence[float]], right: Sequence[bool], l2: float = 1.0
) -> Logistic:
    """Logistic regression by Newton's method on standardised features.

    Minimises sum of log losses + l2 / 2 |weights|^2, the intercept free (Platt 1999 uses the same
    form on one feature; Newton as in Hastie et al. 2009, section 4.4.1).

    Raises:
        EvaluationError: no rows, or rows and labels differ in number.
    """
    rows, labels = np.asarray(features, float), np.asarray(right, float)
    if rows.ndim != 2 or len(rows) != len(labels) or not len(rows):
        raise EvaluationError(
            f"Cannot fit: features of shape {rows.shape} for {len(labels)} labels, "
            "expected one row of numbers for each label."
        )
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    design = np.column_stack([np.ones(len(rows)), (rows - mean) / scale])
    penalty = np.full(design.shape[1], l2)
    penalty[0] = 1e-9  # keeps the intercept finite when all labels are equal
    weights = np.zeros(design.shape[1])
    for _ in range(100):
        probability = _sigmoid(design @ weights)
        gradient = design.T @ (probability - labels) + penalty * weights
        curvature = (design * (probability * (1 - probability))[:, None]).T @ design
        step = np.linalg.solve(curvature + np.diag(penalty), gradient)
        weights = weights - np.clip(step, -4.0, 4.0)
        if np.abs(step).max() < 1e-10:
            break
    return Logistic(float(weights[0]), tuple(weights[1:].tolist()), tuple(mean), tuple(scale))


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A step function: `values[i]` from `bounds[i]` on, `values[0]` below; both rise."""

    bounds: tuple[float, ...]
    values: tuple[float, ...]

    def predict(self, scores: Sequence[float]) -> Floats:
        """Probabilities, float64 (n,)."""
        place = np.searchsorted(self.bounds, np.asarray(scores, float), side="right") - 1
        return np.asarray(self.values)[np.maximum(place, 0)]


def fit_isotonic(scores: Sequence[float], right: Sequence[bool]) -> Isotonic:
    """The rising step function nearest in squares, by pool adjacent violators.

    Barlow et al. 1972; for calibration, Zadrozny and Elkan 2002 (KDD).

    Raises:
        EvaluationError: no scores, or scores and labels differ in number.
    """
    if not len(scores) or len(scores) != len(right):
        raise EvaluationError(f"Cannot fit: {len(scores)} scores for {len(right)} labels.")
    blocks: list[tuple[float, float, int]] = []  # lowest score, sum of labels, count
    values, labels = np.asarray(scores, float), np.asarray(right, float)
    for score in np.unique(values):
        tied = labels[values == score]
        blocks.append((float(score), float(tied.sum()), len(tied)))
        while len(blocks) > 1 and _mean(blocks[-2]) >= _mean(blocks[-1]):
            low, high = blocks[-2], blocks[-1]
            blocks[-2:] = [(low[0], low[1] + high[1], low[2] + high[2])]
    return Isotonic(tuple(b[0] for b in blocks), tuple(_mean(b) for b in blocks))


@dataclass(frozen=True, slots=True)
class Threshold:
    """Answer when confidence >= `value`; +inf where no threshold keeps the promise.

    On the calibration questions: `answered` of `questions`, `wrong` of them wrong. `bound` is what
    `method` vouches for: with learn then test, an upper limit, right with probability
    1 - `delta`, of the share wrong among the answered; with conformal risk control, of the
    expected share of all questions that get a wrong answer.
    """

    value: float
    method: Method
    risk: float
    delta: float | None
    questions: int
    answered: int
    wrong: int
    bound: float

    @property
    def kept(self) -> bool:
        return self.value < inf


def learn_then_test(
    confidence: Sequence[float], wrong: Sequence[bool], risk: float = 0.05, delta: float = 0.1
) -> Threshold:
    """The lowest threshold whose share of wrong among answered is certified to be at most `risk`.

    Angelopoulos et al. 2021, "Learn then test", arXiv 2110.01052: going from the strictest
    threshold that could be certified at all to looser ones, each is tested with the exact binomial
    p-value P(Bin(n, risk) <= wrong); the first one not below `delta` ends it (fixed sequence
    testing), so that the promise holds for all together with probability 1 - `delta`.
    `bound` is the Clopper-Pearson upper limit at the threshold chosen.
    """
    _check_shares(risk, delta)
    levels = _levels(confidence, wrong)
    chosen: tuple[float, int, int] | None = None
    for value, answered, bad in levels:
        if (1 - risk) ** answered > delta:
            continue  # even without an error, too few to certify anything
        if binomial_tail(bad, answered, risk) > delta:
            break
        chosen = (value, answered, bad)
    value, answered, bad = chosen or (inf, 0, 0)
    bound = clopper_pearson_upper(bad, answered, delta)
    total = len(confidence)
    return Threshold(value, "learn_then_test", risk, delta, total, answered, bad, bound)


def conformal_risk_control(
    confidence: Sequence[float], wrong: Sequence[bool], risk: float = 0.05
) -> Threshold:
    """The lowest threshold with (wrong answers + 1) / (questions + 1) <= `risk`.

    Angelopoulos et al. 2022, "Conformal risk control", arXiv 2208.02814, with the loss "answered
    and wrong", which can only fall as the threshold rises: its expectation on a new question is at
    most `risk`. It is a share of all questions, not of the answered ones.
    """
    _check_shares(risk, 0.5)
    total = len(confidence)
    chosen: tuple[float, int, int] = (inf, 0, 0)
    for value, answered, bad in _levels(confidence, wrong):
        if (bad + 1) / (total + 1) > risk:
            break
        chosen = (value, answered, bad)
    value, answered, bad = chosen
    bound = (bad + 1) / (total + 1)
    return Threshold(value, "conformal_risk_control", risk, None, total, answered, bad, bound)


def binomial_tail(successes: int, trials: int, probability: float) -> float:
    """P(X <= successes) for X binomial(trials, probability)."""
    return sum(
        comb(trials, count) * probability**count * (1 - probability) ** (trials - count)
        for count in range(successes + 1)
    )


def clopper_pearson_upper(successes: int, trials: int, delta: float) -> float:
    """The one-sided upper limit of a proportion at level 1 - delta (Clopper and Pearson 1934).

    The p at which P(X <= successes) = delta, by bisection; 1 when there is nothing or all failed.
    """
    if successes >= trials:
        return 1.0
    low, high = successes / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if binomial_tail(successes, trials, middle) > delta else (low, middle)
        )
    return high


def _levels(confidence: Sequence[float], wrong: Sequence[bool]) -> list[tuple[float, int, int]]:
    """(threshold, answered, wrong) for each different confidence, strictest first."""
    values, errors = np.asarray(confidence, float), np.asarray(wrong, bool)
    if len(values) != len(errors):
        raise EvaluationError(f"{len(values)} confidences for {len(errors)} outcomes.")
    return [
        (float(value), int((values >= value).sum()), int(errors[values >= value].sum()))
        for value in np.unique(values)[::-1]
    ]


def _check_shares(risk: float, delta: float) -> None:
    if not (0 < risk < 1 and 0 < delta < 1):
        raise EvaluationError(f"risk {risk} and delta {delta} must lie between 0 and 1.")


def _mean(block: tuple[float, float, int]) -> float:
    return block[1] / block[2]


def _sigmoid(values: Floats) -> Floats:
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(values, -500, 500)))
    return result


def brier(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Mean squared distance of confidence from outcome (Brier 1950); lower is better."""
    difference = np.asarray(confidence, float) - np.asarray(right, float)
    return float((difference**2).mean()) if len(difference) else float("nan")
