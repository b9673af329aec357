"""A run's figures as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping

from rag.evaluation.compare import Comparison
from rag.evaluation.gate import Verdict
from rag.evaluation.records import OURS, Run
from rag.evaluation.report.words import figure, interval, title
from rag.evaluation.summary import LOWER_IS_BETTER, Measured, Summary

GROUP_COLUMNS = (
    "correct",
    "right_and_quoted",
    "wrong_among_answered",
    "citation_f1",
    "passage_recall_10",
    "evidence_recall",
)
COUNTED = ("correct", "passage_recall_10")
"""Measures that every question has which was asked, or whose gold was searched for."""


def markdown_report(run: Run, summary: Summary, verdict: Verdict | None) -> str:
    """Headline, all measures, kinds, formats, blame and metadata. No text of any document."""
    parts = [f"# {run.name}", _verdict(verdict), "## Measures", _measures(summary)]
    parts += ["## By kind", _group_table(summary.by_kind, "kind")]
    parts += ["## By format", _group_table(summary.by_format, "format")]
    if summary.blames:
        lines = [f"| {name} | {number} |" for name, number in summary.blames.items()]
        parts += [
            "## Where it goes wrong",
            "\n".join(["| stage | questions |", "|---|---:|", *lines]),
        ]
    facts = metadata(run, summary)
    parts += [
        "## How it was made",
        "\n".join(f"- {name}: {value}" for name, value in facts.items()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def comparison_report(comparison: Comparison) -> str:
    """Two runs side by side: each measure with the interval of its change, and what changed."""
    lines = [
        "| measure | first | second | change | 95 % interval | n |",
        "|---|---:|---:|---:|---|---:|",
    ]
    for name, one in comparison.differences.items():
        low, high = one.interval
        values = f"{one.first:.3f} | {one.second:.3f} | {one.change:+.3f}"
        lines.append(f"| {title(name)} | {values} | {low:+.3f} to {high:+.3f} | {one.questions} |")
    gained, lost = len(comparison.gained), len(comparison.lost)
    changed = (
        f"Right only in the second: {gained}. Right only in the first: {lost}. McNemar's exact "
        f"p = {comparison.p_value:.4f}."
    )
    parts = [
        f"# {comparison.first} against {comparison.second}",
        f"First: `{comparison.first}`. Second: `{comparison.second}`. Intervals are of the change, "
        "by a bootstrap over the questions that both runs have.",
        "\n".join(lines),
        changed,
        f"- only in the second: {' '.join(comparison.gained) or 'none'}\n"
        f"- only in the first: {' '.join(comparison.lost) or 'none'}",
    ]
    return "\n\n".join(parts) + "\n"


def group_rows(groups: Mapping[str, Mapping[str, Measured]], label: str) -> list[list[str]]:
    """A head, then a row for each group: what was measured of GROUP_COLUMNS, and how many
    questions of it were asked and had their gold searched for."""
    shown = [name for name in GROUP_COLUMNS if any(name in row for row in groups.values())]
    rows = [[label, *(title(name) for name in shown), "asked", "searched"]]
    for group, row in groups.items():
        counts = [row[name].questions if name in row else "" for name in COUNTED]
        values = [figure(row[name]) if name in row else "" for name in shown]
        rows.append([group, *values, *map(str, counts)])
    return rows


def _group_table(groups: Mapping[str, Mapping[str, Measured]], label: str) -> str:
    head, *rows = group_rows(groups, label)
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1), *lines])


def metadata(run: Run, summary: Summary) -> dict[str, str]:
    """Commit, models, settings and machine, flat."""
    answers = [one.answer for one in run.results if one.answer]
    header = run.header
    facts = {
        "system": str(header.get("system", OURS)),
        "set": f"{header['set']}, {len(run.results)} questions, sha256 {header['set_sha256'][:12]}",
        "stage": f"{header['stage']}{', quick' if header['quick'] else ''}",
        "commit": str(header["commit"]),
        "started": str(header["started"]),
        "failures of the system": str(summary.errors),
    }
    if answers:
        facts |= {name: str(value) for name, value in answers[0]["provenance"].items()}
    facts |= {name: str(value) for name, value in header["settings"].items()}
    return facts | {name: str(value) for name, value in header["machine"].items()}


def _verdict(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    if verdict.passed:
        return "Gate: passed."
    return "Gate: **failed**.\n\n" + "\n".join(f"- {reason}" for reason in verdict.reasons)


def _measures(summary: Summary) -> str:
    lines = ["| measure | value | 95 % interval | questions |", "|---|---:|---|---:|"]
    for name, measured in summary.measures.items():
        mark = " (lower is better)" if name in LOWER_IS_BETTER else ""
        row = [title(name) + mark, figure(measured), interval(measured), str(measured.questions)]
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)
