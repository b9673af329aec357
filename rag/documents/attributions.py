"""Who says it: bracketed sources and verbs of saying, attached to the sentence they stand in."""

from __future__ import annotations

import re

from rag.documents import dates

_BRACKET = re.compile(r"[(（]([^()（）]{2,300})[)）]")
_LABEL = re.compile(
    r"\s*(?:Sources?|Photo|Image|Credit|Courtesy|Via|来源|图片来源|图源|资料来源)\s*[:：]", re.I
)
_AFTER = re.compile(r"[.。]?[”’\"」』]?(?:\[\d{1,3}\])*")


def source_bracket(text: str, at: int, end: int) -> int | None:
    """The end of the bracketed source that opens at text[at], its full stop included, or None."""
    found = _BRACKET.match(text, at, end)
    if found is None:
        return None
    inside = found[1]
    if not _LABEL.match(inside) and (
        dates.DATE.search(inside) is None or not inside.strip()[0].isupper()
    ):
        return None
    after = _AFTER.match(text, found.end(), end)
    return after.end() if after else found.end()
