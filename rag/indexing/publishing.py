"""Keeping a store in step with the index: what is committed here is sent there, never the reverse.

Nothing is taken on trust. Each step ends by counting the store's rows, and when the count or the
mark left by the last step is not as expected, every row is compared by its digest. So a server that
was killed, set back to a backup or emptied is filled again by the next step.
"""

from __future__ import annotations

import secrets
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from rag.errors import StoreFault
from rag.indexing.accelerator import build_if_due, sweep
from rag.indexing.database import meta, set_meta, stored_settings, transaction
from rag.indexing.records import unpack_vectors
from rag.indexing.remote import Attachment, attached
from rag.indexing.writing import touch
from rag.stores import Row, VectorStore, day_span, open_store, parse_address

WINDOW = 8192
"""Passage identifiers that are compared, or read, at a time."""

Told = Callable[[int, int], None]
"""Called with how many passages are in the store of how many."""


def accelerate(
    connection: sqlite3.Connection, directory: Path, dimension: int, *, force: bool = False
) -> None:
    """After a change: bring the store in step, or build the FAISS files when that is due.

    The caller holds the writer lock. With `force`, whatever has changed.

    Raises:
        IndexFault: see `build_if_due`.
        StoreUnreachable, StoreFault: the change is stored here, and sent at the next step.
    """
    attachment = attached(connection)
    if attachment is None:
        build_if_due(connection, directory, dimension, force=force)
        return
    store = open_store(attachment.url)
    try:
        _Publisher(connection, directory, store, dimension).follow(attachment, force)
    finally:
        store.close()


def reach(connection: sqlite3.Connection) -> None:
    """Nothing, where the index has a store and it answers, or has none; raises as `open_store`."""
    attachment = attached(connection)
    if attachment is not None:
        open_store(attachment.url).close()


def attach(
    connection: sqlite3.Connection, directory: Path, url: str, told: Told | None = None
) -> int:
    """Fill a store, then have the index searched through it; returns its number of rows.

    Broken off, it goes on where it was; until it is done the index is searched as before.

    Raises:
        UsageError: no address, or a collection that is not this index's.
        ExtraMissing, StoreUnreachable, StoreFault: see `rag.stores`.
    """
    url = parse_address(url).url
    dimension = stored_settings(connection, directory).dimension
    store = open_store(url)
    try:
        count = _Publisher(connection, directory, store, dimension, told).fill(url, name_it=True)
    finally:
        store.close()
    with transaction(connection):
        connection.execute("DELETE FROM meta WHERE name = 'dense'")
    sweep(connection, directory)
    return count


def detach(connection: sqlite3.Connection, directory: Path) -> None:
    """Have the index searched on this machine again; the collection is left as it is."""
    with transaction(connection):
        connection.execute("DELETE FROM meta WHERE name = 'store'")
        touch(connection)
    dimension = stored_settings(connection, directory).dimension
    build_if_due(connection, directory, dimension, force=True)


def fill(connection: sqlite3.Connection, directory: Path, url: str) -> int:
    """Fill a store without searching through it; returns its number of rows. Raises as `attach`."""
    dimension = stored_settings(connection, directory).dimension
    store = open_store(url)
    try:
        return _Publisher(connection, directory, store, dimension).fill(url, name_it=False)
    finally:
        store.close()


def out_of_step(connection: sqlite3.Connection, attachment: Attachment) -> str | None:
    """What a store lacks or has too much, in a sentence; None when it is as the index left it.

    Raises:
        StoreUnreachable, StoreFault: it does not answer, or refuses.
    """
    store = open_store(attachment.url)
    try:
        found, mark = store.count(), store.mark()
    finally:
        store.close()
    kept, gone = connection.execute(
        "SELECT (SELECT count(*) FROM passages WHERE id <= ?1), "
        "(SELECT count(*) FROM removed WHERE passage <= ?1)",
        (attachment.covered,),
    ).fetchone()
    if mark != attachment.mark:
        return f"The vector store {attachment.url} was changed by something else."
    if found != kept + gone:
        return f"The vector store {attachment.url} holds {found} rows, not {kept + gone}."
    return None


class _Publisher:
    """Sends one index's rows to one store."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        directory: Path,
        store: VectorStore,
        dimension: int,
        told: Told | None = None,
    ) -> None:
        self._connection = connection
        self._store = store
        self._dimension = dimension
        self._told = told
        self._place = f"{socket.gethostname()}:{Path(directory).resolve()}"
        self._total = int(connection.execute("SELECT count(*) FROM passages").fetchone()[0])

    def fill(self, url: str, *, name_it: bool) -> int:
        """Make the store equal to the index by comparing every row."""
        self._store.prepare(_identity(self._connection), self._dimension)
        self._compare()
        self._require_count()
        self._finish(url, name_it=name_it)
        return self._total

    def follow(self, attachment: Attachment, force: bool) -> None:
        """Send what has changed since the last step."""
        self._store.prepare(_identity(self._connection), self._dimension)
        found = self._store.mark()
        if force or found != attachment.mark:
            self._require_own(found)
            self._compare()
        else:
            self._send_changes(attachment)
        self._require_count()
        self._finish(attachment.url, name_it=True)

    def _send_changes(self, attachment: Attachment) -> None:
        gone = self._connection.execute(
            "SELECT passage FROM removed WHERE passage <= ?", (attachment.covered,)
        ).fetchall()
        if gone:
            self._store.delete([row[0] for row in gone])
        for rows in _batches(self._connection, attachment.covered, self._dimension):
            self._store.upsert(rows)
            attachment = Attachment(attachment.url, rows[-1].passage, attachment.mark)
            with transaction(self._connection):
                set_meta(self._connection, "store", attachment.to_json())

    def _compare(self) -> None:
        last, empty = _last_passage(self._connection), self._store.count() == 0
        for first in range(0, last + 1, WINDOW):
            rows = _rows(self._connection, first, first + WINDOW, self._dimension)
            theirs = {} if empty else self._store.digests(first, first + WINDOW)
            mine = {row.passage: row.digest for row in rows}
            self._store.delete([passage for passage in theirs if passage not in mine])
            self._store.upsert([row for row in rows if theirs.get(row.passage) != row.digest])
            if self._told is not None:
                self._told(min(first + WINDOW, last), last)
        if not empty:
            self._store.delete_from(last + 1)

    def _require_count(self) -> None:
        if self._store.count() == self._total:
            return
        self._compare()
        found = self._store.count()
        if found != self._total:
            raise StoreFault(
                f"The vector store {self._store.url} holds {found} rows after it was filled, the "
                f"index {self._total}. Does another program write to it? Run: rag index --compact"
            )

    def _require_own(self, mark: str) -> None:
        place = mark.rpartition(" ")[0]
        if place not in ("", self._place):
            raise StoreFault(
                f"The vector store {self._store.url} was last written by the index in {place}, of "
                f"which this one ({self._place}) is a copy. Only one of them may write. To make "
                f"it this one, run: rag index --store {self._store.url}"
            )

    def _finish(self, url: str, *, name_it: bool) -> None:
        attachment = Attachment(
            url, _last_passage(self._connection), f"{self._place} {secrets.token_hex(8)}"
        )
        if name_it:
            with transaction(self._connection):
                set_meta(self._connection, "store", attachment.to_json())
                self._connection.execute("DELETE FROM removed")
                touch(self._connection)
        # After the database: killed in between, the marks differ and every row is compared.
        self._store.set_mark(attachment.mark)


def _identity(connection: sqlite3.Connection) -> str:
    """The name under which the index owns its collections; made when it is first needed."""
    known = meta(connection, "identity")
    if known is None:
        known = secrets.token_hex(16)
        with transaction(connection):
            set_meta(connection, "identity", known)
    return known


def _last_passage(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT ifnull(max(id), 0) FROM passages").fetchone()[0])


def _batches(connection: sqlite3.Connection, above: int, dimension: int) -> Iterator[list[Row]]:
    last = _last_passage(connection)
    for first in range(above + 1, last + 1, WINDOW):
        if rows := _rows(connection, first, first + WINDOW, dimension):
            yield rows


def _rows(connection: sqlite3.Connection, first: int, last: int, dimension: int) -> list[Row]:
    found = connection.execute(
        "SELECT p.id, v.vector, p.digest, p.document, d.outlet, d.language, d.published, "
        "l.heading || ' ' || l.body FROM passages p JOIN vectors v ON v.passage = p.id "
        "JOIN documents d ON d.id = p.document JOIN lexical l ON l.rowid = p.id "
        "WHERE p.id >= ? AND p.id < ? ORDER BY p.id",
        (first, last),
    ).fetchall()
    vectors = unpack_vectors([row[1] for row in found], dimension)
    return [
        Row(
            passage,
            vector,
            digest_number(digest),
            document,
            (outlet or "").casefold(),
            language,
            *day_span(published),
            words,
        )
        for (passage, _, digest, document, outlet, language, published, words), vector in zip(
            found, vectors, strict=True
        )
    ]


def digest_number(digest: bytes) -> int:
    """The first eight bytes of a passage's digest, as a signed number."""
    return int.from_bytes(digest[:8], "big", signed=True)
