"""What a quote names only to set it aside: "in 2029 rather than 2026", "not by X but by Y"."""

from __future__ import annotations

import re

from rag.answering.dates import dates
from rag.answering.figures import figures
from rag.answering.names import name_tokens
from rag.answering.segments import same

_NAME = r"(?:,\s[A-Z][\w-]+(?:\s[A-Z][\w-]+)+)?"
_ASIDE = re.compile(
    rf"\b(?:instead of|rather than|in place of)\s(?P<rest>[^,;.()]+{_NAME})"
    r"|\bnot(?!\sonly\b)(?:,[^,;]*,)?\s(?P<first>[^,;.]+)(?:,[^,;]*)?,\sbut\s"
    r"|(?:而非|而不是)(?P<han>[^，；。]+)"
)
_STATED = re.compile(
    r"\b(?:instead|rather|not|no|never|originally|initially|first|planned|intended|than|from|due"
    r"|formerly|previously|against)\b|n['’]t\b|而非|不是|原",
    re.IGNORECASE,
)


def passed_over(statement: str, quote: str) -> list[str]:
    """Figures, dates and names of `statement` that stand in `quote` only as set aside."""
    if _STATED.search(statement):
        return []
    found: list[str] = []
    for match in _ASIDE.finditer(quote):
        aside = match["rest"] or match["first"] or match["han"]
        where = quote.index(aside, match.start())
        kept = quote[:where] + " " * len(aside) + quote[where + len(aside) :]
        found += _held_only_by(aside, kept, statement)
    return list(dict.fromkeys(found))


def _held_only_by(aside: str, kept: str, statement: str) -> list[str]:
    measured, elsewhere = figures(aside), figures(kept)
    found = [
        statement[f.start : f.end].strip()
        for f in figures(statement)
        if any(same(f, g) for g in measured) and not any(same(f, g) for g in elsewhere)
    ]
    told, there = dates(aside), dates(kept)
    found += [
        statement[d.start : d.end].strip()
        for d in dates(statement)
        if any(d.agrees(e) for e in told) and not any(d.agrees(e) for e in there)
    ]
    named = [name for name in name_tokens(aside, aside) if name not in kept]
    return found + [name for name in named if name in statement]
