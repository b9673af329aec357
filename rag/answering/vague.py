"""Amounts told by their size alone: "thousands of drones", "several hundred", "数千"."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.answering.figures import figures
from rag.answering.units import MAGNITUDES, NUMBER_WORDS

_SIZE = "dozen|hundred|thousand|million|billion|trillion"
_AMOUNT = re.compile(
    rf"\b(?:(?P<times>tens|dozens|hundreds|thousands)\sof\s)?(?P<many>{_SIZE})s\b"
    rf"|\b(?:several|a\sfew)\s(?P<size>{_SIZE})\b"
    r"|[数几上](?P<han>[十百千万亿]{1,2})",
    re.IGNORECASE,
)
_TENS = {"tens": 10, "dozens": 10, "hundreds": 100, "thousands": 1000}
_HAN = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_UP_TO = 1000
"""How far above its size an exact figure may lie and still be told so: 45,000 are thousands."""


def other_amounts(statement: str, source: str) -> list[str]:
    """Amounts of `statement`, as written, where `source` has only amounts of another size.

    Where the source has none at all, or a figure of that size, there is nothing to hold against
    it.
    """
    have = _amounts(source)
    if not have:
        return []
    exact = [figure.value for figure in figures(source)]
    return [
        written
        for written, size in _amounts(statement).items()
        if size not in have.values() and not any(size <= value < size * _UP_TO for value in exact)
    ]


def _amounts(text: str) -> dict[str, Decimal]:
    """Each amount as written, with its size: "tens of thousands" is 10,000."""
    found: dict[str, Decimal] = {}
    for match in _AMOUNT.finditer(text):
        if match["han"]:
            size = Decimal(1)
            for character in match["han"]:
                size *= _HAN[character]
        else:
            word = (match["many"] or match["size"]).lower()
            size = MAGNITUDES.get(word) or NUMBER_WORDS[word]
            size *= _TENS.get((match["times"] or "").lower(), 1)
        found[match[0]] = size
    return found
