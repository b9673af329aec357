"""Is the index sound? Each check returns findings with a remedy; nothing is repaired here."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import ExtraMissing, IndexBroken, IndexFault, IndexMissing, StoreFault
from rag.indexing.accelerator import PREFIX, checksum, current_build
from rag.indexing.database import meta, open_reader, partial_path, stored_settings
from rag.indexing.publishing import out_of_step
from rag.indexing.rebuilding import unread_yet
from rag.indexing.records import unpack_chrome, unpack_pages, unpack_sentences, unpack_text
from rag.indexing.remote import Attachment, attached
from rag.indexing.resemblance import unpack_keys
from rag.indexing.settings import FORMAT_VERSION, REMEDY, require_current
from rag.indexing.sources import sha256_of
from rag.indexing.writing import content_of
from rag.types import Embedder

Severity = Literal["error", "warning", "note"]
_COMPACT = "Run: rag index --compact"
_REBUILD = "Run: rag index --rebuild PATH..."
_DELETE = "Delete the folder, then run: rag index PATH..."
"""Where the file itself is damaged, nothing in it can be made anew."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`error`: answers may be wrong or missing; `warning`: slow or soon in trouble; `note`: fyi."""

    severity: Severity
    what: str
    remedy: str


Check = Callable[[sqlite3.Connection, Path], Iterator[Finding]]


def check(directory: Path, embedder: Embedder | None = None) -> list[Finding]:
    """All that is wrong with the index, worst first; empty when all is sound.

    Reads everything, so it takes seconds per gigabyte. Sees one generation, also during a write.
    """
    directory = Path(directory)
    try:
        connection = open_reader(directory)
    except IndexMissing as error:
        return [Finding("error", str(error), "Run: rag index PATH...")]
    except IndexBroken as error:
        return [Finding("error", str(error), _DELETE)]
    except IndexFault as error:
        return [Finding("error", str(error), "Then run: rag doctor")]
    found: list[Finding] = []
    try:
        found.extend(_settings(connection, directory, embedder))
        if not _readable(connection):
            return found
        connection.execute("PRAGMA query_only = OFF")  # for a temporary table; the file is mode=ro
        connection.execute("BEGIN")
        for each in _CHECKS:
            found.extend(each(connection, directory))
    except sqlite3.DatabaseError as error:
        found.append(Finding("error", f"The database is damaged: {error}.", _DELETE))
    finally:
        connection.close()
    return sorted(found, key=lambda f: ("error", "warning", "note").index(f.severity))


def _readable(connection: sqlite3.Connection) -> bool:
    """Whether its tables are those of this program; the settings say why they are not."""
    try:
        return stored_settings(connection, Path()).format_version == FORMAT_VERSION
    except IndexBroken:
        return False


def _integrity(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    for (text,) in connection.execute("PRAGMA integrity_check(10)"):
        if text != "ok":
            yield Finding("error", f"SQLite integrity: {text}.", _DELETE)
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield Finding("error", f"A row of {row[0]} belongs to nothing.", _REBUILD)


def _vectors(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    width = 2 * stored_settings(connection, directory).dimension
    for what, query in (
        ("passages without a vector", "SELECT id FROM passages EXCEPT SELECT passage FROM vectors"),
        ("vectors without a passage", "SELECT passage FROM vectors EXCEPT SELECT id FROM passages"),
        ("vectors of a wrong length", f"SELECT 1 FROM vectors WHERE length(vector) <> {width}"),
    ):
        count = connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]
        if count:
            yield Finding("error", f"{count} {what}.", _REBUILD)


def _words(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, lexical, row)")
    ids, words = "SELECT id FROM passages", "SELECT rowid FROM lexical"
    counted, kept = "SELECT term, doc FROM temp.vocabulary", "SELECT term, passages FROM terms"
    for what, query in (
        ("passages not in the word index", f"{ids} EXCEPT {words}"),
        ("word entries without a passage", f"{words} EXCEPT {ids}"),
        ("terms with a wrong count", f"{counted} EXCEPT {kept}"),
        ("counted terms that occur nowhere", f"{kept} EXCEPT {counted}"),
    ):
        count = connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0]
        if count:
            yield Finding("error", f"{count} {what}.", _REBUILD)


def _copies(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    held = {
        (key, document)
        for document, blob in connection.execute("SELECT id, keys FROM documents")
        for key in unpack_keys(blob)
    }
    if held != set(connection.execute("SELECT key, document FROM resemblance")):
        yield Finding("error", "The keys of copied articles do not fit the documents.", _REBUILD)


def _records(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    for file, path, text, pages, chrome in connection.execute(
        "SELECT id, path, text, pages, chrome FROM files"
    ):
        try:
            length = len(unpack_text(text))
            spans = [(page.start, page.end) for page in unpack_pages(pages)]
            spans += [(span.start, span.end) for span in unpack_chrome(chrome)]
            for document, packed in connection.execute(
                "SELECT id, sentences FROM documents WHERE file = ?", (file,)
            ):
                sentences = unpack_sentences(packed)
                spans += [(s.start, s.end) for s in sentences]
                last = connection.execute(
                    "SELECT max(last) FROM passages WHERE document = ?", (document,)
                ).fetchone()[0]
                if (last or 0) != len(sentences):
                    yield Finding("error", f"Passages and sentences of {path} differ.", _REBUILD)
            if any(not 0 <= start <= end <= length for start, end in spans):
                yield Finding("error", f"A span lies outside the text of {path}.", _REBUILD)
        except Exception as error:
            yield Finding("error", f"The record of {path} cannot be read: {error}.", _REBUILD)


def _generation(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    if content_of(connection) != int(meta(connection, "content") or "0", 16):
        yield Finding("error", "The generation does not fit the files.", _REBUILD)


def _acceleration(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    build = current_build(connection)
    passages = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    if (attachment := attached(connection)) is not None:
        yield from _store(connection, attachment)
        return
    if build is None:
        if passages:
            yield Finding("note", "No vector files: searches are exact and slower.", _COMPACT)
        return
    if not build.in_full(directory):
        yield Finding("warning", "The vector files are missing or cut short.", _COMPACT)
    elif checksum(build, directory) != build.sha256:
        yield Finding("error", "The vector files are damaged (checksum).", _COMPACT)
    if build.recall < 0.95:
        yield Finding("warning", f"Recall@10 of the vector files is {build.recall:.3f}.", _COMPACT)


def _store(connection: sqlite3.Connection, attachment: Attachment) -> Iterator[Finding]:
    try:
        problem = out_of_step(connection, attachment)
    except (StoreFault, ExtraMissing) as error:
        yield Finding("error", str(error), "Run: rag doctor")
        return
    if problem:
        yield Finding("warning", problem, _COMPACT)


def _surroundings(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    build = current_build(connection)
    known = {build.vectors_path(directory), build.ids_path(directory)} if build else set()
    orphans = [path for path in directory.glob(f"{PREFIX}*") if path not in known]
    if orphans:
        yield Finding("note", f"{len(orphans)} left-over vector files.", _COMPACT)
    if (path := partial_path(directory)).exists():
        what = f"{path} is left from an import that was broken off."
        yield Finding("note", what, "Delete it.")
    held = [directory, *(path for path in directory.iterdir() if path.is_file())]
    for path in (path for path in held if not os.access(path, os.W_OK)):
        yield Finding("note", f"{path} is read-only.", "Change its permissions to index more.")
    size = sum(path.stat().st_size for path in directory.iterdir() if path.is_file())
    free = shutil.disk_usage(directory).free
    if free < 2 * size:
        what = f"{free >> 20} MiB free on the disk, the index takes {size >> 20} MiB."
        yield Finding("warning", what, "Free some space before the next rag index.")


def _originals(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    gone = changed = 0
    for path, sha256 in connection.execute("SELECT path, sha256 FROM files"):
        now = sha256_of(Path(path))
        gone += now is None
        changed += now not in (None, sha256)
    if changed:
        what = f"{changed} files changed since they were indexed."
        yield Finding("note", what, "Run: rag index PATH...")
    if gone:
        what = f"{gone} indexed files are no longer there or cannot be read."
        yield Finding("note", what, "Run: rag index --prune PATH...")


def _unread(connection: sqlite3.Connection, directory: Path) -> Iterator[Finding]:
    if left := unread_yet(connection):
        what = f"A rebuild of {len(left)} files was broken off: some may not be in the index."
        yield Finding("warning", what, "Run: rag index --rebuild")


def _settings(
    connection: sqlite3.Connection, directory: Path, embedder: Embedder | None
) -> Iterator[Finding]:
    try:
        require_current(stored_settings(connection, directory), embedder, str(directory))
    except IndexFault as error:
        yield Finding("error", str(error).removesuffix(f" {REMEDY}"), _REBUILD)


_CHECKS: tuple[Check, ...] = (
    _integrity,
    _vectors,
    _words,
    _copies,
    _records,
    _generation,
    _acceleration,
    _surroundings,
    _originals,
    _unread,
)
