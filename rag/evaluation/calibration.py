"""From features to a confidence, and from a confidence to a threshold.

The threshold comes with a guarantee where the confidence is one fixed function that was not fitted
on the same questions; on cross-fitted scores it is an estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, inf

import numpy as np
import numpy.typing as npt

from rag.errors import EvaluationError

Floats = npt.NDArray[np.float64]


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
class Threshold:
    """Answer when confidence >= `value`; +inf where no threshold keeps the promise.

    On the calibration questions: `answered` of `questions`, `wrong` of them wrong. `bound` is an
    upper limit, right with probability 1 - `delta`, of the share wrong among the answered.
    """

    value: float
    risk: float
    delta: float
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
    """The lowest threshold whose share of wrong among answered passes a test of at most `risk`.

    Angelopoulos et al. 2021, "Learn then test", arXiv 2110.01052: going from the strictest
    threshold that could pass at all to looser ones, each is tested with the exact binomial
    p-value P(Bin(n, risk) <= wrong); the first one not below `delta` ends it (fixed sequence
    testing), so that the promise holds for all together with probability 1 - `delta`: for questions
    drawn like these, whose confidence comes from a model that was fitted on others. Scores of
    several models, each fitted without some of these questions, have no such promise.
    `bound` is the Clopper-Pearson upper limit at the threshold chosen.
    """
    _check_shares(risk, delta)
    levels = _levels(confidence, wrong)
    chosen: tuple[float, int, int] | None = None
    for value, answered, bad in levels:
        if (1 - risk) ** answered > delta:
            continue  # even without an error, too few to pass
        if binomial_tail(bad, answered, risk) > delta:
            break
        chosen = (value, answered, bad)
    value, answered, bad = chosen or (inf, 0, 0)
    bound = clopper_pearson_upper(bad, answered, delta)
    return Threshold(value, risk, delta, len(confidence), answered, bad, bound)


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


def _sigmoid(values: Floats) -> Floats:
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(values, -500, 500)))
    return result
