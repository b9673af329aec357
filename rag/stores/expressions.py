"""Filters and words in the engine's terms."""

from __future__ import annotations

import hashlib
import json

from rag.stores.seam import UNDATED, Selection

_MOST_TOKENS = 4000


def day_span(date: str | None) -> tuple[int, int]:
    """First and last day, as numbers such as 20210429, of a possibly partial ISO date.

    "2021-06" gives (20210600, 20210699): a span that holds all of its days and orders as they do.
    None and what is no date give UNDATED.
    """
    parts = (date or "").split("T")[0].split("-")
    widths = (4, 2, 2)
    if len(parts) > 3 or not all(
        part.isdecimal() and len(part) == width for part, width in zip(parts, widths, strict=False)
    ):
        return UNDATED
    early, late = (int("".join([*parts, *[fill] * (3 - len(parts))])) for fill in ("00", "99"))
    return early, late


def expression(selection: Selection | None) -> str:
    """The rows of a selection; "" for all."""
    if selection is None:
        return ""
    if selection.documents is not None:
        return f"document in {json.dumps(list(selection.documents))}"
    filters = selection.filters
    parts = []
    if filters.outlets:
        outlets = sorted({outlet.casefold() for outlet in filters.outlets})
        parts.append(f"outlet in {json.dumps(outlets, ensure_ascii=False)}")
    if filters.language:
        parts.append(f"language == {json.dumps(filters.language)}")
    if filters.since is not None:
        parts.append(f"last_day >= {day_span(filters.since)[0]}")
    if filters.until is not None:
        parts.append(f"first_day <= {day_span(filters.until)[1]}")
    return " and ".join(parts)


def tokens(words: str) -> str:
    """Each term as "w" and twelve hexadecimal digits of its hash.

    So every analyser takes it for one word, whatever it would make of "22.5" or "CZ-5B", and the
    server does not hold the text. Terms beyond the first 4,000 of a passage are left out.
    """
    return " ".join(
        f"w{hashlib.blake2b(word.encode(), digest_size=6).hexdigest()}"
        for word in words.split()[:_MOST_TOKENS]
    )
