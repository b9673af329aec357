"""The FAISS files opened for searching: what covers the vectors on one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rag.indexing.accelerator import Build
from rag.indexing.selection import Allowed
from rag.types import FloatMatrix, IntArray

SCAN_SHARE = 0.05
"""Up to this share of allowed passages, scanning them is faster and surer than a graph or list."""


class FaissFiles:
    """Implements `Covering` over one build; over nothing when its files cannot be read."""

    def __init__(self, directory: Path, build: Build | None) -> None:
        self.build = build
        self._index: Any = None
        self._ids: IntArray = np.empty(0, dtype=np.int64)
        if build is None or not build.sound(directory):
            return
        from rag.indexing import faiss_kinds

        try:
            self._ids = np.memmap(build.ids_path(directory), dtype="<i8", mode="r")
            self._index = faiss_kinds.read(build.vectors_path(directory))
        except (OSError, RuntimeError):
            # Damaged or just replaced: the database holds every vector, the doctor tells.
            self._ids = np.empty(0, dtype=np.int64)

    @property
    def covered(self) -> int:
        return self.build.covered if self.build and self._index is not None else 0

    def few(self, allowed: Allowed, count: int, beside: int) -> IntArray | None:
        """See `Covering.few`."""
        most = max(count, SCAN_SHARE * (len(self._ids) + beside))
        return allowed.passages if len(allowed.passages) <= most else None

    def nearest(
        self, query: FloatMatrix, count: int, allowed: Allowed | None, removed: IntArray
    ) -> IntArray:
        """See `Covering.nearest`."""
        if self._index is None or self.build is None:
            return np.empty(0, dtype=np.int64)
        from rag.indexing import faiss_kinds

        if allowed is not None:
            wanted = np.setdiff1d(allowed.passages, removed, assume_unique=True)
            positions, keep = _positions(self._ids, wanted), True
        else:
            positions, keep = _positions(self._ids, removed), False
        restricted = positions if keep or len(positions) else None
        rows = faiss_kinds.search(self._index, query, count, self.build.probes, restricted, keep)
        found: IntArray = np.asarray(self._ids[rows], dtype=np.int64)
        return found

    def matching(self, question: str, count: int, allowed: Allowed | None) -> None:
        """Words are ranked by the database."""


def _positions(ids: IntArray, wanted: IntArray) -> IntArray:
    places = np.searchsorted(ids, wanted)
    places = places[places < len(ids)]
    kept = np.isin(ids[places], wanted, assume_unique=False) if len(places) else places.astype(bool)
    found: IntArray = np.asarray(places[kept], dtype=np.int64)
    return found
