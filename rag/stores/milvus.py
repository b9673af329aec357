"""Milvus, through pymilvus. The only importer of pymilvus.

One collection an index, the passage's number as its key. Nothing is read back but numbers: what is
quoted comes from the index folder alone.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeVar

import numpy as np

from rag.errors import ExtraMissing, StoreFault, UsageError
from rag.stores.addresses import TOKEN_VARIABLE, Address
from rag.stores.expressions import expression, tokens
from rag.stores.retrying import Away, retrying
from rag.stores.seam import Row, Selection
from rag.types import FloatMatrix, IntArray

Value = TypeVar("Value")

CONNECT_SECONDS = 5.0
"""How long a first connection is tried: a server that is not running is told of soon."""
PATIENCE_SECONDS = 60.0
"""How long a server that was there may be away: a restart, and the lease of the one that died."""
MOST_ROWS = 16_384
"""Milvus's bound on the rows of one answer."""
_BATCH = 1000
_CALL_SECONDS = 20.0
_OWNER, _MARK = "sourcebound.owner", "sourcebound.mark"
_NOT_LOADED = 101
_LASTING = {6, 100, 700, 1100, 1101, 1400, 1401, 1700, 1701, 1702, 1800, 1802}
"""Error codes that trying again does not mend: something is not there, wrong or forbidden."""
_BUILD = {
    "HNSW": {"M": 32, "efConstruction": 80},
    "IVF_SQ8": {"nlist": 1024},
    "DISKANN": {},
    "FLAT": {},
}
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
        self._pymilvus = _pymilvus()
        token = os.environ.get(TOKEN_VARIABLE, "")
        self._client = retrying(
            lambda: self._call(
                lambda: self._pymilvus.MilvusClient(
                    uri=address.server, token=token, timeout=CONNECT_SECONDS
                )
            ),
            CONNECT_SECONDS,
            address.url,
        )
        version = str(self._run(lambda: self._client.get_server_version()))
        self.ranks_words = _version(version) >= _WORDS_SINCE

    @property
    def url(self) -> str:
        return self._address.url

    def prepare(self, owner: str, dimension: int) -> None:
        """See `VectorStore.prepare`."""
        name = self._address.collection
        if self._run(lambda: self._client.has_collection(name)):
            found = self._describe()
            self._require_owner(found, owner)
            if _dimension(found) == dimension and self._kind() == self._address.kind:
                self._run(lambda: self._client.load_collection(name, timeout=60))
                return
            self.drop()
        self._run(lambda: self._create(owner, dimension))

    def mark(self) -> str:
        """See `VectorStore.mark`."""
        return str(_properties(self._describe()).get(_MARK, ""))

    def set_mark(self, mark: str) -> None:
        """See `VectorStore.set_mark`."""
        name = self._address.collection
        self._run(lambda: self._client.alter_collection_properties(name, {_MARK: mark}))

    def upsert(self, rows: Sequence[Row]) -> None:
        """See `VectorStore.upsert`."""
        for at in range(0, len(rows), _BATCH):
            data = [self._record(row) for row in rows[at : at + _BATCH]]
            self._on_rows(self._client.upsert, data=data)

    def delete(self, passages: Sequence[int]) -> None:
        """See `VectorStore.delete`."""
        for at in range(0, len(passages), _BATCH):
            self._on_rows(self._client.delete, ids=[int(p) for p in passages[at : at + _BATCH]])

    def delete_from(self, passage: int) -> None:
        """See `VectorStore.delete_from`."""
        self._on_rows(self._client.delete, filter=f"passage >= {passage}")

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
        self._run(lambda: self._client.drop_collection(self._address.collection))

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

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
        found = self._run(
            lambda: self._client.search(
                self._address.collection,
                data=data,
                anns_field=field,
                limit=min(count, MOST_ROWS),
                filter=expression(selection),
                search_params={"metric_type": metric, "params": parameters},
                consistency_level="Session",
                timeout=_CALL_SECONDS,
            )
        )
        return np.array([hit.id for hit in found[0]], dtype=np.int64)

    def _query(self, wanted: str, fields: list[str], limit: int | None = None) -> list[Any]:
        return list(
            self._run(
                lambda: self._client.query(
                    self._address.collection,
                    filter=wanted,
                    output_fields=fields,
                    limit=limit,
                    consistency_level="Strong",
                    timeout=_CALL_SECONDS,
                )
            )
        )

    def _on_rows(self, method: Callable[..., Any], **given: Any) -> None:
        self._run(lambda: method(self._address.collection, timeout=_CALL_SECONDS, **given))

    def _run(self, action: Callable[[], Value]) -> Value:
        return retrying(lambda: self._call(action), PATIENCE_SECONDS, self._address.url)

    def _call(self, action: Callable[[], Value]) -> Value:
        try:
            return action()
        except self._pymilvus.MilvusException as error:
            if error.code == _NOT_LOADED:
                self._load_again()
            if error.code in _LASTING or "UNAUTHENTICATED" in str(error.code):
                raise StoreFault(_refused(self._address.url, error)) from error
            raise Away(f"code {error.code}: {_first_line(error.message)}") from error
        except ValueError as error:
            if "closed" not in str(error):
                raise
            raise Away(str(error)) from error  # the channel, while another thread reconnects

    def _load_again(self) -> None:
        try:
            self._client.load_collection(self._address.collection, timeout=_CALL_SECONDS)
        except self._pymilvus.MilvusException:
            return  # as the call before: tried again together with it

    def _describe(self) -> dict[str, Any]:
        name = self._address.collection
        return dict(self._run(lambda: self._client.describe_collection(name)))

    def _kind(self) -> str:
        name = self._address.collection
        return str(self._run(lambda: self._client.describe_index(name, "vector"))["index_type"])

    def _require_owner(self, found: dict[str, Any], owner: str) -> None:
        holder = _properties(found).get(_OWNER)
        if holder != owner:
            whose = "another index" if holder else "another program"
            raise UsageError(
                f"The collection {self._address.url} belongs to {whose}. Name another one, "
                "which is then made: rag index --store http://HOST:PORT/OTHER_NAME"
            )

    def _record(self, row: Row) -> dict[str, Any]:
        record = {
            "passage": row.passage,
            "vector": row.vector,
            "digest": row.digest,
            "document": row.document,
            "outlet": row.outlet,
            "language": row.language,
            "first_day": row.first_day,
            "last_day": row.last_day,
        }
        return record | {"words": tokens(row.words)} if self.ranks_words else record

    def _create(self, owner: str, dimension: int) -> None:
        types, client = self._pymilvus.DataType, self._client
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("passage", types.INT64, is_primary=True)
        schema.add_field("vector", types.FLOAT_VECTOR, dim=dimension)
        for name in ("digest", "document", "first_day", "last_day"):
            schema.add_field(name, types.INT64)
        schema.add_field("outlet", types.VARCHAR, max_length=4096)
        schema.add_field("language", types.VARCHAR, max_length=64)
        indexes = client.prepare_index_params()
        kind = self._address.kind
        indexes.add_index("vector", index_type=kind, metric_type="IP", params=_BUILD[kind])
        if self.ranks_words:
            self._add_words(schema, indexes)
        client.create_collection(
            self._address.collection,
            schema=schema,
            index_params=indexes,
            consistency_level="Session",
            properties={_OWNER: owner},
        )

    def _add_words(self, schema: Any, indexes: Any) -> None:
        types = self._pymilvus.DataType
        schema.add_field(
            "words", types.VARCHAR, max_length=65_535,
            enable_analyzer=True,
        )  # fmt: skip
        schema.add_field("sparse", types.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            self._pymilvus.Function(
                name="bm25", function_type=self._pymilvus.FunctionType.BM25,
                input_field_names=["words"], output_field_names=["sparse"],
            )
        )  # fmt: skip
        indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")


def _pymilvus() -> Any:
    try:
        module = import_module("pymilvus")
    except ImportError as error:
        raise ExtraMissing("milvus", "pymilvus") from error
    # It writes a traceback for each failed call, those that are tried again included.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return module


def _version(text: str) -> tuple[int, int]:
    found = re.match(r"\D*(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _properties(found: dict[str, Any]) -> dict[str, Any]:
    return dict(found.get("properties") or {})


def _dimension(found: dict[str, Any]) -> int:
    return next(
        (int(f["params"]["dim"]) for f in found["fields"] if "dim" in f.get("params", {})), 0
    )


def _first_line(message: object) -> str:
    return str(message).strip().split("\n")[0][:200]


def _refused(url: str, error: Any) -> str:
    return (
        f"The vector store {url} refuses: {_first_line(error.message)} (code {error.code}). "
        f"If it wants a login, set {TOKEN_VARIABLE}=USER:PASSWORD; if its collection is gone, "
        "run: rag index --compact"
    )
