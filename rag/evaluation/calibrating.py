"""The refusal threshold that results of one set allow, and what it gives on those of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.calibration import Threshold, learn_then_test
from rag.evaluation.records import Result


@dataclass(frozen=True, slots=True)
class Selective:
    """What a threshold gives on a set: answered and wrong among them, of `questions`.

    `answerable` of them had an answer, and `right` of these got it; `refused_rightly` counts the
    others that were held back. An answer to one of the others that says what is fair to say of it
    is neither right nor wrong.
    """

    set_name: str
    questions: int
    answered: int
    right: int
    wrong: int
    answerable: int
    refused_rightly: int


def fit_threshold(results: Sequence[Result], risk: float, delta: float = 0.1) -> Threshold:
    """The threshold (`learn_then_test`) from results of a system that did not refuse for doubt.

    An unanswerable question that got an answer counts as wrong. What was refused for other reasons
    (nothing retrieved, checks failed) has no answer to be wrong and is left out. The risk is
    promised only where the results' confidence was fitted on other questions.
    """
    answered = [one for one in results if one.answered]
    return learn_then_test(
        [one.confidence for one in answered], [not one.correct for one in answered], risk, delta
    )


def apply_threshold(results: Sequence[Result], threshold: float, name: str) -> Selective:
    """Count what is answered at a threshold and how much of it is wrong."""
    given = [one for one in results if one.answered and one.confidence >= threshold]
    answered = {one.id for one in given}
    held = [one for one in results if not one.answerable and one.id not in answered]
    return Selective(
        name,
        len(results),
        len(given),
        sum(one.correct and one.answerable for one in given),
        sum(not one.correct for one in given),
        sum(one.answerable for one in results),
        len(held),
    )
