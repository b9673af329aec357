"""Rankings to one ranking. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

RANK_CONSTANT = 60
"""k of Cormack, Clarke and Buettcher."""


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[int]], weights: Sequence[float]
) -> list[tuple[int, float]]:
    """Fuse rankings of items, best first, into (item, score), best first.

    An item's score is the sum of weight / (60 + rank), rank counted from 1, over the rankings
    that hold it. Only ranks count, so the scores behind a ranking may have any scale. Equal
    scores are ordered by item.
    Source: Cormack, Clarke, Buettcher, "Reciprocal rank fusion outperforms Condorcet and
    individual rank learning methods", SIGIR 2009.
    """
    scores: dict[int, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        if weight <= 0:
            continue
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + weight / (RANK_CONSTANT + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
