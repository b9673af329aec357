"""Passages that say the same in the same words, of which one is enough."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.index.terms import terms
from rag.types import FloatMatrix

NEAR_COSINE = 0.9
"""Only passages whose vectors are this close are compared word by word."""
NEAR_OVERLAP = 0.85
_SHINGLE = 3
_FIGURE = re.compile(r"\d")


def fold_duplicates(texts: Sequence[str], vectors: FloatMatrix) -> list[int]:
    """Positions of the texts to keep, in order: each that repeats none before it.

    A text repeats another when they share 85 % of their three-term runs (Jaccard; Broder 1997,
    "On the resemblance and containment of documents") and have the same figures: texts that
    differ in a number contradict one another and are both kept. `vectors` is float32
    (len(texts), dimension), rows of unit length.
    """
    close = vectors @ vectors.T >= NEAR_COSINE
    kept: list[int] = []
    marks: dict[int, tuple[frozenset[str], frozenset[tuple[str, ...]]]] = {}
    for at in range(len(texts)):
        rivals = [other for other in kept if close[at, other]]
        for each in (at, *rivals) if rivals else ():
            if each not in marks:
                marks[each] = _marks(texts[each])
        if not any(_repeats(marks[at], marks[other]) for other in rivals):
            kept.append(at)
    return kept


def _marks(text: str) -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
    found = terms(text)
    runs = zip(*(found[at:] for at in range(_SHINGLE)), strict=False)
    figures = frozenset(term for term in found if _FIGURE.search(term))
    return figures, frozenset(runs) or frozenset({tuple(found)})


def _repeats(
    one: tuple[frozenset[str], frozenset[tuple[str, ...]]],
    other: tuple[frozenset[str], frozenset[tuple[str, ...]]],
) -> bool:
    if one[0] != other[0]:
        return False
    return len(one[1] & other[1]) >= NEAR_OVERLAP * len(one[1] | other[1])
