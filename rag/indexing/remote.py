"""Vectors searched by a store on another machine, and what an index knows of that store."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass

import numpy as np

from rag.indexing.database import meta
from rag.indexing.selection import Allowed
from rag.indexing.terms import question_terms
from rag.stores import Selection, VectorStore, open_store
from rag.types import FloatMatrix, IntArray

_FEW_PASSAGES = 2000
"""So many allowed passages are scored from the database: exact, and quicker than asking."""
_FEW_DOCUMENTS = 1000
"""So many allowed documents are named to the store one by one; more by the filters themselves."""
_MOST_ASKED = 16_384


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the database says of its store.

    `covered` is the highest passage the store has taken; `mark` the word that was left with the
    collection after the last step, so that a writer sees whether somebody else wrote since.
    """

    url: str
    covered: int
    mark: str

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def attached(connection: sqlite3.Connection) -> Attachment | None:
    """The store that the index is searched through; None when it is searched on this machine."""
    text = meta(connection, "store")
    return Attachment(**json.loads(text)) if text else None


def unsent(connection: sqlite3.Connection, attachment: Attachment) -> int:
    """Passages added or removed since the store was last brought in step."""
    added, gone = connection.execute(
        "SELECT (SELECT count(*) FROM passages WHERE id > ?), (SELECT count(*) FROM removed)",
        (attachment.covered,),
    ).fetchone()
    return int(added) + int(gone)


class RemoteVectors:
    """Implements `Covering` over a store. The store proposes; what is kept, the database says."""

    def __init__(self, attachment: Attachment) -> None:
        """Connect; raises as `rag.stores.open_store`."""
        self._attachment = attachment
        self._store: VectorStore = open_store(attachment.url)

    @property
    def covered(self) -> int:
        return self._attachment.covered

    def follow(self, attachment: Attachment) -> bool:
        """Take up a later state of the same store; False when it is another one."""
        if attachment.url != self._attachment.url:
            self._store.close()
            return False
        self._attachment = attachment
        return True

    def few(self, allowed: Allowed, count: int, beside: int) -> IntArray | None:
        """See `Covering.few`."""
        if len(allowed.documents) > _FEW_DOCUMENTS:
            return None
        return allowed.passages if len(allowed.passages) <= max(count, _FEW_PASSAGES) else None

    def nearest(
        self, query: FloatMatrix, count: int, allowed: Allowed | None, removed: IntArray
    ) -> IntArray:
        """See `Covering.nearest`."""
        wanted = count
        while True:
            proposed = self._store.nearest(query, wanted, _selection(allowed))
            kept = proposed[~np.isin(proposed, removed)]
            if allowed is not None:
                kept = kept[allowed.keeps(kept)]
            if len(kept) >= count or len(proposed) < wanted or wanted >= _MOST_ASKED:
                return kept[:count]
            wanted = min(4 * wanted, _MOST_ASKED)

    def matching(self, question: str, count: int, allowed: Allowed | None) -> IntArray | None:
        """See `Covering.matching`."""
        terms = question_terms(question)
        if not self._store.ranks_words or not terms:
            return None
        found = self._store.matching(" ".join(terms), count, _selection(allowed))
        return found if allowed is None else found[allowed.keeps(found)]


def _selection(allowed: Allowed | None) -> Selection | None:
    if allowed is None:
        return None
    filters = allowed.filters
    narrow = len(allowed.documents) <= _FEW_DOCUMENTS
    if narrow or filters.documents:
        return Selection(tuple(allowed.documents), filters)
    return Selection(None, filters)
