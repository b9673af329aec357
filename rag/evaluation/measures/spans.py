"""Spans of documents and what it means that one covers another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """Characters [start, end) of a document, named by its path relative to the corpus."""

    document: str
    start: int
    end: int


Groups = Sequence[Sequence[Span]]
"""Gold spans: every group is needed, any span of a group suffices."""

SUFFICIENT_OVERLAP = 0.5
"""Share of the shorter of two spans that must be shared for one to count as the other."""


def overlap(first: Span, second: Span) -> int:
    """Characters the two share; 0 in different documents."""
    if first.document != second.document:
        return 0
    return max(0, min(first.end, second.end) - max(first.start, second.start))


def covers(found: Span, gold: Span) -> bool:
    """Whether `found` says what `gold` says: they share at least half of the shorter one.

    Half, so that a sentence cut a little differently counts and a neighbour that merely touches
    does not. The shorter one, so that a passage counts by the gold sentence inside it, and a
    sentence by the gold paragraph around it.
    """
    shorter = min(found.end - found.start, gold.end - gold.start)
    return shorter > 0 and overlap(found, gold) >= SUFFICIENT_OVERLAP * shorter


def covered_groups(found: Iterable[Span], groups: Groups) -> set[int]:
    """The numbers of the gold groups of which some span is covered by some found one."""
    spans = list(found)
    return {
        number
        for number, group in enumerate(groups)
        if any(covers(span, gold) for span in spans for gold in group)
    }


def characters(spans: Iterable[Span]) -> dict[str, list[tuple[int, int]]]:
    """The union of spans as sorted, disjoint intervals by document."""
    by_document: dict[str, list[tuple[int, int]]] = {}
    for span in sorted(spans):
        intervals = by_document.setdefault(span.document, [])
        if intervals and span.start <= intervals[-1][1]:
            intervals[-1] = (intervals[-1][0], max(intervals[-1][1], span.end))
        else:
            intervals.append((span.start, span.end))
    return by_document


def shared_characters(first: Iterable[Span], second: Iterable[Span]) -> int:
    """Characters in both unions."""
    one, other = characters(first), characters(second)
    return sum(
        max(0, min(a_end, b_end) - max(a_start, b_start))
        for document, intervals in one.items()
        for a_start, a_end in intervals
        for b_start, b_end in other.get(document, [])
    )


def size(spans: Iterable[Span]) -> int:
    """Characters in the union."""
    return sum(end - start for group in characters(spans).values() for start, end in group)
