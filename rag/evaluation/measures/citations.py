"""Whether the citations stand where the gold spans stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.evaluation.measures.spans import (
    Groups,
    Span,
    covered_groups,
    covers,
    overlap,
    shared_characters,
    size,
)


class PrecisionRecall(NamedTuple):
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def by_sentence(cited: Sequence[Span], groups: Groups) -> PrecisionRecall:
    """Citations that cover a gold span, and gold groups covered by a citation.

    After the citation precision and recall of Gao et al. 2023 (ALCE, arXiv 2305.14627), with gold
    spans in the place of an entailment model. Without citations both are 0.
    """
    good = sum(any(covers(span, gold) for group in groups for gold in group) for span in cited)
    return PrecisionRecall(
        good / len(cited) if cited else 0.0,
        len(covered_groups(cited, groups)) / len(groups) if groups else 0.0,
    )


def by_character(cited: Sequence[Span], groups: Groups) -> PrecisionRecall:
    """Share of the cited characters that are gold, and of the gold ones that are cited.

    Recall is the mean over the groups of the best of their spans (token overlap as in SQuAD,
    Rajpurkar et al. 2016, arXiv 1606.05250, on characters and places instead of words).
    """
    total = size(cited)
    gold = [span for group in groups for span in group]
    precision = shared_characters(cited, gold) / total if total else 0.0
    best = [
        max(shared_characters(cited, [span]) / (span.end - span.start) for span in group)
        for group in groups
    ]
    return PrecisionRecall(precision, sum(best) / len(best) if best else 0.0)


def shows_conflict(conflicts: Sequence[Sequence[Span]], groups: Groups) -> bool:
    """Whether one conflict of the answer cites both sides.

    With two or more gold groups, two of them must be covered; with one, two different places of
    which one is gold.
    """
    for cited in conflicts:
        found = covered_groups(cited, groups)
        apart = any(not overlap(a, b) for a in cited for b in cited if a != b)
        if len(found) >= min(2, len(groups)) and found and apart:
            return True
    return False
