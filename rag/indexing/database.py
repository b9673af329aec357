"""The SQLite file: tables, connections, transactions, and errors said in our own words."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from rag.errors import IndexBroken, IndexFault, IndexLocked, IndexMissing, UsageError
from rag.indexing.lock import LOCK_NAME
from rag.indexing.settings import IndexSettings

DATABASE_NAME = "index.sqlite"
BUSY_SECONDS = 10
"""How long SQLite waits for a lock of its own."""
Kind = TypeVar("Kind", bound=sqlite3.Connection)

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
    format TEXT NOT NULL, text BLOB NOT NULL, pages BLOB NOT NULL, chrome BLOB NOT NULL,
    missing TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX IF NOT EXISTS files_sha256 ON files (sha256);
CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    title TEXT NOT NULL, author TEXT, outlet TEXT, published TEXT, url TEXT, language TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, found TEXT NOT NULL, sentences BLOB NOT NULL,
    keys BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_file ON documents (file);
CREATE TABLE IF NOT EXISTS resemblance (
    key INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (key, document)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    first INTEGER NOT NULL, last INTEGER NOT NULL, digest BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_document ON passages (document);
CREATE INDEX IF NOT EXISTS passages_digest ON passages (digest);
CREATE TABLE IF NOT EXISTS vectors (passage INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS removed (passage INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS terms (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS lexical USING fts5 (
    heading, body, tokenize = "ascii tokenchars '.,_%+#&@/-'"
);
"""
"""`lexical` holds terms of `rag.indexing.terms`, so its own tokenizer only splits at spaces."""


def database_path(directory: Path) -> Path:
    """The one file that is the truth."""
    return directory / DATABASE_NAME


def partial_path(directory: Path) -> Path:
    """What an import writes before it is whole."""
    return directory / f"{DATABASE_NAME}.part"


def log_path(database: Path) -> Path:
    """SQLite's write-ahead log beside a database."""
    return database.with_name(f"{database.name}-wal")


def open_writer(directory: Path, settings: IndexSettings) -> sqlite3.Connection:
    """Connect for writing; create the folder and the tables with `settings` when there are none."""
    directory.mkdir(parents=True, exist_ok=True)
    with translated(directory):
        connection = sqlite3.connect(
            database_path(directory), timeout=BUSY_SECONDS, isolation_level=None
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        with transaction(connection):
            exists = connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'meta'"
            ).fetchone()
            if not exists:
                create_tables(connection)
                initial = {"settings": settings.to_json(), "revision": "0", "content": "0"}
                connection.executemany("INSERT INTO meta VALUES (?, ?)", initial.items())
    return connection


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables that are not there."""
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)


def open_existing_writer(directory: Path) -> sqlite3.Connection:
    """Connect for writing to an index that is there already.

    Raises:
        IndexMissing: there is none.
    """
    return open_writer(directory, read_settings(directory))


def open_reader(directory: Path) -> sqlite3.Connection:
    """Connect without the right to write.

    Raises:
        IndexMissing: nothing has been indexed there.
        IndexBroken: the file is not such a database.
    """
    path = database_path(directory)
    if not path.is_file():
        raise _missing(directory)
    uri = f"file:{quote(str(path.resolve()))}?mode=ro"
    with translated(directory):
        try:
            return _checked(uri, sqlite3.Connection)
        except sqlite3.OperationalError as error:
            # A write-ahead log cannot be shared on a read-only medium, where nobody writes either.
            if "unable to open" in str(error) or "readonly" in str(error):
                return _checked(f"{uri}&immutable=1", sqlite3.Connection)
            frozen = _frozen(path, uri) if "disk" in str(error) else None
            if frozen is None:
                raise
            return frozen


def _missing(directory: Path) -> IndexMissing:
    return IndexMissing(f"No index in {directory}. Run: rag index PATH... --index {directory}")


class _FrozenConnection(sqlite3.Connection):
    """Holds the writer lock, shared, until it is closed."""

    handle = -1

    def close(self) -> None:
        super().close()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1


def _frozen(path: Path, uri: str) -> sqlite3.Connection | None:
    """Without shared memory, which a full disk has no room for; None when that is not safe.

    It is when all that was committed is in the database and no writer can begin meanwhile.
    """
    log = log_path(path)
    if log.exists() and log.stat().st_size:
        return None
    try:
        handle = os.open(path.with_name(LOCK_NAME), os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        connection = _checked(f"{uri}&immutable=1", _FrozenConnection)
    except BaseException as error:
        os.close(handle)
        if isinstance(error, BlockingIOError):
            return None
        raise
    connection.handle = handle
    return connection


def _checked(uri: str, kind: type[Kind]) -> Kind:
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        factory=kind,
    )
    connection.execute("PRAGMA query_only = ON")
    connection.execute("SELECT value FROM meta WHERE name = 'revision'").fetchone()
    return connection


def read_settings(directory: Path) -> IndexSettings:
    """The settings of the index in `directory`; raises as `open_reader` does."""
    connection = open_reader(directory)
    try:
        return stored_settings(connection, directory)
    finally:
        connection.close()


def stored_settings(connection: sqlite3.Connection, directory: Path) -> IndexSettings:
    """The settings kept in the database.

    Raises:
        IndexBroken: they cannot be read.
    """
    text = meta(connection, "settings")
    try:
        return IndexSettings.from_json(text or "")
    except (TypeError, ValueError) as error:
        raise IndexBroken(
            f"The settings of the index in {directory} cannot be read ({error}). "
            "Run: rag index --rebuild PATH..."
        ) from error


def meta(connection: sqlite3.Connection, name: str) -> str | None:
    """A value of the index about itself."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Set or replace a value of the index about itself."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; takes the write lock at once."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def translated(directory: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, with the remedy."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        if isinstance(error, sqlite3.ProgrammingError) and "closed" in text:
            raise UsageError(f"The index in {directory} was closed. Open it again.") from error
        if "no such table: meta" in text:
            # A writer was killed before its first transaction, or the file is someone else's.
            raise _missing(directory) from error
        if "full" in text or "disk I/O" in text:
            raise IndexFault(
                f"The disk of {directory} is full or failing ({text}). What was stored before is "
                "kept. Free some space, then run the same command again."
            ) from error
        if "locked" in text or "busy" in text:
            raise IndexLocked(
                f"The index in {directory} is locked by another process ({text}). Run it again."
            ) from error
        if isinstance(error, sqlite3.OperationalError) and "unable to open" in text:
            raise IndexFault(
                f"The index in {directory} cannot be opened ({text}). "
                "Check the folder's permissions."
            ) from error
        raise IndexBroken(
            f"The index in {directory} is damaged ({text}). Run: rag doctor --index {directory}, "
            "then delete the folder and run: rag index PATH..."
        ) from error
