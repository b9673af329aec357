"""One collection of Milvus: its columns, its vector index, and whose it is."""

from __future__ import annotations

from typing import Any

from rag.errors import UsageError
from rag.stores.addresses import Address
from rag.stores.expressions import tokens
from rag.stores.milvus_connection import Connection
from rag.stores.seam import Row

_OWNER, _MARK = "sourcebound.owner", "sourcebound.mark"
_BUILD = {
    "HNSW": {"M": 32, "efConstruction": 80},
    "IVF_SQ8": {"nlist": 1024},
    "DISKANN": {},
    "FLAT": {},
}


class Collection:
    """The collection that an address names. `with_words` gives it a column ranked by BM25."""

    def __init__(self, connection: Connection, address: Address, with_words: bool) -> None:
        self._connection = connection
        self._address = address
        self._with_words = with_words

    def prepare(self, owner: str, dimension: int) -> None:
        """See `VectorStore.prepare`."""
        name, client, run = self._address.collection, self._connection.client, self._connection.run
        if run(lambda: client.has_collection(name)):
            found = self._describe()
            self._require_owner(found, owner)
            if _dimension(found) == dimension and self._kind() == self._address.kind:
                run(lambda: client.load_collection(name, timeout=60))
                return
            self.drop()
        run(lambda: self._create(owner, dimension))

    def mark(self) -> str:
        """What `set_mark` left, "" for nothing."""
        return str(_properties(self._describe()).get(_MARK, ""))

    def set_mark(self, mark: str) -> None:
        """Leave a word with the collection."""
        name, client = self._address.collection, self._connection.client
        self._connection.run(lambda: client.alter_collection_properties(name, {_MARK: mark}))

    def drop(self) -> None:
        """Delete it."""
        name, client = self._address.collection, self._connection.client
        self._connection.run(lambda: client.drop_collection(name))

    def record(self, row: Row) -> dict[str, Any]:
        """A row as the server wants it."""
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
        return record | {"words": tokens(row.words)} if self._with_words else record

    def _describe(self) -> dict[str, Any]:
        name, client = self._address.collection, self._connection.client
        return dict(self._connection.run(lambda: client.describe_collection(name)))

    def _kind(self) -> str:
        name, client = self._address.collection, self._connection.client
        described = self._connection.run(lambda: client.describe_index(name, "vector"))
        return str(described["index_type"])

    def _require_owner(self, found: dict[str, Any], owner: str) -> None:
        holder = _properties(found).get(_OWNER)
        if holder != owner:
            whose = "another index" if holder else "another program"
            raise UsageError(
                f"The collection {self._address.url} belongs to {whose}. Name another one, "
                "which is then made: rag index --store http://HOST:PORT/OTHER_NAME"
            )

    def _create(self, owner: str, dimension: int) -> None:
        types, client = self._connection.library.DataType, self._connection.client
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
        if self._with_words:
            self._add_words(schema, indexes)
        client.create_collection(
            self._address.collection,
            schema=schema,
            index_params=indexes,
            consistency_level="Session",
            properties={_OWNER: owner},
        )

    def _add_words(self, schema: Any, indexes: Any) -> None:
        library = self._connection.library
        schema.add_field("words", library.DataType.VARCHAR, max_length=65_535, enable_analyzer=True)
        schema.add_field("sparse", library.DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            library.Function(
                name="bm25",
                function_type=library.FunctionType.BM25,
                input_field_names=["words"],
                output_field_names=["sparse"],
            )
        )
        indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")


def _properties(found: dict[str, Any]) -> dict[str, Any]:
    return dict(found.get("properties") or {})


def _dimension(found: dict[str, Any]) -> int:
    return next(
        (int(f["params"]["dim"]) for f in found["fields"] if "dim" in f.get("params", {})), 0
    )
