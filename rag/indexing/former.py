"""Under which paths a file was known before: what was quoted of it then still names those."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from rag.documents.fold import fold
from rag.indexing.records import unpack_text
from rag.types import Forgotten, StoredDocument

_NOTE = "former paths of "
"""Beginning of a note's name; the rest is the present path. Its value is a JSON list of paths.

Notes and no table: `CREATE TABLE` in an index that is there already would be another format.
"""


def former_paths(connection: sqlite3.Connection, path: str) -> list[str]:
    """Paths at which the file now at `path` was indexed earlier, ascending."""
    row = connection.execute("SELECT value FROM notes WHERE name = ?", (_NOTE + path,)).fetchone()
    return [] if row is None else list(json.loads(row[0]))


def remember_move(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Keep that the file at `new` was at `old`, and wherever that was before."""
    paths = {old, *former_paths(connection, old), *former_paths(connection, new)} - {new}
    drop_former(connection, old)
    connection.execute(
        "INSERT OR REPLACE INTO notes VALUES (?, ?)", (_NOTE + new, json.dumps(sorted(paths)))
    )


def drop_former(connection: sqlite3.Connection, path: str) -> None:
    """Forget the paths as well: the file is taken out."""
    connection.execute("DELETE FROM notes WHERE name = ?", (_NOTE + path,))


def forgotten(connection: sqlite3.Connection, chosen: Sequence[StoredDocument]) -> Forgotten:
    """What quotes of these documents are known by. They are all of one file, or none."""
    if not chosen:
        return Forgotten()
    path, sha256 = chosen[0].path, chosen[0].file_sha256
    blob = connection.execute("SELECT text FROM files WHERE path = ?", (path,)).fetchone()[0]
    text = unpack_text(blob)
    staying = connection.execute("SELECT path, sha256 FROM files WHERE path != ?", (path,))
    others = staying.fetchall()
    return Forgotten(
        tuple(chosen),
        tuple(fold(text[each.start : each.end]) for each in chosen),
        frozenset({path, *former_paths(connection, path)}),
        frozenset(name for name, held in others if held == sha256),
        frozenset(held for _, held in others if held != sha256),
    )
