"""The Evaluation and Settings tabs as HTML: figures that others computed, shown as they are."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from rag.errors import RagError
from rag.ui.markup import phrase, safe

_LOG = logging.getLogger(__name__)
_MAX_REPORTS = 4
_MAX_BYTES = 8 * 1024 * 1024


def evaluation_html(folder: Path, language: str) -> str:
    """The latest reports side by side, a row for each measure that any of them has."""
    reports = dict(_latest(folder))
    if not reports:
        return f'<p class="sb-empty">{phrase(language, "no_reports")}</p>'
    names = list(dict.fromkeys(name for figures in reports.values() for name in figures))
    head = "".join(f'<th scope="col">{safe(name)}</th>' for name in reports)
    rows = "".join(
        f'<tr><th scope="row">{safe(name)}</th>'
        + "".join(f"<td>{_figure(figures.get(name))}</td>" for figures in reports.values())
        + "</tr>"
        for name in names
    )
    return (
        f'<div class="sb-scroll" tabindex="0" role="region" '
        f'aria-label="{phrase(language, "tab_evaluation")}">'
        f'<table class="sb-table"><thead><tr><th scope="col">{phrase(language, "measure")}</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def settings_html(facts: Mapping[str, str], language: str, problem: str | None = None) -> str:
    """What runs where."""
    rows = "".join(f"<dt>{safe(k)}</dt><dd>{safe(v)}</dd>" for k, v in facts.items())
    bad = f'<p class="sb-problem">{safe(problem)}</p>' if problem else ""
    return (
        f'<h2>{phrase(language, "what_runs")}</h2>{bad}<dl class="sb-facts">{rows}</dl>'
        f'<p class="sb-small">{phrase(language, "settings_local")}</p>'
    )


def headline(report: Any, prefix: str = "", depth: int = 0) -> dict[str, float]:
    """The numbers of a report, three levels deep, under dotted names; no lists."""
    figures: dict[str, float] = {}
    if not isinstance(report, dict) or depth > 2:
        return figures
    for key, value in report.items():
        name = f"{prefix}{key}"
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            figures[name] = float(value)
        else:
            figures |= headline(value, f"{name}.", depth + 1)
    return figures


def _latest(folder: Path) -> Iterator[tuple[str, dict[str, float]]]:
    files = [path for path in folder.glob("*.json*") if path.stat().st_size <= _MAX_BYTES]
    files.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[:_MAX_REPORTS]:
        figures = _figures_of(path, path.stat().st_mtime_ns)
        if figures:
            yield path.stem, figures


@lru_cache(maxsize=32)
def _figures_of(path: Path, stamp: int) -> dict[str, float]:
    """A saved run's measures, or the numbers of a plain JSON report; empty when it is neither."""
    try:
        if path.suffix == ".json":
            return headline(json.loads(path.read_text(encoding="utf-8")))
        from rag.evaluation.run import load_run
        from rag.evaluation.summary import summarise

        measures = summarise(load_run(path)).measures
    except (RagError, ValueError, KeyError, TypeError) as problem:
        _LOG.warning("the report %s is left out: %s", path.name, problem)
        return {}
    return {name: row.value for name, row in measures.items() if isfinite(row.value)}


def _figure(value: float | None) -> str:
    if value is None:
        return "—"
    return safe(f"{value:.0f}" if value == int(value) and abs(value) >= 2 else f"{value:.3f}")
