"""How figures are written, the same on every page."""

from __future__ import annotations

from math import isnan

from rag.evaluation.summary import Measured

TITLES = {
    "correct": "right in all (answers and refusals)",
    "answer_correct": "right answers to answerable questions",
    "right_and_quoted": "right, with every gold sentence quoted",
    "wrong_among_answered": "wrong among the answered",
    "refusal_precision": "refusals that were due",
    "refusal_recall": "unanswerable questions refused",
    "wrongly_refused": "answerable questions refused",
    "refusal_auroc": "confidence tells answerable from not (AUROC)",
    "risk_coverage_area": "area under the risk-coverage curve",
    "calibration_error": "expected calibration error",
    "quote_validity": "quotes that are in the file at their place",
    "statement_support": "statements whose figures are in their quotes",
    "peak_memory_mb": "peak memory of the process, MB",
}


def title(name: str) -> str:
    """A measure's name in words."""
    return TITLES.get(name, name.replace("_", " "))


def figure(measured: Measured) -> str:
    """The value: a share with three decimals, seconds and MB with their usual ones."""
    if isnan(measured.value):
        return "n/a"
    if measured.name.endswith("_mb"):
        return f"{measured.value:.0f}"
    return f"{measured.value:.2f}" if measured.name.endswith("_s") else f"{measured.value:.3f}"


def interval(measured: Measured) -> str:
    """ "0.612 to 0.701", or nothing where there is none."""
    low, high = measured.interval
    return "" if isnan(low) else f"{low:.3f} to {high:.3f}"
