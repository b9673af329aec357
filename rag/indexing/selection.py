"""Which documents a filter or a name means."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rag.errors import FilterError, UsageError
from rag.indexing.naming import nearest, nearest_documents, perhaps, shown
from rag.indexing.records import all_documents
from rag.types import Filters, IntArray, StoredDocument

BoolArray = npt.NDArray[np.bool_]


def names(document: StoredDocument, wanted: str) -> bool:
    """Whether `wanted` is the document's path, an ending of it at a slash, or its title.

    What begins with a slash is a whole path.
    """
    path = document.path.replace("\\", "/")
    ending = wanted.replace("\\", "/").removeprefix("./")
    return (
        path == ending
        or (not ending.startswith("/") and path.endswith(f"/{ending}"))
        or document.title.casefold() == wanted.casefold()
    )


def passes(document: StoredDocument, filters: Filters) -> bool:
    """Whether a document may answer.

    A partial date stands for all of its days, so "2021" passes since "2021-06-01". A document
    without a date passes no filter on dates.
    """
    if filters.documents and not any(names(document, wanted) for wanted in filters.documents):
        return False
    if filters.outlets:
        outlets = {outlet.casefold() for outlet in filters.outlets}
        if (document.outlet or "").casefold() not in outlets:
            return False
    if filters.language and document.language != filters.language:
        return False
    if filters.since is None and filters.until is None:
        return True
    if document.published is None:
        return False
    early, late = _span(document.published)
    return (filters.since is None or late >= _span(filters.since)[0]) and (
        filters.until is None or early <= _span(filters.until)[1]
    )


def allowed_documents(connection: sqlite3.Connection, filters: Filters) -> list[int] | None:
    """Identifiers of the documents that pass, ascending; None when there is no restriction.

    Raises:
        FilterError: see `require_known`.
    """
    if filters == Filters():
        return None
    documents = all_documents(connection)
    require_known(documents, filters)
    return sorted(d.identifier for d in documents if passes(d, filters))


def require_known(documents: Sequence[StoredDocument], filters: Filters) -> None:
    """Say so when a filter names what is not there, for then it is no wonder that nothing is found.

    Raises:
        FilterError: no document is named so, or none is of that outlet; with the nearest names.
    """
    for wanted in filters.documents:
        if not any(names(document, wanted) for document in documents):
            raise FilterError(_unknown(wanted, documents))
    if not filters.outlets:
        return
    outlets = {d.outlet.casefold(): d.outlet for d in documents if d.outlet}
    for wanted in filters.outlets:
        if wanted.casefold() not in outlets:
            near = perhaps(nearest(wanted, outlets.values()))
            none = "" if outlets else " None says its outlet."
            raise FilterError(
                f"No document in the index is of the outlet {shown(wanted)}.{near}{none} "
                "Run: rag docs --json"
            )


def passages_in(connection: sqlite3.Connection, documents: Sequence[int]) -> IntArray:
    """Identifiers of the passages of these documents, ascending."""
    rows = connection.execute(
        "SELECT id FROM passages WHERE document IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(documents)),),
    ).fetchall()
    return np.array([row[0] for row in rows], dtype=np.int64)


class Allowed:
    """The documents that may answer, ascending, and the filters they passed.

    Their passages are looked up when they are first asked for: there may be very many.
    """

    def __init__(
        self, connection: sqlite3.Connection, documents: Sequence[int], filters: Filters
    ) -> None:
        self._connection = connection
        self.documents = documents
        self.filters = filters

    @cached_property
    def passages(self) -> IntArray:
        """Identifiers of the passages, ascending."""
        return passages_in(self._connection, self.documents)

    def keeps(self, passages: IntArray) -> BoolArray:
        """For each passage whether it is one of these."""
        rows = self._connection.execute(
            "SELECT id, document FROM passages WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(passages.tolist()),),
        )
        documents = dict(rows.fetchall())
        found = np.array([documents.get(p, -1) for p in passages.tolist()], dtype=np.int64)
        return np.isin(found, np.asarray(self.documents, dtype=np.int64))


def choose(documents: Sequence[StoredDocument], wanted: str) -> list[StoredDocument]:
    """The documents that `wanted` names: all of one file, or one title.

    Raises:
        UsageError: it names nothing, or more than one file.
    """
    exact = [d for d in documents if d.path == wanted]
    found = exact or [d for d in documents if names(d, wanted)]
    if not found:
        raise UsageError(_unknown(wanted, documents))
    paths = sorted({d.path for d in found})
    if len(paths) > 1:
        listed = "\n  ".join(paths)
        raise UsageError(
            f"{wanted!r} names {len(paths)} files. Give more of the path of one:\n  {listed}"
        )
    return found


def _unknown(wanted: str, documents: Sequence[StoredDocument]) -> str:
    near = perhaps(nearest_documents(wanted, documents))
    return f"No document in the index is named {shown(wanted)}.{near} Run: rag docs"


def _span(date: str) -> tuple[str, str]:
    parts = date.split("-")
    early = "-".join([*parts, *["00"] * (3 - len(parts))])
    late = "-".join([*parts, *["99"] * (3 - len(parts))])
    return early[:10], late[:10]
