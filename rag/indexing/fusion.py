"""Rankings to one ranking. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

RANK_CONSTANT = 60
"""k of Cormack, Clarke and Buettcher, whose ranks count from 1."""


def ranks(scored: Sequence[tuple[int, float]]) -> dict[int, int]:
    """Ranks from 0 of (item, score), best first; equal scores share the rank of the first.

    So the order in which equals were found, which tells only an index's history, has no effect.
    """
    found: dict[int, int] = {}
    rank = 0
    for at, (item, score) in enumerate(scored):
        if at and score != scored[at - 1][1]:
            rank = at
        found[item] = rank
    return found


def reciprocal_rank_fusion(
    rankings: Sequence[Mapping[int, int]], weights: Sequence[float]
) -> list[tuple[int, float]]:
    """Fuse rankings, each item to its rank from 0, into (item, score), best first.

    An item's score is the sum of weight / (61 + rank) over the rankings that hold it. Only ranks
    count, so the scores behind a ranking may have any scale. Equal sums are ordered by item.
    Source: Cormack, Clarke, Buettcher, "Reciprocal rank fusion outperforms Condorcet and
    individual rank learning methods", SIGIR 2009.
    """
    scores: dict[int, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        if weight <= 0:
            continue
        for item, rank in ranking.items():
            scores[item] = scores.get(item, 0.0) + weight / (RANK_CONSTANT + 1 + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
