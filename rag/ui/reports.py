"""Saved evaluation runs as HTML: figures that others computed, shown as they are."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError, RagError
from rag.evaluation.compare import Comparison, compare_runs
from rag.evaluation.evaluating import evaluation_folder
from rag.evaluation.measures.abstention import reliability, risk_coverage
from rag.evaluation.questions import Question, load_set
from rag.evaluation.records import Result, Run
from rag.evaluation.report.plots import reliability_svg, risk_coverage_svg
from rag.evaluation.report.words import figure, interval, title
from rag.evaluation.run import load_run
from rag.evaluation.summary import HEADLINE, LOWER_IS_BETTER, Summary, selective, summarise
from rag.home import home
from rag.ui.markup import phrase, safe, shorten
from rag.ui.strings import say

_LOG = logging.getLogger(__name__)
_MAX_BYTES = 64 * 1024 * 1024
_MOST_FAILURES = 300
_LONGEST = 1200


def runs() -> dict[str, Path]:
    """Finished runs by name, the latest first: those of this machine and the reports kept."""
    folders = (home().state / "evaluation", evaluation_folder() / "reports")
    files = [path for folder in folders for path in folder.glob("*.jsonl")]
    dated = [(path.stat(), path) for path in files]
    dated.sort(key=lambda pair: pair[0].st_mtime, reverse=True)
    named: dict[str, Path] = {}
    for stat, path in dated:
        if stat.st_size <= _MAX_BYTES and _finished(path):
            named.setdefault(path.stem, path)
    return named


def run_html(path: Path, language: str) -> str:
    """One run: headline, curves, the questions that failed, every measure.

    Raises:
        EvaluationError: not a finished run.
    """
    run, summary = _opened(path, path.stat().st_mtime_ns)
    failed = [one for one in run.results if one.asked and not one.correct]
    return (
        f'<div class="sb-run">{_tiles(summary)}{_curves(run.results, language)}'
        f"{_failures(run, failed, language)}{_all_measures(summary, language)}</div>"
    )


def comparison_html(first: Path, second: Path, language: str) -> str:
    """Two runs question by question, the change from the first to the second.

    Raises:
        EvaluationError: they cannot be compared, and why.
    """
    one, _ = _opened(first, first.stat().st_mtime_ns)
    two, _ = _opened(second, second.stat().st_mtime_ns)
    compared = compare_runs(one, two)
    rows = [
        (title(row.name), f"{row.first:.3f}", f"{row.second:.3f}", f"{row.change:+.3f}",
         f"{row.interval.low:+.3f} … {row.interval.high:+.3f}", str(row.questions))
        for row in compared.differences.values()
    ]  # fmt: skip
    head = ["measure", "before", "after", "change", "interval", "questions"]
    return (
        f'<div class="sb-run"><h2>{phrase(language, "compared")}</h2>'
        f"{_turned(compared, language)}{_table([say(language, key) for key in head], rows)}</div>"
    )


def _turned(compared: Comparison, language: str) -> str:
    lines = (
        ("gained", compared.gained),
        ("lost", compared.lost),
    )
    parts = [
        f"<p>{phrase(language, name, n=len(ids))} <code>{safe(', '.join(ids))}</code></p>"
        for name, ids in lines
    ]
    return "".join(parts) + f"<p>{phrase(language, 'mcnemar', p=f'{compared.p_value:.3f}')}</p>"


def _tiles(summary: Summary) -> str:
    shown = [summary.measures[name] for name in HEADLINE if name in summary.measures]
    tiles = "".join(
        f'<div class="sb-tile"><strong>{safe(figure(one))}</strong>'
        f"<span>{safe(title(one.name))}</span><small>{safe(interval(one))}</small></div>"
        for one in shown
    )
    return f'<div class="sb-tiles">{tiles}</div>'


def _curves(results: Sequence[Result], language: str) -> str:
    asked = [one for one in results if one.asked]
    if not asked:
        return f'<p class="sb-small">{phrase(language, "retrieval_only")}</p>'
    answered = [one for one in asked if one.answered]
    curve = risk_coverage(*selective(asked))
    bars = reliability([one.confidence for one in answered], [one.correct for one in answered])
    drawn = ((risk_coverage_svg(curve), "curve_risk"), (reliability_svg(bars), "curve_bars"))
    return (
        '<div class="sb-plots">'
        + "".join(
            f"<figure>{svg}<figcaption>{phrase(language, key)}</figcaption></figure>"
            for svg, key in drawn
        )
        + "</div>"
    )


def _failures(run: Run, failed: Sequence[Result], language: str) -> str:
    asked = sum(one.asked for one in run.results)
    if not asked:
        return ""
    questions = _questions(str(run.header.get("set", "")))
    head = phrase(language, "failed_n", n=len(failed), all=asked)
    rows = "".join(
        _failure(one, questions.get(one.id), language) for one in failed[:_MOST_FAILURES]
    )
    return f"<h2>{head}</h2>{rows}"


def _failure(result: Result, question: Question | None, language: str) -> str:
    answer: Mapping[str, Any] = result.answer or {}
    asked = question.question if question else str(answer.get("question", result.id))
    told = str(answer.get("text", ""))
    if result.refused:
        told = f"{say(language, 'refused_as')}: {answer.get('reason')}. {told}"
    facts = [
        ("expected", _expected(question, language)),
        ("given", told or say(language, "text_left_out")),
        ("quoted", "\n".join(str(row["quote"]) for row in answer.get("citations", []))),
        ("gold", "\n".join(s.quote for group in question.gold for s in group) if question else ""),
        ("stage_blamed", result.blame or ""),
        ("internal_error", result.error or ""),
    ]
    body = "".join(
        f"<dt>{phrase(language, key)}</dt><dd>{safe(shorten(words, _LONGEST))}</dd>"
        for key, words in facts
        if words
    )
    where = " · ".join(part for part in (result.kind, result.blame) if part)
    return (
        f'<details class="sb-failure"><summary>{safe(shorten(asked, 300))} '
        f'<span class="sb-small">{safe(where)}</span></summary>'
        f'<dl class="sb-facts">{body}</dl></details>'
    )


def _expected(question: Question | None, language: str) -> str:
    if question is None:
        return ""
    if not question.answerable:
        return say(language, "a_refusal")
    return " + ".join(" / ".join(group) for group in question.answers)


def _all_measures(summary: Summary, language: str) -> str:
    lower = say(language, "lower_better")
    rows = [
        (title(name) + (f" ({lower})" if name in LOWER_IS_BETTER else ""), figure(one),
         interval(one), str(one.questions))
        for name, one in summary.measures.items()
    ]  # fmt: skip
    head = [say(language, key) for key in ("measure", "value", "interval", "questions")]
    words = phrase(language, "all_measures")
    return f'<details class="sb-also"><summary>{words}</summary>{_table(head, rows)}</details>'


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{safe(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{safe(row[0])}</th>'
        + "".join(f"<td>{safe(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="sb-scroll" tabindex="0" role="region" aria-label="{safe(head[0])}">'
        f'<table class="sb-table sb-figures"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _finished(path: Path) -> bool:
    """Whether the file opens with a header and ends with a footer; cheap on long files."""
    with path.open("rb") as file:
        first = file.readline(1024 * 1024)
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 4096))
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    try:
        return "header" in json.loads(first) and "footer" in json.loads(last)
    except (ValueError, TypeError):
        return False


@lru_cache(maxsize=8)
def _opened(path: Path, stamp: int) -> tuple[Run, Summary]:
    try:
        run = load_run(path)
        return run, summarise(run)
    except (KeyError, TypeError, ValueError) as problem:
        raise EvaluationError(
            f"{path.name} was written by another version ({problem!r}). Run it again: rag eval"
        ) from problem


@lru_cache(maxsize=8)
def _questions(name: str) -> dict[str, Question]:
    try:
        return {one.id: one for one in load_set(name, evaluation_folder() / "questions").questions}
    except RagError as problem:
        _LOG.info("the questions of %s are not here: %s", name, problem)
        return {}
