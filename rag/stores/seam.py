"""What a vector store on another machine must offer, and what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from rag.types import Filters, FloatMatrix, IntArray

FloatVector = npt.NDArray[np.float32]

UNDATED = (99_999_999, -1)
"""First and last day of a document without a date: outside of every span."""


@dataclass(frozen=True, slots=True)
class Row:
    """One passage as a store holds it: no text, so nothing can be quoted from a store.

    `vector` is float32 (dimension,); `digest` a signed 64-bit number that names the text that was
    embedded; `outlet` is case-folded, "" for none; the days are numbers such as 20210429, between
    which the document's possibly partial date lies, or UNDATED. `words` are the passage's terms,
    parted by spaces, for stores that rank words.
    """

    passage: int
    vector: FloatVector
    digest: int
    document: int
    outlet: str
    language: str
    first_day: int
    last_day: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows may be found: those of `documents`, or, when that is None, those `filters` let by.

    Of `filters`, outlets, dates and language count; documents are chosen by `documents` alone.
    """

    documents: tuple[int, ...] | None
    filters: Filters


class VectorStore(Protocol):
    """A copy of an index's vectors that finds the nearest ones. Never the truth.

    Every method tries again while the server is away for a moment, and then raises
    StoreUnreachable; all writes may be repeated. StoreFault is raised for what trying again does
    not mend.
    """

    @property
    def url(self) -> str: ...

    @property
    def ranks_words(self) -> bool:
        """Whether `matching` is to be had."""

    def prepare(self, owner: str, dimension: int) -> None:
        """Make the collection, or see that it is `owner`'s; one of another dimension is replaced.

        Raises:
            UsageError: the collection is that of another index, or of another program.
        """

    def mark(self) -> str:
        """What `set_mark` left, "" for nothing."""

    def set_mark(self, mark: str) -> None:
        """Leave a word with the collection."""

    def upsert(self, rows: Sequence[Row]) -> None:
        """Put rows in, in place of those of the same passage."""

    def delete(self, passages: Sequence[int]) -> None:
        """Take rows out; those that are not there do not matter."""

    def delete_from(self, passage: int) -> None:
        """Take out this row and all of higher passage numbers."""

    def count(self) -> int:
        """How many rows there are, after every write that was acknowledged has taken effect."""

    def digests(self, first: int, last: int) -> dict[int, int]:
        """Passage to digest of the rows in [first, last), at most 10,000 apart."""

    def vectors(self, passages: Sequence[int]) -> tuple[IntArray, FloatMatrix]:
        """Those of the passages that are there, and their vectors, in any order."""

    def nearest(self, query: FloatMatrix, count: int, selection: Selection | None) -> IntArray:
        """Passages by inner product with `query` (1, dimension), best first, nearly exact."""

    def matching(self, words: str, count: int, selection: Selection | None) -> IntArray:
        """Passages by BM25 of the words, best first."""

    def drop(self) -> None:
        """Delete the collection."""

    def close(self) -> None: ...
