"""Fit the refusal threshold on one set and say what it gives on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.evaluation.calibration import (
    Method,
    Threshold,
    conformal_risk_control,
    learn_then_test,
)
from rag.evaluation.corpus import Corpus
from rag.evaluation.evaluating import evaluate
from rag.evaluation.records import AssistantFactory, ProgressCallback, Result


@dataclass(frozen=True, slots=True)
class Selective:
    """What a threshold gives on a set: answered and wrong among them, of `questions`.

    `answerable` of them had an answer; `refused_rightly` counts the others that were held back.
    """

    set_name: str
    questions: int
    answered: int
    wrong: int
    answerable: int
    refused_rightly: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """A threshold, how it does on the calibration set and on the set it is reported on."""

    threshold: Threshold
    on_calibration: Selective
    on_report: Selective | None


def calibrate(
    set_name_or_path: str | Path = "calibration",
    *,
    assistant_factory: AssistantFactory,
    corpus: Path | Corpus | None = None,
    risk: float = 0.05,
    delta: float = 0.1,
    method: Method = "learn_then_test",
    report_on: str | Path | None = "test",
    progress: ProgressCallback | None = None,
    resume: bool = True,
    settings: Mapping[str, str] | None = None,
    run_dir: Path | None = None,
    folder: Path | None = None,
) -> Calibration:
    """Fit the refusal threshold with refusal switched off, and say what it gives on another set.

    An unanswerable question that gets an answer counts as wrong. Storing the threshold is the
    caller's part.
    """

    def results_of(name: str | Path) -> tuple[Result, ...]:
        outcome = evaluate(
            name, assistant_factory=assistant_factory, corpus=corpus, stage="answer",
            resume=resume, progress=progress, settings=settings, run_dir=run_dir, folder=folder,
            refusal=False,
        )  # fmt: skip
        return outcome.run.results

    results = results_of(set_name_or_path)
    threshold = fit_threshold(results, risk, delta, method)
    reported = None
    if report_on is not None:
        reported = apply_threshold(results_of(report_on), threshold.value, Path(report_on).stem)
    own = apply_threshold(results, threshold.value, Path(set_name_or_path).stem)
    return Calibration(threshold, own, reported)


def fit_threshold(
    results: Sequence[Result], risk: float, delta: float, method: Method
) -> Threshold:
    """The threshold from results of a system that did not refuse by confidence.

    What it refused for other reasons (nothing retrieved, checks failed) has no answer to be wrong,
    so it enters with confidence -1, below every threshold.
    """
    confidence = [one.confidence if one.answered else -1.0 for one in results]
    wrong = [one.answered and not one.correct for one in results]
    usable = [(c, w) for c, w in zip(confidence, wrong, strict=True) if c >= 0]
    if method == "learn_then_test":
        return learn_then_test([c for c, _ in usable], [w for _, w in usable], risk, delta)
    return conformal_risk_control(confidence, wrong, risk)


def apply_threshold(results: Sequence[Result], threshold: float, name: str) -> Selective:
    """Count what is answered at a threshold and how much of it is wrong."""
    given = [one for one in results if one.answered and one.confidence >= threshold]
    answered = {one.id for one in given}
    held = [one for one in results if not one.answerable and one.id not in answered]
    return Selective(
        name,
        len(results),
        len(given),
        sum(not one.correct for one in given),
        sum(one.answerable for one in results),
        len(held),
    )
