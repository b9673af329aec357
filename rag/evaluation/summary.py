"""A run's figures: each measure with its interval, by kind and by format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
import numpy.typing as npt

from rag.evaluation.measures.abstention import auroc, expected_calibration_error, risk_coverage
from rag.evaluation.measures.intervals import Interval, bootstrap, bootstrap_ratio, ratio
from rag.evaluation.records import Result, Run
from rag.evaluation.scoring import BLAMES

LOWER_IS_BETTER = frozenset(
    {
        "wrong_among_answered", "wrongly_refused", "risk_coverage_area", "calibration_error",
        "first_quote_median_s", "first_quote_p95_s", "first_token_median_s", "first_token_p95_s",
        "total_median_s", "total_p95_s", "retrieve_median_s", "retrieve_p95_s", "peak_memory_mb",
    }
)  # fmt: skip
HEADLINE = (
    "correct", "answer_correct", "right_and_quoted", "wrong_among_answered", "refusal_precision",
    "refusal_recall", "citation_f1", "quote_validity", "evidence_recall", "passage_ndcg_10",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure over `questions` questions; the interval is nan where none is given (times)."""

    name: str
    value: float
    interval: Interval
    questions: int

    @property
    def lower_is_better(self) -> bool:
        return self.name in LOWER_IS_BETTER


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of a run. `blames` counts the asked questions by the stage that failed them."""

    measures: Mapping[str, Measured]
    by_kind: Mapping[str, Mapping[str, Measured]]
    by_format: Mapping[str, Mapping[str, Measured]]
    blames: Mapping[str, int]
    errors: int


def summarise(run: Run) -> Summary:
    """All measures of a run. Deterministic: the same results give the same figures."""
    results = run.results
    measures = {**_ratios(results), **_abstention(results), **_times(results)}
    if "peak_memory_mb" in run.footer:
        value = float(run.footer["peak_memory_mb"])
        measures["peak_memory_mb"] = Measured("peak_memory_mb", value, _NONE, len(results))
    counted = Counter(one.blame for one in results if one.blame is not None)
    return Summary(
        measures,
        _grouped(results, lambda one: one.kind),
        _grouped(results, lambda one: one.format),
        {name: counted[name] for name in BLAMES if counted[name]},
        sum(one.error is not None for one in results),
    )


_NONE = Interval(float("nan"), float("nan"))


def _grouped(
    results: Sequence[Result], key: Callable[[Result], str]
) -> dict[str, dict[str, Measured]]:
    names = sorted({key(one) for one in results})
    return {name: _ratios([one for one in results if key(one) == name]) for name in names}


def _ratios(results: Sequence[Result]) -> dict[str, Measured]:
    names = dict.fromkeys(name for one in results for name in one.scores)
    return {name: _ratio(name, results) for name in names}


def _ratio(name: str, results: Sequence[Result]) -> Measured:
    pairs = [one.scores[name] for one in results if name in one.scores]
    above, below = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    counted = sum(amount > 0 for amount in below)
    return Measured(name, ratio(pairs), bootstrap_ratio(above, below), counted)


def _abstention(results: Sequence[Result]) -> dict[str, Measured]:
    asked = [one for one in results if one.asked]
    answered = [one for one in asked if one.answered]
    if not asked:
        return {}
    confident, missed = selective(asked)
    sure, wrong = np.array(confident), np.array(missed)
    # A corrected false premise is neither an answer nor a refusal: it says nothing on telling them.
    told_apart = [one for one in asked if one.answerable or not (one.answered and one.correct)]
    answerable = np.array([one.answerable for one in told_apart])
    confidence = np.array([one.confidence for one in told_apart])
    told = np.array([one.confidence for one in answered])
    right = np.array([one.correct for one in answered], dtype=bool)
    statistics: dict[str, tuple[int, Callable[[npt.NDArray[np.int64]], float]]] = {
        "refusal_auroc": (
            len(told_apart),
            lambda i: auroc(list(confidence[i]), list(answerable[i])),
        ),
        "risk_coverage_area": (
            len(asked),
            lambda i: risk_coverage(list(sure[i]), list(wrong[i])).area,
        ),
        "calibration_error": (
            len(answered),
            lambda i: expected_calibration_error(list(told[i]), list(right[i])),
        ),
    }
    return {
        name: Measured(name, statistic(np.arange(size)), bootstrap(size, statistic), size)
        for name, (size, statistic) in statistics.items()
        if size
    }


def selective(asked: Sequence[Result]) -> tuple[list[float], list[bool]]:
    """Confidence and "wrong" of each question, as the risk-coverage curve takes them.

    The answer to a refused or failed question is missing, and a missing answer is wrong.
    """
    confidence = [one.confidence if one.answered else 0.0 for one in asked]
    return confidence, [not (one.answered and one.correct) for one in asked]


def _times(results: Iterable[Result]) -> dict[str, Measured]:
    series: dict[str, list[float]] = {
        "retrieve": [],
        "first_quote": [],
        "first_token": [],
        "total": [],
    }
    for one in results:
        if one.retrieve_s is not None:
            series["retrieve"].append(one.retrieve_s)
        timings = one.answer["timings"] if one.answer else {}
        for name in ("first_quote", "first_token", "total"):
            if timings.get(f"{name}_s") is not None:
                series[name].append(float(timings[f"{name}_s"]))
    measures: dict[str, Measured] = {}
    for name, seconds in series.items():
        for label, percentile in (("median", 50), ("p95", 95)):
            if seconds:
                full = f"{name}_{label}_s"
                value = float(np.percentile(seconds, percentile))
                measures[full] = Measured(full, value, _NONE, len(seconds))
    return measures


def is_number(measured: Measured | None) -> bool:
    """Whether there is such a measure and it has a value."""
    return measured is not None and not isnan(measured.value)
