"""Rows out or changed, inside a transaction that the caller holds; `inserting` puts them in."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable

from rag.indexing.database import meta, set_meta
from rag.indexing.records import pack_text, unpack_text
from rag.indexing.resemblance import unpack_keys

_MODULUS = 1 << 256


def delete_file(connection: sqlite3.Connection, path: str) -> None:
    """Take a file and all that was made of it out; nothing happens when it is not there."""
    row = connection.execute("SELECT id FROM files WHERE path = ?", (path,)).fetchone()
    if row is None:
        return
    entry = entry_of(connection, row[0])
    documents = connection.execute("SELECT id FROM documents WHERE file = ?", (row[0],)).fetchall()
    for (document,) in documents:
        _delete_parts(connection, document)
    connection.execute("DELETE FROM files WHERE id = ?", (row[0],))
    advance(connection, -entry)


def delete_document(connection: sqlite3.Connection, document: int) -> None:
    """Take one document out of its file, and the file when it was the last one in it.

    Its part of the file's text becomes spaces, so that the others keep their offsets.
    """
    file, ordinal, start, end = connection.execute(
        'SELECT file, ordinal, start, "end" FROM documents WHERE id = ?', (document,)
    ).fetchone()
    path, blob, missing, left = connection.execute(
        "SELECT path, text, missing, (SELECT count(*) FROM documents WHERE file = files.id) "
        "FROM files WHERE id = ?",
        (file,),
    ).fetchone()
    if left == 1:
        delete_file(connection, path)
        return
    before = entry_of(connection, file)
    text = unpack_text(blob)
    blank = pack_text(text[:start] + " " * (end - start) + text[end:])
    ordinals = sorted({*json.loads(missing), ordinal})
    _delete_parts(connection, document)
    connection.execute("DELETE FROM documents WHERE id = ?", (document,))
    connection.execute(
        "UPDATE files SET text = ?, missing = ? WHERE id = ?", (blank, json.dumps(ordinals), file)
    )
    advance(connection, entry_of(connection, file) - before)


def move_file(connection: sqlite3.Connection, old: str, new: str) -> None:
    """The same content under another path; documents and passages keep their identifiers."""
    file = connection.execute("SELECT id FROM files WHERE path = ?", (old,)).fetchone()[0]
    before = entry_of(connection, file)
    connection.execute("UPDATE files SET path = ? WHERE id = ?", (new, file))
    advance(connection, entry_of(connection, file) - before)


def generation(connection: sqlite3.Connection) -> str:
    """ "g<files>-<12 hexadecimal digits>", equal for equal files, paths and settings.

    It does not tell how the index came to hold them, so two machines can compare theirs.
    """
    files = connection.execute("SELECT count(*) FROM files").fetchone()[0]
    content = f"{meta(connection, 'settings')}\n{meta(connection, 'content')}"
    return f"g{files}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def content_of(connection: sqlite3.Connection) -> int:
    """The sum over all files that `meta` keeps as "content", counted anew."""
    files = connection.execute("SELECT id FROM files").fetchall()
    return sum(entry_of(connection, file) for (file,) in files) % _MODULUS


def touch(connection: sqlite3.Connection) -> None:
    """Make readers look again, though the content is the same."""
    set_meta(connection, "revision", str(int(meta(connection, "revision") or 0) + 1))


def entry_of(connection: sqlite3.Connection, file: int) -> int:
    """A file's share of the sum that `meta` keeps as "content"."""
    row = connection.execute(
        "SELECT path, sha256, missing FROM files WHERE id = ?", (file,)
    ).fetchone()
    text = "\0".join(row).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.sha256(text).digest(), "big")


def advance(connection: sqlite3.Connection, change: int) -> None:
    """The next revision, with the sum changed by so much.

    A sum does not depend on the order of files and can be taken back file by file.
    """
    content = (int(meta(connection, "content") or "0", 16) + change) % _MODULUS
    set_meta(connection, "content", f"{content:x}")
    touch(connection)


def _delete_parts(connection: sqlite3.Connection, document: int) -> None:
    """What hangs on a document, but for its own row."""
    held = connection.execute("SELECT keys FROM documents WHERE id = ?", (document,)).fetchone()
    connection.executemany(
        "DELETE FROM resemblance WHERE key = ? AND document = ?",
        [(key, document) for key in unpack_keys(held[0])],
    )
    identifiers = [
        row[0]
        for row in connection.execute("SELECT id FROM passages WHERE document = ?", (document,))
    ]
    counts: Counter[str] = Counter()
    for identifier in identifiers:
        heading, body = connection.execute(
            "SELECT heading, body FROM lexical WHERE rowid = ?", (identifier,)
        ).fetchone()
        counts.update({*heading.split(), *body.split()})
    connection.executemany(
        "UPDATE terms SET passages = passages - ? WHERE term = ?",
        [(count, term) for term, count in sorted(counts.items())],
    )
    connection.executemany(
        "DELETE FROM terms WHERE term = ? AND passages <= 0", [(term,) for term in counts]
    )
    keys = [(identifier,) for identifier in identifiers]
    for statement in (
        "DELETE FROM lexical WHERE rowid = ?",
        "DELETE FROM vectors WHERE passage = ?",
        "DELETE FROM passages WHERE id = ?",
        "INSERT OR IGNORE INTO removed VALUES (?)",
    ):
        connection.executemany(statement, keys)


def known_vectors(connection: sqlite3.Connection, digests: Iterable[bytes]) -> dict[bytes, bytes]:
    """The stored vectors of passages whose embedded text is the same, by digest."""
    found = {}
    for digest in digests:
        row = connection.execute(
            "SELECT v.vector FROM passages p JOIN vectors v ON v.passage = p.id "
            "WHERE p.digest = ? LIMIT 1",
            (digest,),
        ).fetchone()
        if row is not None:
            found[digest] = row[0]
    return found
