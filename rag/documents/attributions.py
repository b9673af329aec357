"""Who says it: bracketed sources here, verbs of saying in `rag.documents.sayings`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.documents import dates
from rag.documents.fold import fold
from rag.documents.sayings import find_sayings
from rag.documents.sources import DASHED, SEEN, cited_sources, may_be_undated
from rag.types import Attribution

_BRACKET = re.compile(
    r"[(（\[【](?:(?<=[(（])[^()（）]{2,300}[)）]|(?<=\[)[^\[\]]{2,300}\](?!\()"
    r"|(?<=【)[^【】]{2,60}】)"
)
_LABEL = re.compile(
    r"\s*(?:Sources?|Photo|Image|Credit|Photo credit|Image credit|Courtesy(?: of)?"
    r"|Via|来源|图片来源|图源|资料来源)\s*[:：]\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[.。]?[”’\"」』]?(?:\[\d{1,3}\])*")
_SEMICOLON = re.compile(rf"[;；](?!\s*{SEEN}\b)")


def find_attributions(
    text: str, start: int, end: int, document_date: str | None
) -> list[Attribution]:
    """All attributions in text[start:end], in order of their start.

    `document_date` (ISO, possibly partial) completes dates without a year.
    """
    found = [
        *_bracketed(text, start, end, document_date),
        *find_sayings(text, start, end, document_date),
    ]
    return sorted(found, key=lambda one: (one.start, one.end))


def source_bracket(text: str, at: int, end: int) -> int | None:
    """The end of the bracketed source that opens at text[at], its full stop included, or None."""
    found = _BRACKET.match(text, at, end)
    if found is None or not any(_sources(found, None)):
        return None
    after = _AFTER.match(text, found.end(), end)
    return after.end() if after else found.end()


def source_line(
    text: str, start: int, end: int, document_date: str | None = None
) -> Attribution | None:
    """The attribution of a line such as "Source: Institute of Space Policy"."""
    dashed = DASHED.fullmatch(text, start, end)
    if dashed is not None:
        day = dates.complete(dashed["date"], document_date)
        return Attribution(fold(text[start:end]), fold(dashed["source"]), day, start, end)
    label = _LABEL.match(text, start, end)
    if label is None or label.end() >= end:
        return None
    source = fold(text[label.end() : end]).rstrip(".。")
    return Attribution(fold(text[start:end]), source or None, None, start, end)


def _bracketed(text: str, start: int, end: int, document_date: str | None) -> Iterator[Attribution]:
    for found in _BRACKET.finditer(text, start, end):
        sources = list(_sources(found, document_date))
        for source, date, first, last in sources:
            if not _SEMICOLON.search(found[0]):
                first, last = found.span()
            yield Attribution(fold(text[first:last]), source, date, first, last)


def _sources(
    bracket: re.Match[str], document_date: str | None
) -> Iterator[tuple[str | None, str | None, int, int]]:
    """Source, ISO date, start and end of each source a bracket names; nothing if it names none."""
    inside, offset = bracket[0][1:-1], bracket.start() + 1
    label = _LABEL.match(inside) if ":" in inside or "：" in inside else None
    if label is None and not any(map(str.isdigit, inside)) and not may_be_undated(inside):
        return
    at = label.end() if label else 0
    source: str | None = None
    while at <= len(inside):
        semicolon = _SEMICOLON.search(inside, at)
        stop = semicolon.start() if semicolon else len(inside)
        piece = inside[at:stop]
        first = offset + at + len(piece) - len(piece.lstrip())
        for name, date in cited_sources(piece.strip(), source, document_date, label is not None):
            source = name
            yield name, date, first, offset + at + len(piece.rstrip())
        at = stop + 1
