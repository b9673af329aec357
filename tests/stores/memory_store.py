"""A small store in this process, to show what the index does with one; it may be made to fail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.errors import StoreUnreachable, UsageError
from rag.stores import Row, Selection, day_span
from rag.types import FloatMatrix, IntArray


class MemoryServer:
    """Collections by address; `fail_in` counts calls down to the one that finds it away."""

    def __init__(self) -> None:
        self.collections: dict[str, dict[str, object]] = {}
        self.rows: dict[str, dict[int, Row]] = {}
        self.fail_in: int | None = None
        self.calls = 0
        self.ranks_words = False

    def open(self, url: str) -> MemoryStore:
        self.meet()
        return MemoryStore(self, url)

    def meet(self) -> None:
        self.calls += 1
        if self.fail_in is not None:
            self.fail_in -= 1
            if self.fail_in < 0:
                raise StoreUnreachable("away")


class MemoryStore:
    """Implements `VectorStore`, exactly and plainly."""

    def __init__(self, server: MemoryServer, url: str) -> None:
        self._server = server
        self.url = url
        self.ranks_words = server.ranks_words

    @property
    def _rows(self) -> dict[int, Row]:
        return self._server.rows[self.url]

    def prepare(self, owner: str, dimension: int) -> None:
        self._server.meet()
        found = self._server.collections.get(self.url)
        if found is not None and found["owner"] != owner:
            raise UsageError(f"The collection {self.url} belongs to another index.")
        if found is None or found["dimension"] != dimension:
            self._server.collections[self.url] = {"owner": owner, "dimension": dimension}
            self._server.rows[self.url] = {}

    def mark(self) -> str:
        self._server.meet()
        return str(self._server.collections[self.url].get("mark", ""))

    def set_mark(self, mark: str) -> None:
        self._server.meet()
        self._server.collections[self.url]["mark"] = mark

    def upsert(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._server.meet()
            self._rows[row.passage] = row

    def delete(self, passages: Sequence[int]) -> None:
        for passage in passages:
            self._server.meet()
            self._rows.pop(passage, None)

    def delete_from(self, passage: int) -> None:
        self.delete([p for p in self._rows if p >= passage])

    def count(self) -> int:
        self._server.meet()
        return len(self._rows)

    def digests(self, first: int, last: int) -> dict[int, int]:
        self._server.meet()
        return {p: row.digest for p, row in self._rows.items() if first <= p < last}

    def vectors(self, passages: Sequence[int]) -> tuple[IntArray, FloatMatrix]:
        self._server.meet()
        held = [self._rows[p] for p in passages if p in self._rows]
        matrix = np.array([row.vector for row in held], dtype=np.float32)
        return np.array([row.passage for row in held], dtype=np.int64), matrix

    def nearest(self, query: FloatMatrix, count: int, selection: Selection | None) -> IntArray:
        self._server.meet()
        held = [row for row in self._rows.values() if _passes(row, selection)]
        held.sort(key=lambda row: -float(row.vector @ query[0]))
        return np.array([row.passage for row in held[:count]], dtype=np.int64)

    def matching(self, words: str, count: int, selection: Selection | None) -> IntArray:
        self._server.meet()
        wanted = set(words.split())
        shared = {
            passage: len(wanted & set(row.words.split()))
            for passage, row in self._rows.items()
            if _passes(row, selection)
        }
        best = sorted((p for p, n in shared.items() if n), key=lambda p: (-shared[p], p))
        return np.array(best[:count], dtype=np.int64)

    def drop(self) -> None:
        del self._server.collections[self.url], self._server.rows[self.url]

    def close(self) -> None:
        pass


def _passes(row: Row, selection: Selection | None) -> bool:
    if selection is None:
        return True
    if selection.documents is not None:
        return row.document in selection.documents
    filters = selection.filters
    return (
        (not filters.outlets or row.outlet in {o.casefold() for o in filters.outlets})
        and (not filters.language or row.language == filters.language)
        and (filters.since is None or row.last_day >= day_span(filters.since)[0])
        and (filters.until is None or row.first_day <= day_span(filters.until)[1])
    )
