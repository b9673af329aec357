"""The report: one table, the raw figures as JSON, and two pictures as SVG."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

from rag.benchmark.ratios import Ratio, middle
from rag.benchmark.suite import Asked, Limits

STAGES = ("retrieve", "reading, first probe", "writing", "later probes", "the rest")
_COLOURS = ("#4c72b0", "#dd8452", "#55a868", "#c44e52", "#8c8c8c")
_LEFT, _WIDTH, _ROW = 170, 680, 34


@dataclass(frozen=True, slots=True)
class Report:
    """All that one run of the benchmark found. Seconds, MB (10^6 bytes), tokens."""

    machine: Mapping[str, str]
    commit: str
    starts: Mapping[str, float]
    asked: tuple[Asked, ...]
    ratios: Mapping[str, Ratio]
    limits: Limits | None


def stages_of(one: Asked) -> dict[str, float]:
    """Seconds of one question by stage; they add up to its total."""
    probes = [call.total_s for call in one.calls if call.kind == "probabilities"]
    streams = [call for call in one.calls if call.kind == "stream"]
    reading = (probes[0] if probes else 0.0) + sum(call.first_s for call in streams)
    writing = sum(call.total_s - call.first_s for call in streams)
    known = one.retrieve_s + reading + writing + sum(probes[1:])
    rest = max(0.0, one.total_s - known)
    values = (one.retrieve_s, reading, writing, sum(probes[1:]), rest)
    return dict(zip(STAGES, values, strict=True))


def markdown(report: Report) -> str:
    """The table; every row says what it is of."""
    lines = ["# Speed", "", f"Commit {report.commit}, made by `rag bench`. " + _machine(report), ""]
    lines += ["| start and size | |", "|---|---:|"]
    lines += [f"| {name} | {value:.2f} |" for name, value in report.starts.items()]
    systems = list(dict.fromkeys(one.system for one in report.asked))
    if systems:
        lines += ["", f"| a question, median | {' | '.join(systems)} |"]
        lines.append("|---|" + "---:|" * len(systems))
        for name, cells in _rows(report.asked, systems).items():
            lines.append(f"| {name} | {' | '.join(cells)} |")
    if report.ratios:
        lines += ["", "| ours over the plain pipeline | ratio, 95% interval |", "|---|---:|"]
        lines += [f"| {name} | {ratio} |" for name, ratio in report.ratios.items()]
    if report.limits:
        lines += ["", "| limit | |", "|---|---:|", *_limit_rows(report.limits)]
    return "\n".join(lines) + "\n"


def write_report(folder: Path, report: Report) -> list[Path]:
    """`speed.md`, `speed.json`, `speed-stages.svg` and `speed-totals.svg` in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "speed.md": markdown(report),
        "speed.json": json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n",
        "speed-stages.svg": stages_svg(report.asked),
        "speed-totals.svg": totals_svg(report.asked),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def stages_svg(asked: Sequence[Asked]) -> str:
    """A bar for each system: the mean seconds of each stage, one after the other."""
    systems = list(dict.fromkeys(one.system for one in asked))
    means = {}
    for system in systems:
        parts = [stages_of(one) for one in asked if one.system == system]
        means[system] = [sum(part[stage] for part in parts) / len(parts) for stage in STAGES]
    longest = max((sum(values) for values in means.values()), default=1.0)
    marks = []
    for row, (system, values) in enumerate(means.items()):
        left = float(_LEFT)
        for stage, value, colour in zip(STAGES, values, _COLOURS, strict=True):
            width = value / longest * (_WIDTH - _LEFT - 20)
            marks.append(_bar(left, row, width, colour, f"{system}, {stage}: {value:.2f} s"))
            left += width
        marks.append(_label(row, f"{system}, {sum(values):.1f} s"))
    for number, (stage, colour) in enumerate(zip(STAGES, _COLOURS, strict=True)):
        marks.append(_bar(_LEFT, len(means) + number, 14, colour, stage))
        marks.append(_label(len(means) + number, stage))
    return _svg("Mean seconds of a question by stage", len(means) + len(STAGES), marks)


def totals_svg(asked: Sequence[Asked]) -> str:
    """A bar for each question and system: its total seconds."""
    systems = list(dict.fromkeys(one.system for one in asked))
    longest = max((one.total_s for one in asked), default=1.0)
    marks = []
    ordered = sorted(asked, key=lambda one: (one.question, systems.index(one.system)))
    for row, one in enumerate(ordered):
        width = one.total_s / longest * (_WIDTH - _LEFT - 20)
        colour = _COLOURS[systems.index(one.system) % len(_COLOURS)]
        tip = f"{one.question}, {one.system}: {one.total_s:.2f} s"
        marks += [_bar(_LEFT, row, width, colour, tip), _label(row, f"{one.question} {one.system}")]
    return _svg("Seconds of each question", len(ordered), marks)


def _rows(asked: Sequence[Asked], systems: Sequence[str]) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for system in systems:
        own = [one for one in asked if one.system == system]
        values: dict[str, float | None] = {
            "retrieve s": middle([one.retrieve_s for one in own]),
            "first quote s": middle([one.first_quote_s for one in own]),
            "first token s": middle([one.first_token_s for one in own]),
            "total s": middle([one.total_s for one in own]),
            "total s, 95th percentile": middle([one.total_s for one in own], 0.95),
            "tokens evaluated of prompts": middle([one.tokens_in for one in own]),
            "tokens written": middle([one.tokens_out for one in own]),
            "calls of the model": middle([len(one.calls) for one in own]),
            **{f"{name} s": middle([stages_of(one)[name] for one in own]) for name in STAGES[1:]},
        }
        for name, value in values.items():
            rows.setdefault(name, []).append("-" if value is None else f"{value:.2f}")
    return rows


def _limit_rows(limits: Limits) -> list[str]:
    return [
        f"| memory read, GB/s | {limits.memory_gb_s:.1f} |",
        f"| float32 product, GFLOP/s | {limits.float32_gflop_s:.0f} |",
        f"| weights read once a token: tokens/s at most | {limits.decode_bound:.1f} |",
        f"| bare model, decoding, tokens/s | {limits.bare_decode:.1f} |",
        f"| bare model, prompt of 512, tokens/s | {limits.bare_prefill:.0f} |",
        f"| ours over the bare model, decoding | {limits.decode_ratio} |",
        f"| ours over the bare model, prompt | {limits.prefill_ratio} |",
    ]


def _machine(report: Report) -> str:
    return ", ".join(f"{name} {value}" for name, value in report.machine.items()) + "."


def _bar(left: float, row: int, width: float, colour: str, tip: str) -> str:
    return (
        f'<rect x="{left:.1f}" y="{row * _ROW + 30}" width="{width:.1f}" height="{_ROW - 12}" '
        f'fill="{colour}"><title>{escape(tip)}</title></rect>'
    )


def _label(row: int, text: str) -> str:
    return f'<text x="{_LEFT - 8}" y="{row * _ROW + 46}" text-anchor="end">{escape(text)}</text>'


def _svg(title: str, rows: int, marks: Sequence[str]) -> str:
    height = rows * _ROW + 40
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>'
        f'<text x="12" y="18" font-size="14">{escape(title)}</text>{"".join(marks)}</svg>\n'
    )
