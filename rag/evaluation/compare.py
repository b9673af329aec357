"""Two runs of the same questions, question by question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from rag.errors import EvaluationError
from rag.evaluation.measures.intervals import Interval, mcnemar_exact, paired_bootstrap, ratio
from rag.evaluation.records import Result, Run


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure over the questions asked in both runs; `change` is second minus first.

    `interval` is the paired bootstrap's for `change`, over questions.
    """

    name: str
    first: float
    second: float
    change: float
    interval: Interval
    questions: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`gained` and `lost` are ids right only in the second and only in the first run.

    `p_value` is McNemar's exact one on them. `only_first` and `only_second` are ids that one run
    does not have.
    """

    first: str
    second: str
    differences: Mapping[str, Difference]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    p_value: float
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def compare_runs(first: Run, second: Run) -> Comparison:
    """Compare per question. What was asked in both is compared; the rest is named.

    Raises:
        EvaluationError: no question in common, or the runs are of different versions of a set.
    """
    if first.header["set_sha256"] != second.header["set_sha256"]:
        raise EvaluationError(
            f"{first.name} and {second.name} are of different questions "
            f"({first.header['set']} {str(first.header['set_sha256'])[:8]}, {second.header['set']} "
            f"{str(second.header['set_sha256'])[:8]}). Run one of them again on the other's set."
        )
    one = {result.id: result for result in first.results}
    two = {result.id: result for result in second.results}
    common = [identifier for identifier in one if identifier in two]
    if not common:
        raise EvaluationError(f"{first.name} and {second.name} have no question in common.")
    pairs = [(one[identifier], two[identifier]) for identifier in common]
    asked = [(a, b) for a, b in pairs if a.asked and b.asked]
    gained = tuple(a.id for a, b in asked if b.correct and not a.correct)
    lost = tuple(a.id for a, b in asked if a.correct and not b.correct)
    return Comparison(
        first.name,
        second.name,
        _differences(pairs),
        gained,
        lost,
        mcnemar_exact(len(lost), len(gained)),
        tuple(identifier for identifier in one if identifier not in two),
        tuple(identifier for identifier in two if identifier not in one),
    )


def _differences(pairs: list[tuple[Result, Result]]) -> dict[str, Difference]:
    names = dict.fromkeys(name for a, b in pairs for name in a.scores if name in b.scores)
    differences: dict[str, Difference] = {}
    for name in names:
        both = [(a, b) for a, b in pairs if name in a.scores and name in b.scores]
        before, after = [a.scores[name] for a, _ in both], [b.scores[name] for _, b in both]
        first, second = ratio(before), ratio(after)
        if isnan(first) or isnan(second):
            continue
        interval = paired_bootstrap(before, after)
        differences[name] = Difference(name, first, second, second - first, interval, len(both))
    return differences
