"""Milvus as a vector store: rows in, numbers out.

    milvus_connection -> milvus_collection -> milvus

One collection an index, the passage's number as its key. Nothing is read back but numbers: what is
quoted comes from the index folder alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rag.stores.addresses import Address
from rag.stores.expressions import expression, tokens
from rag.stores.milvus_collection import Collection
from rag.stores.milvus_connection import CALL_SECONDS, Connection
from rag.stores.seam import Row, Selection
from rag.types import FloatMatrix, IntArray

MOST_ROWS = 16_384
"""Milvus's bound on the rows of one answer."""
_BATCH = 1000
_WIDTH = 128
"""ef, nprobe or search list at least: recall@10 of .996 at 100,000 vectors with HNSW."""
_WORDS_SINCE = (2, 5)


class MilvusStore:
    """Implements `VectorStore`."""

    def __init__(self, address: Address) -> None:
        """Connect.

        Raises:
            ExtraMissing: pymilvus is not installed.
            StoreUnreachable: no server answers there.
            StoreFault: it does not let us in.
        """
        self._address = address
        self._connection = Connection(address)
        self.ranks_words = self._connection.version >= _WORDS_SINCE
        self._collection = Collection(self._connection, address, self.ranks_words)

    @property
    def url(self) -> str:
        return self._address.url

    def prepare(self, owner: str, dimension: int) -> None:
        """See `VectorStore.prepare`."""
        self._collection.prepare(owner, dimension)

    def mark(self) -> str:
        """See `VectorStore.mark`."""
        return self._collection.mark()

    def set_mark(self, mark: str) -> None:
        """See `VectorStore.set_mark`."""
        self._collection.set_mark(mark)

    def upsert(self, rows: Sequence[Row]) -> None:
        """See `VectorStore.upsert`."""
        for at in range(0, len(rows), _BATCH):
            data = [self._collection.record(row) for row in rows[at : at + _BATCH]]
            self._on_rows(self._connection.client.upsert, data=data)

    def delete(self, passages: Sequence[int]) -> None:
        """See `VectorStore.delete`."""
        for at in range(0, len(passages), _BATCH):
            part = [int(passage) for passage in passages[at : at + _BATCH]]
            self._on_rows(self._connection.client.delete, ids=part)

    def delete_from(self, passage: int) -> None:
        """See `VectorStore.delete_from`."""
        self._on_rows(self._connection.client.delete, filter=f"passage >= {passage}")

    def count(self) -> int:
        """See `VectorStore.count`."""
        (row,) = self._query("", ["count(*)"])
        return int(row["count(*)"])

    def digests(self, first: int, last: int) -> dict[int, int]:
        """See `VectorStore.digests`."""
        rows = self._query(f"passage >= {first} and passage < {last}", ["digest"], MOST_ROWS)
        return {int(row["passage"]): int(row["digest"]) for row in rows}

    def vectors(self, passages: Sequence[int]) -> tuple[IntArray, FloatMatrix]:
        """See `VectorStore.vectors`."""
        rows: list[Any] = []
        for at in range(0, len(passages), _BATCH):
            part = [int(passage) for passage in passages[at : at + _BATCH]]
            rows += self._query(f"passage in {part}", ["vector"], MOST_ROWS)
        identifiers = np.array([row["passage"] for row in rows], dtype=np.int64)
        matrix = np.array([row["vector"] for row in rows], dtype=np.float32)
        return identifiers, matrix.reshape(len(rows), -1)

    def nearest(self, query: FloatMatrix, count: int, selection: Selection | None) -> IntArray:
        """See `VectorStore.nearest`."""
        width = max(_WIDTH, count)
        search = {"ef": width, "nprobe": _WIDTH, "search_list": width}
        return self._search(query.tolist(), "vector", count, selection, "IP", search)

    def matching(self, words: str, count: int, selection: Selection | None) -> IntArray:
        """See `VectorStore.matching`."""
        return self._search([tokens(words)], "sparse", count, selection, "BM25", {})

    def drop(self) -> None:
        """See `VectorStore.drop`."""
        self._collection.drop()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _search(
        self,
        data: list[Any],
        field: str,
        count: int,
        selection: Selection | None,
        metric: str,
        parameters: dict[str, int],
    ) -> IntArray:
        # "Session" sees at least what this process wrote, and writers wait until their writes are
        # seen before they name them in the index: "Strong", 100 times slower, is not needed.
        found = self._connection.run(
            lambda: self._connection.client.search(
                self._address.collection,
                data=data,
                anns_field=field,
                limit=min(count, MOST_ROWS),
                filter=expression(selection),
                search_params={"metric_type": metric, "params": parameters},
                consistency_level="Session",
                timeout=CALL_SECONDS,
            )
        )
        return np.array([hit.id for hit in found[0]], dtype=np.int64)

    def _query(self, wanted: str, fields: list[str], limit: int | None = None) -> list[Any]:
        return list(
            self._connection.run(
                lambda: self._connection.client.query(
                    self._address.collection,
                    filter=wanted,
                    output_fields=fields,
                    limit=limit,
                    consistency_level="Strong",
                    timeout=CALL_SECONDS,
                )
            )
        )

    def _on_rows(self, method: Callable[..., Any], **given: Any) -> None:
        self._connection.run(
            lambda: method(self._address.collection, timeout=CALL_SECONDS, **given)
        )
