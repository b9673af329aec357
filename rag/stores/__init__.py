"""Vector stores on other machines: copies of an index's vectors, for search alone.

Light: pymilvus is imported when a store is opened.
"""

from __future__ import annotations

from rag.stores.addresses import Address, is_address, parse_address
from rag.stores.expressions import day_span
from rag.stores.seam import Row, Selection, VectorStore

__all__ = [
    "Address",
    "Row",
    "Selection",
    "VectorStore",
    "day_span",
    "is_address",
    "open_store",
    "parse_address",
]


def open_store(url: str) -> VectorStore:
    """Connect to the store at an address; raises as `parse_address` and `MilvusStore` do."""
    address = parse_address(url)
    from rag.stores.milvus import MilvusStore

    return MilvusStore(address)
