"""Passages that say the same in the same words, of which one is enough."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rag.indexing.terms import terms
from rag.types import FloatMatrix

NEAR_COSINE = 0.9
"""Only passages whose vectors are this close are compared word by word."""
NEAR_OVERLAP = 0.85
_SHINGLE = 3
_FIGURE = re.compile(r"\d")


def near(vectors: FloatMatrix) -> npt.NDArray[np.bool_]:
    """Which pairs of rows are close enough to be compared, shape (n, n)."""
    close: npt.NDArray[np.bool_] = vectors @ vectors.T >= NEAR_COSINE
    return close


def repeats(one: str, other: str) -> bool:
    """Whether two texts say the same: 85 % of their three-term runs and all figures are shared.

    Texts that differ in a number contradict one another and are no repeats, however alike.
    Source of the measure (Jaccard of shingles): Broder, "On the resemblance and containment of
    documents", 1997.
    """
    figures, runs = _marks(one)
    other_figures, other_runs = _marks(other)
    return figures == other_figures and (
        len(runs & other_runs) >= NEAR_OVERLAP * len(runs | other_runs)
    )


@lru_cache(maxsize=256)
def _marks(text: str) -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
    found = terms(text)
    runs = zip(*(found[at:] for at in range(_SHINGLE)), strict=False)
    figures = frozenset(term for term in found if _FIGURE.search(term))
    return figures, frozenset(runs) or frozenset({tuple(found)})
