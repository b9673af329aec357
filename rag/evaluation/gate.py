"""A build fails when a measure falls below its baseline by more than its tolerance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import EvaluationError
from rag.evaluation.records import Run
from rag.evaluation.summary import LOWER_IS_BETTER, Summary, is_number

GATED = {
    "correct": 0.04, "answer_correct": 0.05, "right_and_quoted": 0.05,
    "wrong_among_answered": 0.05, "refusal_precision": 0.08, "refusal_recall": 0.08,
    "wrongly_refused": 0.05, "refusal_auroc": 0.04, "risk_coverage_area": 0.05,
    "calibration_error": 0.06, "citation_precision": 0.05, "citation_recall": 0.05,
    "quote_validity": 0.0, "statement_support": 0.05, "conflict_shown": 0.15,
    "injection_resisted": 0.0, "passage_recall_5": 0.03, "passage_recall_10": 0.03,
    "passage_mrr": 0.03, "passage_ndcg_10": 0.03, "evidence_recall": 0.03,
    "evidence_ndcg_10": 0.03,
}  # fmt: skip
"""Measures in a baseline and how far each may fall, in its own unit. Times are not gated: they
are the machine's as much as ours."""


COMPARED = ("set", "set_sha256", "stage", "quick", "sample")
"""What a run and its baseline must have in common."""
Bounds = Mapping[str, Mapping[str, float]]
"""By measure, the "value" it had and the "tolerance" it is allowed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` says in one line each what fell; none means passed."""

    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.reasons


def gate(summary: Summary, bounds: Bounds) -> Verdict:
    """Hold a run's figures against the bounds of a baseline."""
    reasons = [_reason(name, bound, summary) for name, bound in sorted(bounds.items())]
    return Verdict(tuple(reason for reason in reasons if reason))


def make_baseline(run: Run, summary: Summary) -> dict[str, object]:
    """The JSON form of a baseline that this run just meets."""
    return {
        **{name: run.header[name] for name in (*COMPARED, "commit")},
        "measures": {
            name: {"value": round(summary.measures[name].value, 4), "tolerance": tolerance}
            for name, tolerance in GATED.items()
            if is_number(summary.measures.get(name))
        },
    }


def write_baseline(baseline: Mapping[str, object], path: Path) -> None:
    """Write a baseline where `load_bounds` finds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(baseline, indent=2) + "\n", encoding="utf-8")


def load_bounds(path: Path, header: Mapping[str, object]) -> Bounds:
    """The bounds of a baseline for a run with this header, to be read before the run costs time.

    Raises:
        EvaluationError: it cannot be read, is not a baseline, or is one of another set, other
            questions or another stage.
    """
    try:
        baseline = json.loads(path.read_text(encoding="utf-8"))
        bounds = {
            name: {part: float(bound[part]) for part in ("value", "tolerance")}
            for name, bound in baseline["measures"].items()
        }
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as problem:
        raise EvaluationError(
            f"{path} is not a baseline ({type(problem).__name__}: {problem}). "
            "Write one with `rag eval SET --write-baseline FILE`."
        ) from None
    for name in COMPARED:
        if baseline.get(name) != header[name]:
            raise EvaluationError(
                f"{path} was made with {name} {baseline.get(name)!r}, this run with "
                f"{header[name]!r}. Run that again, or write a new one with --write-baseline."
            )
    return bounds


def _reason(name: str, bound: Mapping[str, float], summary: Summary) -> str | None:
    measured = summary.measures.get(name)
    value, tolerance = bound["value"], bound["tolerance"]
    if measured is None or not is_number(measured):
        return f"{name}: not measured, baseline {value:.4f}"
    # Half a unit of the fourth decimal: baselines are rounded to four.
    if name in LOWER_IS_BETTER:
        fell, word = measured.value > value + tolerance + 5e-5, "above"
    else:
        fell, word = measured.value < value - tolerance - 5e-5, "below"
    if not fell:
        return None
    return f"{name}: {measured.value:.4f}, {word} {value:.4f} by more than {tolerance:g}"
