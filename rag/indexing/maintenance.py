"""Taking documents out, compacting, and what is known of an index."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexFault, IndexLocked, RagError
from rag.indexing.accelerator import current_build, pending
from rag.indexing.database import (
    BUSY_SECONDS,
    meta,
    open_existing_writer,
    open_reader,
    partial_path,
    stored_settings,
    transaction,
    translated,
)
from rag.indexing.former import drop_former, forgotten
from rag.indexing.lock import writer_lock
from rag.indexing.planning import stored_hash
from rag.indexing.publishing import accelerate, reach
from rag.indexing.records import all_documents
from rag.indexing.remote import attached, unsent
from rag.indexing.selection import choose, names
from rag.indexing.writing import delete_document, generation, touch
from rag.types import Forgotten, StoredDocument

SHARDS = "shards"
"""The folder inside that of the index where workers leave what is not stored yet."""
_UNERASED = "unerased"
"""The note that text of documents which were taken out may still lie in the files."""
_READERS_SECONDS = 10.0
_HOLDING_MILLISECONDS = 50
_PAUSE_SECONDS = 0.1


@contextmanager
def writing(directory: Path, wait: float = 0.0) -> Iterator[sqlite3.Connection]:
    """A connection to an existing index, under the writer lock, errors said in our words."""
    open_reader(directory).close()
    with writer_lock(directory, wait), translated(directory):
        connection = open_existing_writer(directory)
        try:
            yield connection
        finally:
            connection.close()


def remove(directory: Path, document: str, *, wait: float = 0.0) -> list[StoredDocument]:
    """Take out the documents that a path, path ending or title names; they are returned.

    A file that is still on disk comes back at the next update of its folder.

    Raises:
        UsageError: the name fits none, or several files, which are listed.
    """
    with writing(Path(directory), wait) as connection:
        return _remove(connection, choose(all_documents(connection), document))


def forget(
    directory: Path,
    document: str,
    *,
    wait: float = 0.0,
    before: Callable[[Forgotten], object] | None = None,
) -> list[StoredDocument]:
    """As `remove`, and overwrite the storage: the text is in none of the index's files any more.

    What a broken-off update or import has left there goes with it. `before` is called before the
    documents are taken out, with what quotes of them are known by, to erase what is kept of them
    elsewhere. Whatever fails,
    the same call completes it: the index is marked until all is erased, and meanwhile a name that
    fits nothing any more erases what is left, and returns no document.

    Raises as `remove`, StoreUnreachable, IndexLocked when a reader keeps the old text in the
    write-ahead log, and IndexFault when what holds the text cannot be erased.
    """
    directory = Path(directory)
    with writing(directory, wait) as connection:
        chosen = _to_forget(connection, document)
        if not _empty_log(connection):
            raise IndexLocked(
                "Another process is reading the index, so its text cannot be erased, and nothing "
                "was. Close what uses the index, then run the command again."
            )
        reach(connection)
        connection.execute("PRAGMA secure_delete = ON")
        _delete_left_over(directory)
        if before is not None:
            before(forgotten(connection, chosen))
        _remove(connection, chosen, unerased=True)
        _erase(connection, directory)
    return chosen


def compact(directory: Path, *, wait: float = 0.0) -> None:
    """Rebuild the FAISS files, merge the word index and give free space back."""
    directory = Path(directory)
    with writing(directory, wait) as connection:
        _rewrite(connection, directory)


def write_setting(directory: Path, name: str, value: str, *, wait: float = 10.0) -> None:
    """Keep a value under a name, for `Index.setting`. It does not change the generation."""
    with writing(Path(directory), wait) as connection, transaction(connection):
        connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))
        touch(connection)


def info(directory: Path) -> dict[str, object]:
    """What the index holds, as JSON values; sizes in bytes."""
    directory = Path(directory)
    connection = open_reader(directory)
    try:
        with translated(directory):
            connection.execute("BEGIN")  # one generation
            return _info(connection, directory)
    finally:
        connection.close()


def _info(connection: sqlite3.Connection, directory: Path) -> dict[str, object]:
    build, attachment = current_build(connection), attached(connection)
    counts = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("files", "documents", "passages")
    }
    settings = stored_settings(connection, directory)
    return {
        "directory": str(directory),
        "generation": generation(connection),
        "revision": int(meta(connection, "revision") or 0),
        **counts,
        "embedder": settings.embedder,
        "dimension": settings.dimension,
        "target_tokens": settings.target_tokens,
        "extractor": settings.extractor,
        "format_version": settings.format_version,
        "dense": None
        if build is None
        else {
            "kind": build.kind,
            "vectors": build.count,
            "recall_at_10": build.recall,
            "probes": build.probes,
            "bytes": build.size,
        },
        "dense_pending": 0 if attachment else pending(connection, build),
        "store": attachment and {"url": attachment.url, "pending": unsent(connection, attachment)},
        "bytes": sum(path.stat().st_size for path in directory.iterdir() if path.is_file()),
    }


def _to_forget(connection: sqlite3.Connection, document: str) -> list[StoredDocument]:
    """The documents of that name; none, where there are none any more and their text may be left.

    Raises as `choose`.
    """
    documents = all_documents(connection)
    mark = connection.execute("SELECT 1 FROM notes WHERE name = ?", (_UNERASED,)).fetchone()
    if mark and not any(names(each, document) for each in documents):
        return []
    return choose(documents, document)


def _delete_left_over(directory: Path) -> None:
    """What broken-off updates and imports have left.

    Raises:
        IndexFault: it cannot be deleted.
    """
    try:
        if (directory / SHARDS).exists():
            shutil.rmtree(directory / SHARDS)
        partial_path(directory).unlink(missing_ok=True)
    except OSError as error:
        raise IndexFault(
            f"What a broken-off update left cannot be deleted ({error}), and may hold the text. "
            "Nothing was forgotten. Delete it, then run the same command again."
        ) from error


def _erase(connection: sqlite3.Connection, directory: Path) -> None:
    """Erase what was taken out.

    Raises:
        IndexLocked: a reader keeps it.
        IndexFault: something else does; the message says what.
    """
    try:
        with translated(directory):
            erased = _rewrite(connection, directory)
    except (RagError, OSError) as error:
        raise IndexFault(
            "The documents are taken out of the index, and nothing finds or quotes them any more; "
            f"but their text may still lie in its files. {error} Mend that, then run the same "
            "command again: it erases what is left."
        ) from error
    if not erased:
        raise IndexLocked(
            "The documents are taken out of the index, but another process still reads the old "
            "text. Close what uses the index, then run the same command again: it erases what is "
            "left."
        )


def _remove(
    connection: sqlite3.Connection, chosen: list[StoredDocument], *, unerased: bool = False
) -> list[StoredDocument]:
    with transaction(connection):
        if unerased:
            connection.execute("INSERT OR REPLACE INTO notes VALUES (?, '')", (_UNERASED,))
        for each in chosen:
            delete_document(connection, each.identifier)
        for path in {each.path for each in chosen}:
            if stored_hash(connection, Path(path)) is None:
                drop_former(connection, path)
    return chosen


def _rewrite(connection: sqlite3.Connection, directory: Path) -> bool:
    """Returns whether the write-ahead log could be emptied: no reader needs it."""
    connection.execute("INSERT INTO lexical (lexical) VALUES ('optimize')")
    connection.execute("VACUUM")
    dimension = stored_settings(connection, directory).dimension
    try:
        accelerate(connection, directory, dimension, force=True)
    finally:  # what is taken out is erased here, though a store or the vector files should fail
        emptied = _empty_log(connection)
    if emptied:
        with transaction(connection):
            connection.execute("DELETE FROM notes WHERE name = ?", (_UNERASED,))
    return emptied


def _empty_log(connection: sqlite3.Connection) -> bool:
    """Whether the write-ahead log could be emptied: no reader needs it any more.

    SQLite waits for readers with the write lock in its hands, so it may wait a moment at a time.
    """
    until = time.monotonic() + _READERS_SECONDS
    connection.execute(f"PRAGMA busy_timeout = {_HOLDING_MILLISECONDS}")
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE_SECONDS)
    connection.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")
    return True
