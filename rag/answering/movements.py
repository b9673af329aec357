"""Which of two figures comes first in time: "rose from 3 to 5 percent" is not "from 5 to 3"."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from rag.answering.figures import figures

_ABOUT = r"(?:about |some |nearly |around |over )?"
_FROM = re.compile(rf"(?:\bfrom|[从由自])\s?{_ABOUT}[约近]?$", re.IGNORECASE)
_THEN = re.compile(rf",?\s*(?:\w+\s+)?to\s+{_ABOUT}|[^，。]{{0,3}}[至到为]约?", re.IGNORECASE)
_TO = re.compile(rf"\bto\s{_ABOUT}$", re.IGNORECASE)
_THENCE = re.compile(rf",?\s+(?:\w+\s+){{0,3}}from\s+{_ABOUT}", re.IGNORECASE)
_SINCE = re.compile(
    rf"(?:\s[a-z]+){{0,3}},?\s(?:up|down|increased|reduced)\sfrom\s{_ABOUT}", re.IGNORECASE
)
_BY = re.compile(r"\bby\s$", re.IGNORECASE)
_VOTES = re.compile(r"\s(?:votes?\s)?(?:to|against)\s", re.IGNORECASE)
_HAN_FROM_TO = re.compile(
    r"[由从]“?(?P<first>[^，。到至为]{1,14})[到至为]“?(?P<last>[^，。”]{1,14})"
)
_BEFORE = 14
_Move = tuple[tuple[Decimal, str], tuple[Decimal, str]]


def turned_round(statement: str, source: str) -> list[str]:
    """Movements of `statement`, as written, of which `source` has only the reverse."""
    have = set(_movements(source).values())
    return [
        written
        for written, (before, after) in _movements(statement).items()
        if (after, before) in have and (before, after) not in have
    ]


def _movements(text: str) -> dict[str, _Move]:
    """Values before and after: "from 3 to 5 percent", "to 5 percent from 3 percent" and "at 5, up
    from 3" as (3, 5), "by 214 votes to 187" as (214, 187).
    """
    found: dict[str, _Move] = {}
    for left, right in pairwise(figures(text)):
        ahead = text[max(0, left.start - _BEFORE) : left.start]
        between = text[left.end : right.start]
        first, last = (left.value, left.dimension), (right.value, right.dimension)
        if _FROM.search(ahead) and _THEN.fullmatch(between):
            found[text[left.start : right.end]] = (first, last)
        elif (_TO.search(ahead) and _THENCE.fullmatch(between)) or _SINCE.fullmatch(between):
            found[text[left.start : right.end]] = (last, first)
        elif _BY.search(ahead) and _VOTES.fullmatch(between):
            found[text[left.start : right.end]] = (first, last)
    for match in _HAN_FROM_TO.finditer(text):
        start, end = figures(match["first"]), figures(match["last"])
        if start and end and not any(written in match[0] for written in found):
            before, after = start[0], end[0]
            found[match[0]] = ((before.value, before.dimension), (after.value, after.dimension))
    return found
