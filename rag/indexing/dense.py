"""Nearest passages by inner product: what covers the vectors, what came after, exact scores."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import numpy as np

from rag.indexing.accelerator import all_vectors, current_build
from rag.indexing.faiss_files import FaissFiles
from rag.indexing.records import unpack_vectors
from rag.indexing.remote import RemoteVectors, attached
from rag.indexing.selection import Allowed
from rag.types import FloatMatrix, IntArray

_SCAN_ROWS = 500


class Covering(Protocol):
    """A copy of the vectors up to a passage that proposes candidates quickly. Never the truth."""

    @property
    def covered(self) -> int:
        """The highest passage identifier in it."""

    def few(self, allowed: Allowed, count: int, beside: int) -> IntArray | None:
        """The allowed passages where looking at each is best; `beside` are not covered."""

    def nearest(
        self, query: FloatMatrix, count: int, allowed: Allowed | None, removed: IntArray
    ) -> IntArray:
        """Passages near `query` (1, dimension), about `count`, none that was removed."""

    def matching(self, question: str, count: int, allowed: Allowed | None) -> IntArray | None:
        """Passages ranked by words, best first; None when that is left to the database."""


class DenseSearcher:
    """Holds what covers the vectors, and the vectors it does not cover, for one reader.

    Ties and rounding never show: candidates are scored again from the stored vectors, so the
    answer is the same with and without the FAISS files, or a store, while these are exact.
    """

    def __init__(self, directory: Path, dimension: int) -> None:
        self._directory = directory
        self._dimension = dimension
        self._covering: Covering | None = None
        self._tail_ids: IntArray = np.empty(0, dtype=np.int64)
        self._tail: FloatMatrix = np.empty((0, dimension), dtype=np.float32)
        self._removed: IntArray = np.empty(0, dtype=np.int64)

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Take up what was committed since the last call."""
        covering = self._open(connection)
        if covering is not self._covering or self._above() <= covering.covered:
            self._covering = covering
            self._tail_ids = np.empty(0, dtype=np.int64)
            self._tail = np.empty((0, self._dimension), dtype=np.float32)
        above = max(self._above(), covering.covered)
        ids, vectors = all_vectors(connection, self._dimension, above)
        if len(ids):
            self._tail_ids = np.concatenate([self._tail_ids, ids])
            self._tail = np.concatenate([self._tail, vectors])
        gone = connection.execute("SELECT passage FROM removed ORDER BY passage").fetchall()
        self._removed = np.array([row[0] for row in gone], dtype=np.int64)

    def search(
        self,
        connection: sqlite3.Connection,
        query: FloatMatrix,
        count: int,
        allowed: Allowed | None,
    ) -> list[tuple[int, float]]:
        """The best `count` (passage, score), best first. `query` is float32 (1, dimension).

        `allowed` are those that may be found; None is all.
        """
        if self._covering is None:
            return []
        few = None
        if allowed is not None:
            few = self._covering.few(allowed, count, len(self._tail_ids))
        if few is not None:
            candidates = few
        else:
            wanted = max(3 * count // 2, count + 20)
            candidates = np.concatenate(
                [
                    self._covering.nearest(query, wanted, allowed, self._removed),
                    self._from_tail(query, wanted, allowed),
                ]
            )
        scored = exact_scores(connection, query, candidates)
        return sorted(scored.items(), key=lambda pair: (-pair[1], pair[0]))[:count]

    def matching(
        self, question: str, count: int, allowed: Allowed | None
    ) -> list[tuple[int, float]] | None:
        """The best `count` (passage, score) by words, best first, where a store ranks words.

        Only their order means something. None when the store does not, or is not in step.
        """
        if self._covering is None or len(self._tail_ids) or len(self._removed):
            return None
        found = self._covering.matching(question, count, allowed)
        return None if found is None else [(int(p), -float(at)) for at, p in enumerate(found)]

    def _open(self, connection: sqlite3.Connection) -> Covering:
        held = self._covering
        attachment = attached(connection)
        if attachment is not None:
            if isinstance(held, RemoteVectors) and held.follow(attachment):
                return held
            return RemoteVectors(attachment)
        build = current_build(connection)
        if isinstance(held, FaissFiles) and held.build == build:
            return held
        return FaissFiles(self._directory, build)

    def _above(self) -> int:
        return int(self._tail_ids[-1]) if len(self._tail_ids) else 0

    def _from_tail(self, query: FloatMatrix, count: int, allowed: Allowed | None) -> IntArray:
        if not len(self._tail_ids):
            return self._tail_ids
        scores = self._tail @ query[0]
        if len(self._removed):
            scores[np.isin(self._tail_ids, self._removed)] = -np.inf
        if allowed is not None:
            scores[~allowed.keeps(self._tail_ids)] = -np.inf
        best = np.argpartition(-scores, min(count, len(scores)) - 1)[:count]
        found: IntArray = self._tail_ids[best[np.isfinite(scores[best])]]
        return found


def exact_scores(
    connection: sqlite3.Connection, query: FloatMatrix, passages: Iterable[int]
) -> dict[int, float]:
    """Inner product of `query` (1, dimension) with the stored vector of each passage.

    Passages that are not stored are left out.
    """
    scores: dict[int, float] = {}
    identifiers = [int(passage) for passage in passages]
    for at in range(0, len(identifiers), _SCAN_ROWS):
        part = identifiers[at : at + _SCAN_ROWS]
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            f"SELECT passage, vector FROM vectors WHERE passage IN ({marks})", part
        ).fetchall()
        if rows:
            vectors = unpack_vectors([row[1] for row in rows], query.shape[1])
            scores.update(
                zip((row[0] for row in rows), inner_products(vectors, query), strict=True)
            )
    return scores


def inner_products(vectors: FloatMatrix, query: FloatMatrix) -> list[float]:
    """Of each row with `query` (1, dimension), rounded to six decimals.

    That is finer than half precision, so that the order does not depend on how a sum was evaluated.
    """
    rounded: list[float] = np.round((vectors @ query[0]).astype(np.float64), 6).tolist()
    return rounded
