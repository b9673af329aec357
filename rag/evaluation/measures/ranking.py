"""How well a ranked list finds the gold spans. Ranks count from 1 in the formulas."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from rag.evaluation.measures.spans import Groups, Span, covered_groups


def gains(ranked: Sequence[Span], groups: Groups) -> list[int]:
    """For each place, how many gold groups are covered there for the first time.

    A second passage that says the same gains nothing, as in alpha-nDCG with alpha = 1 (Clarke et
    al. 2008, SIGIR, "Novelty and Diversity in Information Retrieval Evaluation").
    """
    seen: set[int] = set()
    result: list[int] = []
    for span in ranked:
        new = covered_groups([span], groups) - seen
        seen |= new
        result.append(len(new))
    return result


def recall_at(place_gains: Sequence[int], groups: int, k: int) -> float:
    """Share of the gold groups covered within the first k places."""
    return sum(place_gains[:k]) / groups if groups else 0.0


def reciprocal_rank(place_gains: Sequence[int]) -> float:
    """1 / rank of the first place that covers a group, 0 when none does (Voorhees 1999, TREC-8)."""
    return next((1.0 / rank for rank, gain in enumerate(place_gains, 1) if gain), 0.0)


def ndcg_at(place_gains: Sequence[int], groups: int, k: int = 10) -> float:
    """Normalised discounted cumulative gain (Jarvelin and Kekalainen 2002, ACM TOIS 20(4)).

    DCG = sum of gain / log2(rank + 1). The ideal order has the same gains sorted, followed by a
    gain of one for every group that was not found at all.
    """
    missing = groups - sum(place_gains)
    ideal = sorted((gain for gain in place_gains if gain), reverse=True) + [1] * missing
    best = _dcg(ideal[:k])
    return _dcg(place_gains[:k]) / best if best else 0.0


def _dcg(place_gains: Sequence[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(place_gains, 1))


def by_document(ranked: Sequence[Span], groups: Groups) -> tuple[list[Span], list[list[Span]]]:
    """The same ranking and gold with documents in the place of spans.

    Each document keeps its first place; groups that the same documents satisfy become one.
    """
    places = dict.fromkeys(Span(span.document, 0, 1) for span in ranked)
    wanted = dict.fromkeys(
        tuple(sorted({Span(span.document, 0, 1) for span in group})) for group in groups
    )
    return list(places), [list(group) for group in wanted]
