"""A document's text as HTML: chrome greyed, quotes marked, sentences shaded when inspected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.types import Chrome, Page, Sentence, StoredDocument
from rag.ui.markup import phrase, safe, shorten
from rag.ui.strings import say

WINDOW = 60_000
"""Characters shown at once: a browser stays quick, whatever the document's length."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `[start, end)` of the file that carry a style."""

    start: int
    end: int
    style: str


def window(document: StoredDocument, at: int, size: int = WINDOW) -> tuple[int, int]:
    """The part of the document to show: all of it, or `size` characters around offset `at`."""
    if document.end - document.start <= size:
        return document.start, document.end
    start = max(document.start, min(at - size // 2, document.end - size))
    return start, start + size


def styled(
    text: str, start: int, end: int, spans: Iterable[Span], pages: Sequence[Page] = ()
) -> str:
    """Escaped `text[start:end]` with nested styles flattened: each run carries all its classes.

    The run at which the style "current" begins gets the anchor `sb-current`.
    """
    kept = [span for span in spans if span.start < end and span.end > start]
    cuts = {start, end}
    for span in kept:
        cuts |= {max(span.start, start), min(span.end, end)}
    numbers = {page.start: page.number for page in pages if start <= page.start < end}
    ordered = sorted(cuts | set(numbers))
    opening = sorted(kept, key=lambda span: span.start)
    active: list[Span] = []
    parts, place, anchored = [], 0, False
    for left, right in pairwise(ordered):
        active = [span for span in active if span.end > left]
        while place < len(opening) and opening[place].start <= left:
            active.append(opening[place])
            place += 1
        styles = sorted({span.style for span in active if span.end > left})
        if left in numbers:
            parts.append(f'<span class="sb-page">{numbers[left]}</span>')
        body = safe(text[left:right])
        if not styles:
            parts.append(body)
            continue
        tag = "mark" if {"quote", "current"} & set(styles) else "span"
        anchor = ' id="sb-current" tabindex="-1"' if "current" in styles and not anchored else ""
        anchored = anchored or bool(anchor)
        classes = " ".join(f"sb-{style}" for style in styles)
        parts.append(f'<{tag} class="{classes}"{anchor}>{body}</{tag}>')
    return "".join(parts)


def quote_spans(quotes: Iterable[tuple[int, int]], current: tuple[int, int]) -> list[Span]:
    """Spans for all quotes of an answer in this file, the opened one apart."""
    return [Span(*q, "current" if q == current else "quote") for q in quotes]


def chrome_spans(chrome: Iterable[Chrome]) -> list[Span]:
    """Page furniture."""
    return [Span(row.start, row.end, "chrome") for row in chrome]


def sentence_spans(sentences: Sequence[Sentence]) -> list[Span]:
    """Alternating shades, and who said it underlined."""
    spans = [Span(s.start, s.end, f"shade{n % 2}") for n, s in enumerate(sentences)]
    for sentence in sentences:
        spans += [Span(a.start, a.end, "attribution") for a in sentence.attributions]
    return spans


def dialog_html(
    document: StoredDocument,
    body: str,
    shown: tuple[int, int],
    language: str,
    *,
    legend: str = "",
    steps: tuple[int, str, str] | None = None,
    file: str | None = None,
    picture: str | None = None,
) -> str:
    """The reader. `steps` is (turn, key of the previous quote, key of the next), "" for none.

    `file` is the address of the file, `picture` that of its page as printed.
    """
    title = safe(shorten(document.title, 200))
    meta = [
        safe(document.outlet or document.author or ""),
        safe(document.published or say(language, "undated")),
        _file(document.path, file, language),
    ]
    before = f'<p class="sb-cut">{phrase(language, "cut_before")}</p>'
    after = f'<p class="sb-cut">{phrase(language, "cut_after")}</p>'
    return (
        '<dialog class="sb-reader" aria-labelledby="sb-reader-title">'
        f'<header><h2 id="sb-reader-title"><bdi>{title}</bdi></h2>'
        f"{_buttons(steps, language, picture)}</header>"
        f'<p class="sb-meta">{" · ".join(part for part in meta if part)}</p>'
        f"{f'<p class=sb-legend>{safe(legend)}</p>' if legend else ''}"
        f'<div class="sb-page-text" tabindex="0" role="document" lang="{safe(document.language)}">'
        f"{before if shown[0] > document.start else ''}{body}"
        f"{after if shown[1] < document.end else ''}</div>{_printed(picture, language)}</dialog>"
    )


def _file(path: str, address: str | None, language: str) -> str:
    name = f"<bdi>{safe(path)}</bdi>"
    if address is None:
        return f"{phrase(language, 'file')}: {name}"
    told = phrase(language, "download")
    return f'<a class="sb-file-link" href="{safe(address)}" download title="{told}">{name}</a>'


def _printed(picture: str | None, language: str) -> str:
    if picture is None:
        return ""
    return (
        f'<div class="sb-printed" tabindex="0" role="img" data-src="{safe(picture)}" '
        f'aria-label="{phrase(language, "printed")}"></div>'
    )


def missing_html(language: str) -> str:
    """What is shown when the document has left the index."""
    close = phrase(language, "close")
    return (
        f'<dialog class="sb-reader" aria-label="{close}"><header><h2>…</h2>'
        f'<button type="button" class="sb-close">{close}</button></header>'
        f"<p>{phrase(language, 'gone')}</p></dialog>"
    )


def _buttons(steps: tuple[int, str, str] | None, language: str, picture: str | None = None) -> str:
    parts = []
    if picture is not None:
        text, page = phrase(language, "as_read"), phrase(language, "as_printed")
        parts.append(
            '<span class="sb-switch" role="group">'
            f'<button type="button" data-view="text" aria-pressed="true">{text}</button>'
            f'<button type="button" data-view="page" aria-pressed="false">{page}</button></span>'
        )
    if steps is not None:
        turn, previous, following = steps
        for key, name, arrow in ((previous, "previous", "‹"), (following, "next", "›")):
            off = "" if key else " disabled"
            told = phrase(language, name)
            parts.append(
                f'<button type="button" class="sb-open" data-turn="{turn}" data-key="{safe(key)}" '
                f'title="{told}" aria-label="{told}"{off}>{arrow}</button>'
            )
    parts.append(f'<button type="button" class="sb-close">{phrase(language, "close")}</button>')
    return f'<div class="sb-reader-buttons">{"".join(parts)}</div>'
