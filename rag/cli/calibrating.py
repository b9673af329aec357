"""`rag eval calibrate`: fit how sure an answer must be, on questions kept apart."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rag.answering.abstention import FEATURES, Confidence, log_odds
from rag.api import assistant_factory
from rag.errors import EvaluationError
from rag.evaluation.calibrating import apply_threshold, fit_threshold
from rag.evaluation.calibration import fit_logistic
from rag.evaluation.commands import evaluate
from rag.evaluation.printing import selective_text
from rag.evaluation.records import Progress, Result, Run
from rag.evaluation.run import load_run
from rag.home import home

_PENALTY = 3.0
_MORE_SHOWN = 0.5
"""The share of the threshold down to which the page's most generous level shows answers."""
_SENSE = dict.fromkeys(FEATURES, 1) | {"refusal": -1, "repaired": -1}
"""Whether more of a signal speaks for an answer (1) or against it (-1)."""
FOLDS = 10


def calibrate(options: argparse.Namespace, progress: Callable[[Progress], None]) -> dict[str, Any]:
    """Weights and threshold; "text" to print and "places" written.

    From the saved runs that are named, else from the calibration split, asked now.

    Raises:
        EvaluationError: a saved run refused for doubt, or has no signals.
    """
    if options.files:
        runs = [_unrefused(path) for path in options.files]
    else:
        runs = [
            evaluate(
                "calibration",
                assistant_factory=assistant_factory(options.embedder, options.generator),
                corpus=options.corpus,
                stage="answer",
                refusal=False,
                resume=not options.fresh,
                progress=progress,
            ).run
        ]
    fitted, standing = fit([one for run in runs for one in run.results], options.risk)
    lines = [
        f"Threshold {fitted.threshold:.3f} for at most {options.risk:.0%} wrong among answered",
        standing,
        f"Each question scored by a model fitted without it ({FOLDS} folds):",
    ]
    held_out = cross_fitted([one for run in runs for one in run.results])
    for run in runs:
        own, held_out = held_out[: len(run.results)], held_out[len(run.results) :]
        name = str(run.header["set"])
        lines.append(selective_text(apply_threshold(own, fitted.threshold, name)))
    return {"text": "\n".join(lines), "places": _store(fitted, options)}


def _unrefused(path: Path) -> Run:
    run = load_run(path)
    if run.header["refusal"] and run.header["system"] != "no-calibration":
        raise EvaluationError(
            f"{path} holds answers that were refused for doubt. Ask again without: rag eval "
            f"{run.header['set']} --system no-calibration --stage answer --save {path.name}"
        )
    signals = [(one.answer or {}).get("signals") or {} for one in run.results if one.answered]
    if any(not set(FEATURES) <= one.keys() for one in signals):
        raise EvaluationError(f"{path} lacks signals: an earlier version saved it. Ask again.")
    return run


def fit(results: Sequence[Result], risk: float) -> tuple[Confidence, str]:
    """Logistic weights and threshold, with a sentence on how far the risk can be relied upon.

    The threshold is chosen on cross-fitted scores, so that it does not see its own fit. The
    weights kept are those of all questions: so the risk is an estimate. What learn-then-test
    promises holds for scores of one model on questions that it was not fitted on.
    """
    kept = [one for one in cross_fitted(results) if one.answered]
    threshold = fit_threshold(kept, risk)
    standing = (
        "An estimate from cross-fitted scores, chosen by learn-then-test; no guarantee, which "
        "needs questions apart from those that the weights are fitted on."
    )
    value = threshold.value
    if not math.isfinite(value):
        value = _empirical(kept, risk)
        standing = (
            "An estimate from cross-fitted scores: the lowest threshold that kept to it there; too "
            "few questions for learn-then-test."
        )
    least = _least_judged([one for one in kept if one.confidence >= _MORE_SHOWN * value])
    return replace(_model(kept), threshold=value, risk=risk, least_judged=least), standing


def cross_fitted(results: Sequence[Result]) -> list[Result]:
    """The results, each answered one with the confidence of a model fitted on the other folds."""
    usable = [place for place, one in enumerate(results) if one.answered]
    scored = list(results)
    for fold in range(min(FOLDS, len(usable))):
        own = usable[fold::FOLDS]
        model = _model([results[place] for place in usable if place not in own])
        for place, one in zip(own, rescore([results[p] for p in own], model), strict=True):
            scored[place] = one
    return scored


def _model(answered: Sequence[Result]) -> Confidence:
    """The weights of these questions in the signals' own units; no threshold yet.

    A signal whose weight comes out against its meaning (agreement that lowers the confidence) tells
    of the few questions it was fitted on, and is left out.
    """
    used = list(FEATURES)
    while True:
        data = [[_signals(one)[name] for name in used] for one in answered]
        whole = fit_logistic(data, [one.correct for one in answered], _PENALTY)
        slopes = np.asarray(whole.weights) / np.asarray(whole.scale)
        weights = dict(zip(used, (float(w) for w in slopes), strict=True))
        astray = [name for name, weight in weights.items() if weight * _SENSE[name] < 0]
        if not astray:
            break
        used = [name for name in used if name not in astray]
    bias = float(whole.intercept - slopes @ np.asarray(whole.mean))
    return Confidence(bias, dict.fromkeys(FEATURES, 0.0) | weights, math.inf, 0.0)


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


def _least_judged(answered: Sequence[Result]) -> float:
    """The log-odds with which the least likely sentence was judged that a right one of these rests
    on: refusing before writing is to save time, and to cost nothing that would be shown."""
    judged = (_signals(one)["judged"] for one in answered if one.correct)
    return min(judged, default=log_odds(0.0))


def _empirical(answered: Sequence[Result], risk: float) -> float:
    """The lowest threshold at or above which at most `risk` are wrong."""
    scores = np.array([one.confidence for one in answered])
    right = np.array([one.correct for one in answered])
    good = (float(value) for value in np.unique(scores) if (~right[scores >= value]).mean() <= risk)
    return next(good, 1.0)


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
