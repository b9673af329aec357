"""Nearest passages by inner product: the FAISS build, what came after it, and exact scores."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from rag.indexing.accelerator import Build, all_vectors, current_build
from rag.indexing.records import unpack_vectors
from rag.types import FloatMatrix, IntArray

SCAN_SHARE = 0.05
"""Up to this share of allowed passages, scanning them is faster and surer than a graph or list."""
_SCAN_ROWS = 500


class DenseSearcher:
    """Holds the open FAISS build and the vectors it does not cover, for one reader.

    Ties and rounding never show: candidates are scored again from the stored vectors, so the
    answer is the same with and without the FAISS files while these are exact.
    """

    def __init__(self, directory: Path, dimension: int) -> None:
        self._directory = directory
        self._dimension = dimension
        self._build: Build | None = None
        self._index: Any = None
        self._ids: IntArray = np.empty(0, dtype=np.int64)
        self._tail_ids: IntArray = np.empty(0, dtype=np.int64)
        self._tail: FloatMatrix = np.empty((0, dimension), dtype=np.float32)
        self._removed: IntArray = np.empty(0, dtype=np.int64)
        self._loaded = False

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Take up what was committed since the last call."""
        build = current_build(connection)
        if not self._loaded or build != self._build:
            self._open(build)
        covered = self._build.covered if self._build and self._index is not None else 0
        above = int(self._tail_ids[-1]) if len(self._tail_ids) else covered
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
        allowed: IntArray | None,
    ) -> list[tuple[int, float]]:
        """The best `count` (passage, score), best first. `query` is float32 (1, dimension).

        `allowed` are the passage identifiers that may be found, ascending; None is all.
        """
        total = len(self._ids) + len(self._tail_ids)
        if allowed is not None and len(allowed) <= max(count, SCAN_SHARE * total):
            candidates = allowed
        else:
            wanted = max(2 * count, count + 20)
            candidates = np.concatenate(
                [self._from_build(query, wanted, allowed), self._from_tail(query, wanted, allowed)]
            )
        scored = exact_scores(connection, query, candidates)
        return sorted(scored.items(), key=lambda pair: (-pair[1], pair[0]))[:count]

    def _open(self, build: Build | None) -> None:
        self._loaded, self._build, self._index = True, build, None
        self._ids = np.empty(0, dtype=np.int64)
        self._tail_ids = np.empty(0, dtype=np.int64)
        self._tail = np.empty((0, self._dimension), dtype=np.float32)
        if build is None or not build.present(self._directory):
            return
        from rag.indexing import faiss_kinds

        try:
            self._ids = np.memmap(build.ids_path(self._directory), dtype="<i8", mode="r")
            self._index = faiss_kinds.read(build.vectors_path(self._directory), build.kind)
        except (OSError, RuntimeError):
            # Damaged or just replaced: the database holds every vector, the doctor tells.
            self._ids = np.empty(0, dtype=np.int64)

    def _from_build(self, query: FloatMatrix, count: int, allowed: IntArray | None) -> IntArray:
        if self._index is None or self._build is None:
            return np.empty(0, dtype=np.int64)
        from rag.indexing import faiss_kinds

        if allowed is not None:
            wanted = np.setdiff1d(allowed, self._removed, assume_unique=True)
            positions, keep = _positions(self._ids, wanted), True
        else:
            positions, keep = _positions(self._ids, self._removed), False
        restricted = positions if keep or len(positions) else None
        rows = faiss_kinds.search(self._index, query, count, self._build.probes, restricted, keep)
        found: IntArray = np.asarray(self._ids[rows], dtype=np.int64)
        return found

    def _from_tail(self, query: FloatMatrix, count: int, allowed: IntArray | None) -> IntArray:
        if not len(self._tail_ids):
            return self._tail_ids
        scores = self._tail @ query[0]
        if len(self._removed):
            scores[np.isin(self._tail_ids, self._removed)] = -np.inf
        if allowed is not None:
            scores[~np.isin(self._tail_ids, allowed)] = -np.inf
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
    return [round(product, 6) for product in (vectors @ query[0]).tolist()]


def _positions(ids: IntArray, wanted: IntArray) -> IntArray:
    places = np.searchsorted(ids, wanted)
    places = places[places < len(ids)]
    kept = np.isin(ids[places], wanted, assume_unique=False) if len(places) else places.astype(bool)
    found: IntArray = np.asarray(places[kept], dtype=np.int64)
    return found
