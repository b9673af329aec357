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
    """ "from 3 to 5 percent" and "to 5 percent from 3 percent" as (3, 5)."""
    found: dict[str, _Move] = {}
    for left, right in pairwise(figures(text)):
        ahead = text[max(0, left.start - _BEFORE) : left.start]
        between = text[left.end : right.start]
        first, last = (left.value, left.dimension), (right.value, right.dimension)
        if _FROM.search(ahead) and _THEN.fullmatch(between):
            found[text[left.start : right.end]] = (first, last)
        elif _TO.search(ahead) and _THENCE.fullmatch(between):
            found[text[left.start : right.end]] = (last, first)
    return found
