"""A turn as the two bubbles of the chat.

Each bubble is one `<div>` without line breaks: Markdown is not parsed inside an HTML block, and
Gradio's sanitiser still runs over it. Every piece of outside text is escaped.
"""

from __future__ import annotations

import re

from rag.types import Answer, Checks, Citation, Conflict, Statement
from rag.ui.levels import USUAL
from rag.ui.limits import limits_of
from rag.ui.markup import one_line, phrase, safe, shorten
from rag.ui.strings import say
from rag.ui.turns import Turn

_MARKER = re.compile(r"[\[【](\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)[\]】]")
_KNOWN_STAGES = ("loading", "searching", "reading", "waiting", "writing", "checking")


def question_html(turn: Turn) -> str:
    """The user's bubble."""
    return one_line(f'<div class="sb-question">{_lines(turn.question)}</div>')


def answer_html(turn: Turn, language: str) -> str:
    """The assistant's bubble, for any state a turn can be in."""
    parts = [_limits(turn, language), _progress(turn, language)]
    if turn.answer is not None:
        parts += _answer_parts(turn, turn.answer, language)
    else:
        if turn.text:
            parts.append(f'<p class="sb-draft">{_lines(turn.text)}</p>')
        if turn.problem is not None:
            words = say(language, "internal") if turn.problem == "internal" else turn.problem
            parts.append(f'<p class="sb-problem">{safe(words)}</p>')
        elif turn.stopped:
            parts.append(f'<p class="sb-note">{phrase(language, "stopped")}</p>')
    parts.append(_actions(turn, language))
    return one_line(f'<div class="sb-answer" id="turn-{turn.number}">{"".join(parts)}</div>')


def _answer_parts(turn: Turn, answer: Answer, language: str) -> list[str]:
    parts = []
    if answer.understood:
        label = phrase(language, "understood")
        parts.append(f'<p class="sb-understood">{label} {safe(answer.understood)}</p>')
    if answer.state == "abstained":
        return [*parts, _refusal(turn.number, answer, language)]
    if answer.statements:
        sentences = [_statement(turn.number, row, answer, language) for row in answer.statements]
        parts.append(f'<p class="sb-text">{" ".join(sentences)}</p>')
    else:
        parts.append(
            f'<p class="sb-text">{_linked(turn.number, answer.text, answer, language)}</p>'
        )
    parts += [_conflict(turn.number, row, answer, language) for row in answer.conflicts]
    return parts


def _statement(number: int, statement: Statement, answer: Answer, language: str) -> str:
    body = _linked(number, statement.text, answer, language)
    written = {
        int(n) for found in _MARKER.findall(statement.text) for n in re.findall(r"\d+", found)
    }
    missing = [n for n in statement.citations if n not in written]
    body += "".join(_marker(number, n, answer, language) for n in missing)
    return f'<span class="sb-statement">{body}{_sign(statement.checks, language)}</span>'


def _linked(number: int, text: str, answer: Answer, language: str) -> str:
    """Escaped text in which the markers of existing citations are links."""
    parts, last = [], 0
    for found in _MARKER.finditer(text):
        numbers = [int(n) for n in re.findall(r"\d+", found[1])]
        if not all(any(c.number == n for c in answer.citations) for n in numbers):
            continue
        parts.append(_lines(text[last : found.start()]))
        parts += [_marker(number, n, answer, language) for n in numbers]
        last = found.end()
    return "".join([*parts, _lines(text[last:])])


def _marker(turn: int, number: int, answer: Answer, language: str) -> str:
    title = next((c.title for c in answer.citations if c.number == number), "")
    tip = phrase(language, "source_n", n=number, title=shorten(title, 120))
    return f'<a class="sb-marker" href="#ev-{turn}-{number}" title="{tip}">[{number}]</a>'


def _sign(checks: Checks, language: str) -> str:
    if checks.passed:
        words = phrase(language, "checked")
        hidden = f'<span class="sb-hidden"> {words}</span>'
        return f'<span class="sb-sign sb-ok" title="{words}">✓{hidden}</span>'
    results = {name: getattr(checks, name) for name in ("figures", "names", "dates", "negation")}
    worst = "conflict" if "conflict" in results.values() else "missing"
    what = ", ".join(say(language, name) for name, result in results.items() if result == worst)
    words = phrase(language, "disagrees" if worst == "conflict" else "partly", what=what)
    sign = "≠" if worst == "conflict" else "?"
    return f'<span class="sb-sign sb-{worst}" title="{words}">{sign} {words}</span>'


def _refusal(number: int, answer: Answer, language: str) -> str:
    reason = answer.reason or "no_support"
    parts = [
        f'<p class="sb-refusal-head">{phrase(language, "no_answer")}</p>',
        f"<p>{phrase(language, f'why_{reason}')} {phrase(language, f'do_{reason}')}</p>",
    ]
    if answer.nearest:
        rows = "".join(
            f'<li><a class="sb-marker" href="#ev-{number}-{place}">[{place}]</a> '
            f"<q>{safe(shorten(near.quote, 300))}</q> "
            f"<cite>{safe(_source(near, language))}</cite></li>"
            for place, near in enumerate(answer.nearest, start=1)
        )
        parts.append(f'<p class="sb-small">{phrase(language, "nearest")}</p>')
        parts.append(f'<ul class="sb-nearest">{rows}</ul>')
    return f'<div class="sb-refusal">{"".join(parts)}</div>'


def _conflict(number: int, conflict: Conflict, answer: Answer, language: str) -> str:
    sides = "".join(
        f'<div class="sb-side"><strong>{safe(row.published or say(language, "undated"))}</strong> '
        f"<span>{safe(shorten(row.title, 120))}</span><br><q>{safe(shorten(row.quote, 300))}</q> "
        f"{_marker(number, row.number, answer, language)}</div>"
        for wanted in conflict.citations
        for row in answer.citations
        if row.number == wanted
    )
    head = phrase(language, "conflict", about=conflict.about)
    return (
        f'<div class="sb-conflict"><p class="sb-conflict-head">{head}</p>'
        f'<div class="sb-sides">{sides}</div></div>'
    )


def _source(citation: Citation, language: str) -> str:
    return f"{shorten(citation.title, 120)}, {citation.published or say(language, 'undated')}"


def _progress(turn: Turn, language: str) -> str:
    """The stages passed, each with its seconds, the current one marked; after the end their sum.

    It stands above the answer, so that nothing below the text moves while it is written.
    """
    rows = []
    steps = tuple(turn.steps)  # a thread adds to them
    for place, step in enumerate(steps):
        last = place + 1 == len(steps)
        end = turn.elapsed() if last else steps[place + 1].began
        words = f"{step.name} {step.detail}".strip()
        if step.name in _KNOWN_STAGES:
            words = say(language, f"stage_{step.name}", n=step.detail)
        rows.append(f"{words} {_seconds(max(end - step.began, 0), language)}")
    if turn.running:
        spans = [f'<span class="sb-step">{safe(row)}</span>' for row in rows[:-1]]
        spans += [f'<span class="sb-step sb-now">{safe(row)}</span>' for row in rows[-1:]]
        return f'<p class="sb-steps">{" ".join(spans)}</p>'
    parts = [_seconds(turn.elapsed(), language)]
    if turn.answer is not None and turn.answer.state == "answered":
        percent = round(100 * turn.answer.confidence)
        parts.append(say(language, "confidence", n=percent))
    told = safe(" · ".join(rows))
    return f'<p class="sb-steps" title="{told}"><span>{safe(" · ".join(parts))}</span></p>'


def _seconds(seconds: float, language: str) -> str:
    return say(language, "seconds", n=f"{seconds:.1f}")


def _limits(turn: Turn, language: str) -> str:
    parts = [limits_of(turn.filters, language)]
    if turn.level not in ("", USUAL):
        parts.append(say(language, f"chip_{turn.level}"))
    what = "; ".join(part for part in parts if part)
    return f'<p class="sb-limits">{phrase(language, "filters_on", what=what)}</p>' if what else ""


def _actions(turn: Turn, language: str) -> str:
    if turn.running:
        return ""

    def link(kind: str, words: str = "", style: str = "") -> str:
        words = words or phrase(language, kind)
        return f'<a class="sb-act{style}" href="#do-{kind}-{turn.number}">{words}</a>'

    parts = [link("again"), link("edit")]
    if turn.answer is not None:
        kinds = ["as_markdown", "as_text", "as_json"]
        if turn.answer.citations:
            kinds += ["as_bibtex", "as_csl"]
        saved = " ".join(link(kind) for kind in kinds)
        words = phrase(language, "save_as")
        thumbs = [
            link(kind, f'<span class="sb-hidden">{phrase(language, kind)}</span>',
                 f" sb-thumb sb-{kind}{' sb-on' if turn.rating == kind else ''}")
            for kind in ("good", "bad")
        ]  # fmt: skip
        parts = [link("copy"), *parts, *thumbs]
        parts.append(f'<details class="sb-saves"><summary>{words}</summary>{saved}</details>')
    return f'<div class="sb-acts">{" ".join(parts)}</div>'


def _lines(text: str) -> str:
    return safe(text.strip("\n")).replace("\n", "<br>")
