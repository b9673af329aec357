"""Starting an index over, its tables new; what it held is remembered until it is read again."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from rag.indexing.database import create_tables, meta, set_meta, transaction
from rag.indexing.settings import IndexSettings
from rag.indexing.writing import touch

_UNREAD = "unread"
_MADE_ANEW = ("lexical", "terms", "resemblance", "vectors", "passages", "documents", "files")
"""Tables that refer to others come before these. `meta` and `notes` stay, `removed` is filled."""


def start_over(connection: sqlite3.Connection, settings: IndexSettings) -> None:
    """Empty the index and give it these settings, in one transaction.

    Tables are dropped rather than rows taken out one by one, so that what an older version made,
    or what does not fit together, is no obstacle.
    """
    paths = {path for (path,) in connection.execute("SELECT path FROM files")}
    paths |= {str(path) for path in unread_yet(connection)}
    with transaction(connection):
        used = connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        connection.execute("INSERT OR IGNORE INTO removed SELECT id FROM passages")
        for table in _MADE_ANEW:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        create_tables(connection)
        # Identifiers are never used twice: readers remember by them.
        connection.executemany("INSERT INTO sqlite_sequence VALUES (?, ?)", used)
        connection.execute("DELETE FROM meta WHERE name = 'dense'")
        set_meta(connection, "settings", settings.to_json())
        set_meta(connection, "content", "0")
        set_meta(connection, _UNREAD, json.dumps(sorted(paths)))
        touch(connection)


def unread_yet(connection: sqlite3.Connection) -> list[Path]:
    """The files that the index held when it was last started over, until `finish`."""
    return [Path(path) for path in json.loads(meta(connection, _UNREAD) or "[]")]


def finish(connection: sqlite3.Connection) -> None:
    """All that `unread_yet` named was read, or skipped with a reason."""
    with transaction(connection):
        connection.execute("DELETE FROM meta WHERE name = ?", (_UNREAD,))
