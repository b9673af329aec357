"""A file's rows, made before the write lock is taken, and put in under it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.indexing.passages import Passage
from rag.indexing.records import pack_chrome, pack_pages, pack_sentences, pack_text
from rag.indexing.resemblance import keys
from rag.indexing.terms import terms
from rag.indexing.writing import advance, entry_of
from rag.types import Document, SourceFile


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document's columns but for its identifier and file, and its keys of resemblance."""

    columns: tuple[Any, ...]
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PassageRow:
    """`document` is the ordinal in its file; `heading` and `body` are terms apart by spaces."""

    document: int
    first: int
    last: int
    digest: bytes
    vector: bytes
    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class FileRows:
    """All that is stored of one file; `terms` counts the passages that hold each term."""

    columns: tuple[Any, ...]
    documents: tuple[DocumentRow, ...]
    passages: tuple[PassageRow, ...]
    terms: tuple[tuple[str, int], ...]


def rows_of(source: SourceFile, passages: Sequence[Passage], vectors: Sequence[bytes]) -> FileRows:
    """What to store; `vectors` as `pack_vectors` makes them. All the work that needs no lock."""
    counts: Counter[str] = Counter()
    bodies: list[list[str]] = [[] for _ in source.documents]
    rows = []
    for passage, vector in zip(passages, vectors, strict=True):
        heading, body = terms(passage.heading), terms(passage.body)
        bodies[passage.document] += body
        counts.update({*heading, *body})
        rows.append(
            PassageRow(
                passage.document,
                passage.first,
                passage.last,
                passage.digest,
                vector,
                " ".join(heading),
                " ".join(body),
            )
        )
    columns = (
        source.path,
        source.sha256,
        source.format,
        pack_text(source.text),
        pack_pages(source.pages),
        pack_chrome(source.chrome),
    )
    documents = tuple(
        _document_row(ordinal, document, bodies[ordinal])
        for ordinal, document in enumerate(source.documents)
    )
    return FileRows(columns, documents, tuple(rows), tuple(sorted(counts.items())))


def insert_file(connection: sqlite3.Connection, rows: FileRows) -> None:
    """Store a file that is not there yet."""
    file = _next(connection, "files")
    connection.execute(
        "INSERT INTO files (id, path, sha256, format, text, pages, chrome) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (file, *rows.columns),
    )
    document = _next(connection, "documents")
    connection.executemany(
        "INSERT INTO documents (id, file, ordinal, title, author, outlet, published, url, "
        'language, start, "end", found, sentences, keys) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((at, file, *row.columns) for at, row in enumerate(rows.documents, document)),
    )
    connection.executemany(
        "INSERT INTO resemblance VALUES (?, ?)",
        ((key, at) for at, row in enumerate(rows.documents, document) for key in row.keys),
    )
    _insert_passages(connection, rows.passages, document)
    connection.executemany(
        "INSERT INTO terms VALUES (?, ?) "
        "ON CONFLICT (term) DO UPDATE SET passages = passages + excluded.passages",
        rows.terms,
    )
    advance(connection, entry_of(connection, file))


def _insert_passages(
    connection: sqlite3.Connection, rows: Sequence[PassageRow], document: int
) -> None:
    passage = _next(connection, "passages")

    def numbered() -> Iterator[tuple[int, PassageRow]]:
        return enumerate(rows, passage)

    connection.executemany(
        "INSERT INTO passages (id, document, first, last, digest) VALUES (?, ?, ?, ?, ?)",
        ((at, document + row.document, row.first, row.last, row.digest) for at, row in numbered()),
    )
    connection.executemany(
        "INSERT INTO vectors VALUES (?, ?)", ((at, row.vector) for at, row in numbered())
    )
    connection.executemany(
        "INSERT INTO lexical (rowid, heading, body) VALUES (?, ?, ?)",
        ((at, row.heading, row.body) for at, row in numbered()),
    )


def _next(connection: sqlite3.Connection, table: str) -> int:
    """The identifier that AUTOINCREMENT would give next: never one that was used before."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return 1 if row is None else int(row[0]) + 1


def _document_row(ordinal: int, document: Document, body: Sequence[str]) -> DocumentRow:
    held = keys(body)
    columns = (
        ordinal,
        _storable(document.title),
        _storable(document.author),
        _storable(document.outlet),
        document.published,
        _storable(document.url),
        document.language,
        document.start,
        document.end,
        json.dumps(document.found, ensure_ascii=False, sort_keys=True),
        pack_sentences(document.sentences),
        held.tobytes(),
    )
    return DocumentRow(columns, tuple(held.tolist()))


def _storable(text: str | None) -> str | None:
    """Without lone surrogates, which SQLite's UTF-8 cannot hold."""
    return None if text is None else text.encode("utf-8", "replace").decode()
