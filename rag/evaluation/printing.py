"""The records of `commands` as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.evaluation.calibrating import Selective
from rag.evaluation.check import CheckReport, counts_table
from rag.evaluation.compare import Comparison
from rag.evaluation.evaluating import Outcome
from rag.evaluation.questions import Question
from rag.evaluation.records import Progress
from rag.evaluation.report.words import figure, interval, title
from rag.evaluation.summary import LOWER_IS_BETTER


def outcome_text(outcome: Outcome) -> str:
    """Every measure with its interval, the blame, the verdict, and the files written."""
    lines = [outcome.run.name, ""]
    for name, measured in outcome.summary.measures.items():
        mark = " (lower is better)" if name in LOWER_IS_BETTER else ""
        about = f"{interval(measured):18} n={measured.questions}"
        lines.append(f"{title(name) + mark:58} {figure(measured):>8}  {about}")
    if outcome.summary.blames:
        lines += ["", *(f"{number:5}  {name}" for name, number in outcome.summary.blames.items())]
    if outcome.summary.errors:
        lines += ["", f"The system failed on {outcome.summary.errors} questions: see the report."]
    if outcome.verdict is not None:
        lines += ["", "Gate: passed" if outcome.verdict.passed else "Gate: failed"]
        lines += [f"  {reason}" for reason in outcome.verdict.reasons]
    return "\n".join([*lines, "", *(f"wrote {path}" for path in outcome.written)])


def check_text(report: CheckReport) -> str:
    """The counts, then each problem on a line."""
    verdict = "sound" if report.sound else f"{len(report.problems)} problems"
    return "\n".join([counts_table(report), *report.problems, f"The set: {verdict}."])


def comparison_text(comparison: Comparison) -> str:
    """Each measure's change with its interval, then the questions that changed."""
    lines = [f"first:  {comparison.first}", f"second: {comparison.second}", ""]
    for name, one in comparison.differences.items():
        low, high = one.interval
        sure = "*" if low > 0 or high < 0 else " "
        lines.append(
            f"{title(name):58} {one.first:6.3f} -> {one.second:6.3f}  {one.change:+.3f} "
            f"({low:+.3f} to {high:+.3f}){sure} n={one.questions}"
        )
    lines += ["", "* the 95 % interval of the change leaves out 0"]
    lines.append(f"right only in the second: {' '.join(comparison.gained) or 'none'}")
    lines.append(f"right only in the first:  {' '.join(comparison.lost) or 'none'}")
    lines.append(f"McNemar's exact p = {comparison.p_value:.4f}")
    for run, missing in (("first", comparison.only_first), ("second", comparison.only_second)):
        if missing:
            lines.append(f"only in the {run} run: {' '.join(missing)}")
    return "\n".join(lines)


def selective_text(one: Selective) -> str:
    """What a threshold gives on a set, in one sentence."""
    share = one.wrong / one.answered if one.answered else 0.0
    return (
        f"On {one.set_name}: answers {one.answered} of {one.questions}: {one.right} "
        f"right of {one.answerable} answerable, {one.wrong} wrong ({share:.1%}); "
        f"{one.refused_rightly} of {one.questions - one.answerable} unanswerable held back."
    )


def compiled_text(splits: Mapping[str, Sequence[Question]]) -> str:
    """The size of each split."""
    return "\n".join(f"{name}: {len(questions)} questions" for name, questions in splits.items())


def score_text(score: Mapping[str, Any]) -> str:
    """The result of `score_batch`: totals, a row for each kind, and the questions that failed."""
    names = ("answerable", "right", "quoted", "right_and_quoted", "wrongly_refused", "unanswerable",
             "refused", "wrong", "missing")  # fmt: skip
    lines = [f"{'':14}" + "".join(f"{name.replace('_', ' '):>17}" for name in names)]
    for label, row in [*score["kinds"].items(), ("all", score)]:
        lines.append(f"{label:14}" + "".join(f"{row[name]:>17}" for name in names))
    for one in score["questions_failed"]:
        state = one["state"] + (f", {one['reason']}" if one["reason"] else "")
        quoted = "quoted" if one["quoted"] else "not quoted"
        lines.append(f"{one['id']} ({state}; {quoted}): {one['question']} -> {one['text']}")
    return "\n".join(lines)


def progress_text(progress: Progress) -> str:
    """One line for a terminal: "37/120, 4:10 gone, 9:20 left"."""
    left = "" if progress.remaining_s is None else f", {_clock(progress.remaining_s)} left"
    return f"{progress.done}/{progress.total}, {_clock(progress.elapsed_s)} gone{left}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
