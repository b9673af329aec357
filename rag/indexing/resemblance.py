"""Which documents carry much of the same text: the same article in several places.

Each document gets a few keys when it is stored; documents that share one are worth comparing. So
nothing is kept of groups, which would have to follow every change. Source: MinHash with bands,
Broder, "On the resemblance and containment of documents", 1997; Leskovec, Rajaraman and Ullman,
"Mining of Massive Datasets", chapter 3.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from rag.documents.fold import fold
from rag.indexing.records import DOCUMENT_COLUMNS, stored_document
from rag.types import StoredDocument

BANDS = 8
ROWS = 3
"""A key is the agreement of three minima, so that two documents that share 80 % of their runs of
terms share a key with a probability of .997, those that share 30 % with one of .20."""
_RUN = 3
_MOST = 50
"""Copies compared at most: more would be a template, and no reader wants them listed."""

Words = Callable[[StoredDocument], str]
"""The folded text of a document."""


def keys(terms: Sequence[str]) -> npt.NDArray[np.int64]:
    """int64 (8,), or (0,) without terms: equal with the probability that the texts are alike."""
    if not terms:
        return np.empty(0, dtype=np.int64)
    runs = {" ".join(terms[at : at + _RUN]) for at in range(max(1, len(terms) - _RUN + 1))}
    hashes = np.array([zlib.crc32(run.encode()) for run in runs], dtype=np.uint64)
    minima = ((hashes[:, None] * _FACTORS + _SUMMANDS) >> np.uint64(32)).min(axis=0)
    bands = minima.astype("<u4").reshape(BANDS, ROWS)
    found = [
        hashlib.blake2b(bytes([number]) + band.tobytes(), digest_size=8).digest()
        for number, band in enumerate(bands)
    ]
    return np.frombuffer(b"".join(found), dtype="<i8")


def unpack_keys(blob: bytes) -> list[int]:
    """The keys of a document, from the bytes of what `keys` gave."""
    found: list[int] = np.frombuffer(blob, dtype="<i8").tolist()
    return found


def alike(connection: sqlite3.Connection, document: int) -> list[StoredDocument]:
    """Other documents that share a key with this one, by path and place; at most 50."""
    row = connection.execute("SELECT keys FROM documents WHERE id = ?", (document,)).fetchone()
    held = [] if row is None else unpack_keys(row[0])
    marks = ",".join("?" * len(held))
    rows = connection.execute(
        f"SELECT {DOCUMENT_COLUMNS} FROM documents d JOIN files f ON f.id = d.file WHERE d.id IN "
        f"(SELECT document FROM resemblance WHERE key IN ({marks}) AND document <> ?) "
        "ORDER BY f.path, d.ordinal LIMIT ?",
        (*held, document, _MOST),
    )
    return [stored_document(row) for row in rows]


def holders(
    candidates: Sequence[StoredDocument], quotes: Sequence[str], words: Words
) -> tuple[StoredDocument, ...]:
    """Those of the documents that hold more than half of the quotes word for word.

    Letter by letter, so that a copy with another figure never counts as another place of it.
    """
    wanted = [fold(quote) for quote in quotes]
    return tuple(
        document
        for document in candidates
        if 2 * sum(quote in words(document) for quote in wanted) > len(wanted)
    )


def _constants(name: str) -> npt.NDArray[np.uint64]:
    # Hashes and not a generator's draws, which may change with its library: they are on disk.
    drawn = [hashlib.blake2b(f"{name} {at}".encode(), digest_size=8) for at in range(BANDS * ROWS)]
    return np.array([int.from_bytes(each.digest(), "little") for each in drawn], dtype=np.uint64)


_FACTORS = _constants("factor") | np.uint64(1)
_SUMMANDS = _constants("summand")
