"""`rag eval calibrate`: fit how sure an answer must be, on questions kept apart."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rag.answering.abstention import FEATURES, Confidence
from rag.api import assistant_factory
from rag.evaluation.calibrating import apply_threshold, fit_threshold
from rag.evaluation.calibration import fit_logistic
from rag.evaluation.commands import evaluate
from rag.evaluation.printing import selective_text
from rag.evaluation.records import Progress, Result
from rag.home import home

_PENALTY = 3.0


def calibrate(options: argparse.Namespace, progress: Callable[[Progress], None]) -> dict[str, Any]:
    """Weights and threshold from the calibration split; "text" to print and "places" written."""

    def results_of(name: str) -> tuple[Result, ...]:
        return evaluate(
            name,
            assistant_factory=assistant_factory(options.embedder, options.generator),
            corpus=options.corpus,
            stage="answer",
            refusal=False,
            resume=not options.fresh,
            progress=progress,
        ).run.results

    fitted, threshold = fit(results_of("calibration"), options.risk)
    lines = [
        f"Threshold {fitted.threshold:.3f} for at most {options.risk:.0%} wrong among answered",
        threshold,
    ]
    for name in options.files:
        rescored = rescore(results_of(str(name)), fitted)
        one = apply_threshold(rescored, fitted.threshold, str(name))
        lines.append(selective_text(one))
    return {"text": "\n".join(lines), "places": _store(fitted, options)}


def fit(results: Sequence[Result], risk: float) -> tuple[Confidence, str]:
    """Logistic weights and threshold, with a sentence on the guarantee.

    The weights are cross-fitted: each half of the questions is scored with weights from the other
    half, and the threshold is chosen on those scores, so that it does not see its own fit. The
    weights kept are those of all questions.
    """
    usable = [one for one in results if one.answered]
    data = [[_signals(one)[name] for name in FEATURES] for one in usable]
    right = np.array([one.correct for one in usable])
    halves = np.arange(len(usable)) % 2
    scores = np.zeros(len(usable))
    for half in (0, 1):
        others = np.flatnonzero(halves != half)
        own = np.flatnonzero(halves == half)
        model = fit_logistic([data[i] for i in others], [bool(right[i]) for i in others], _PENALTY)
        scores[own] = model.predict([data[i] for i in own])
    whole = fit_logistic(data, [bool(each) for each in right], _PENALTY)
    kept = [replace(one, answer={**(one.answer or {}), "confidence": float(s)})
            for one, s in zip(usable, scores, strict=True)]  # fmt: skip
    threshold = fit_threshold(kept, risk)
    guarantee = "certified by learn-then-test with probability 0.9"
    value = threshold.value
    if not math.isfinite(value):
        value = _empirical(scores, right, risk)
        guarantee = "not certifiable on so few questions: the empirical threshold is used"
    slopes = np.asarray(whole.weights) / np.asarray(whole.scale)
    bias = float(whole.intercept - slopes @ np.asarray(whole.mean))
    weights = dict(zip(FEATURES, (float(w) for w in slopes), strict=True))
    return Confidence(bias, weights, value, risk), guarantee


def rescore(results: Sequence[Result], confidence: Confidence) -> list[Result]:
    """The same results with the confidence that `confidence` gives their signals."""
    return [
        replace(one, answer={**one.answer, "confidence": confidence.probability(_signals(one))})
        if one.answer is not None and one.answered
        else one
        for one in results
    ]


def _signals(result: Result) -> dict[str, float]:
    signals: dict[str, float] = (result.answer or {})["signals"]
    return signals


def _empirical(scores: Any, right: Any, risk: float) -> float:
    """The lowest threshold above which at most `risk` are wrong."""
    order = np.argsort(-scores)
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(wrong <= risk)
    return float(scores[order[good[-1]]]) if len(good) else 1.0


def _store(fitted: Confidence, options: argparse.Namespace) -> list[str]:
    from rag.indexing import write_setting

    places = []
    if options.store:
        options.store.write_text(fitted.to_json() + "\n", encoding="utf-8")
        places.append(str(options.store))
    directory = options.index or home().index
    if Path(directory).is_dir():
        write_setting(directory, "confidence", fitted.to_json())
        places.append(str(directory))
    return places
