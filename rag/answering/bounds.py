"""Which way a figure is bounded: "at least 60" is "no less than 60", and not "at most 60"."""

from __future__ import annotations

import re

from rag.answering.figures import figures
from rag.answering.segments import same

_LEAST = re.compile(
    r"(?:\bat least|\bmore than|\bover|\babove|\bexceed\w*|\bupwards of|至少|超过|逾|多于|高于"
    r"|突破)\s?(?:about\s|the\s)?$",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"(?:\bat (?:the )?most|\b(?:less|fewer) than|\bup to|\bunder|\bbelow|至多|最多|不到|不足|少于"
    r"|低于)\s?(?:about\s|the\s)?$",
    re.IGNORECASE,
)
_LEAST_AFTER = re.compile(r"\s?(?:or more\b|at least\b|余|以上)", re.IGNORECASE)
_MOST_AFTER = re.compile(r"\s?(?:or (?:less|fewer)\b|at most\b|以下|以内)", re.IGNORECASE)
_BEFORE = 26
"""Characters before a figure in which its bound stands."""
_ALIKE = [
    (re.compile(r"\bn(?:o|ot) (?:less|fewer) than\b|\ba minimum of\b", re.I), "at least"),
    (re.compile(r"\bn(?:o|ot) (?:more|over) than\b|\ba maximum of\b", re.I), "at most"),
    (re.compile(r"\bnot (?:to )?(?:exceed|be more than)\b", re.I), "at most"),
    (re.compile("不少于|不低于"), "至少"),
    (re.compile("不超过|不多于|不高于"), "至多"),
]


def plainly_bounded(text: str) -> str:
    """`text` with bounds that are worded as denials said outright, so that none is read in them."""
    for pattern, plain in _ALIKE:
        text = pattern.sub(plain, text)
    return text


def turned_bounds(statement: str, quote: str) -> list[str]:
    """Figures that `statement` bounds from the other side than each of their places in `quote`."""
    statement, quote = plainly_bounded(statement), plainly_bounded(quote)
    theirs = figures(quote)
    found = []
    for figure in figures(statement):
        mine = _side(statement, figure.start, figure.end)
        sides = {_side(quote, f.start, f.end) for f in theirs if same(figure, f)}
        if mine and sides == {-mine}:
            found.append(statement[figure.start : figure.end].strip())
    return found


def _side(text: str, start: int, end: int) -> int:
    """1 where a figure is the least, -1 where it is the most, else 0."""
    ahead = text[max(0, start - _BEFORE) : start]
    if _LEAST.search(ahead) or _LEAST_AFTER.match(text, end):
        return 1
    return -1 if _MOST.search(ahead) or _MOST_AFTER.match(text, end) else 0
