"""Which documents may answer, in words: chips to take off, and a line above the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.types import Filters
from rag.ui.levels import USUAL
from rag.ui.markup import phrase, safe, shorten
from rag.ui.sessions import Session
from rag.ui.strings import say

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def filters_of(
    documents: Sequence[str] | None, outlets: Sequence[str] | None, since: str, until: str
) -> Filters:
    """What the boxes say."""
    return Filters(tuple(documents or ()), tuple(outlets or ()),
                   (since or "").strip() or None, (until or "").strip() or None)  # fmt: skip


def is_date(text: str) -> bool:
    """Whether a filter can go by it: 2024, 2024-05 or 2024-05-31, and such a day there is."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def bad_date(filters: Filters, language: str) -> str | None:
    """What is wrong with a date of the boxes, or None."""
    for given in (filters.since, filters.until):
        if given and not is_date(given):
            return say(language, "bad_date", given=shorten(given, 40))
    return None


def chips_html(filters: Filters, session: Session) -> str:
    """A chip with a way to take it off for each filter, for a level that is not the usual one, and
    for a question being edited."""
    language = session.language
    rows = [("document", row, row) for row in filters.documents]
    rows += [("outlet", row, row) for row in filters.outlets]
    for kind, given in (("since", filters.since), ("until", filters.until)):
        if given:
            rows.append((kind, given, f"{say(language, f'filter_{kind}')} {given}"))
    if session.level != USUAL:
        rows.append(("level", session.level, say(language, f"chip_{session.level}")))
    if session.editing is not None:
        rows.append(("editing", "", say(language, "chip_editing", n=session.editing)))
    off = phrase(language, "take_off")
    return "".join(
        f'<span class="sb-chip sb-chip-{kind}"><bdi>{safe(shorten(words, 48))}</bdi>'
        f'<button type="button" data-kind="{kind}" data-value="{safe(value)}" '
        f'aria-label="{off}: {safe(shorten(words, 48))}">×</button></span>'
        for kind, value, words in rows
    )


def limits_of(filters: Filters, language: str) -> str:
    """The filters of a question in a few words, "" for none."""
    parts = [shorten(row, 60) for row in (*filters.documents, *filters.outlets)]
    for kind, given in (("since", filters.since), ("until", filters.until)):
        if given:
            parts.append(f"{say(language, f'filter_{kind}')} {given}")
    return ", ".join(parts)
