"""Addresses of stores: http://HOST:PORT/COLLECTION."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from rag.errors import UsageError

SCHEMES = ("http", "https")
TOKEN_VARIABLE = "RAG_STORE_TOKEN"
"""Names the environment variable with "user:password" or a token; never kept in an index."""
_COLLECTION = "sourcebound"
_PORT = 19530
_KINDS = ("HNSW", "IVF_SQ8", "DISKANN", "FLAT")
_FORM = "http://HOST:19530/COLLECTION"


@dataclass(frozen=True, slots=True)
class Address:
    """`server` is the address to connect to, `kind` the vector index that the engine builds."""

    server: str
    collection: str
    kind: str

    @property
    def url(self) -> str:
        """The canonical form."""
        return f"{self.server}/{self.collection}" + (
            f"?index={self.kind}" if self.kind != _KINDS[0] else ""
        )


def is_address(text: str) -> bool:
    """Whether this names a store rather than a folder."""
    return "://" in text


def parse_address(text: str) -> Address:
    """Read `http://HOST:PORT/COLLECTION?index=KIND`; port, collection and kind may be left out.

    Raises:
        UsageError: it is something else, or holds a password.
    """
    parts = urlsplit(text)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise UsageError(f"{text!r} is no address of a Milvus server. Write it as {_FORM}")
    if parts.username or parts.password:
        raise UsageError(
            "The address of a store is kept in the index, so it may hold no password. "
            f"Set {TOKEN_VARIABLE}=USER:PASSWORD in the environment instead."
        )
    try:
        port = parts.port or _PORT
    except ValueError as error:
        raise UsageError(f"{text!r}: {error}. Write it as {_FORM}") from error
    collection = parts.path.strip("/") or _COLLECTION
    if not re.fullmatch(r"[A-Za-z_]\w{0,254}", collection, re.ASCII):
        raise UsageError(
            f"{collection!r} cannot name a collection: letters, digits and _ only, no digit first."
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    kind = options.pop("index", _KINDS[0]).upper()
    if options or kind not in _KINDS:
        raise UsageError(f"{text!r}: after the ? only index={'|'.join(_KINDS)} is known.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Address(f"{parts.scheme}://{host}:{port}", collection, kind)
