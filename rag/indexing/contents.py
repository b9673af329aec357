"""Texts, sentences and copies of documents as one connection sees them, the last ones kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from rag.documents.fold import fold
from rag.errors import InputError
from rag.indexing.recent import Recent
from rag.indexing.records import unpack_sentences, unpack_text
from rag.indexing.resemblance import alike, holders
from rag.types import Hit, Sentence, StoredDocument


class Contents:
    """Reads what belongs to a document or file. The caller holds the snapshot and the thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._sentences: Recent[tuple[Sentence, ...]] = Recent(256)
        self._texts: Recent[str] = Recent(64)
        self._folded: Recent[str] = Recent(64)
        self._alike: Recent[list[StoredDocument]] = Recent(256)

    def clear(self) -> None:
        """Forget what may have changed: sentences never do."""
        for kept in (self._texts, self._folded, self._alike):
            kept.clear()

    def sentences(self, identifier: int) -> tuple[Sentence, ...]:
        """The sentences of a document; raises InputError when it is not there."""

        def read() -> tuple[Sentence, ...]:
            row = self._connection.execute(
                "SELECT sentences FROM documents WHERE id = ?", (identifier,)
            ).fetchone()
            if row is None:
                raise InputError(f"No document {identifier} in the index. Run: rag docs")
            return unpack_sentences(row[0])

        return self._sentences.get(identifier, read)

    def text(self, file: int) -> str:
        """The text of a file by its identifier."""

        def read() -> str:
            row = self._connection.execute("SELECT text FROM files WHERE id = ?", (file,))
            return unpack_text(row.fetchone()[0])

        return self._texts.get(file, read)

    def column(self, path: str, name: str) -> bytes:
        """A column of a file's row; raises InputError when it is not there."""
        row = self._connection.execute(
            f"SELECT {name} FROM files WHERE path = ?", (path,)
        ).fetchone()
        if row is None:
            raise InputError(f"{path} is not in the index. Run: rag docs")
        value: bytes = row[0]
        return value

    def text_of(self, path: str) -> str:
        """The text of a file by its path."""
        return self.text(int(str(self.column(path, "id"))))

    def holders(self, document: int, quotes: Sequence[str]) -> tuple[StoredDocument, ...]:
        """The documents like this one that hold more than half of the quotes word for word."""
        found = self._alike.get(document, lambda: alike(self._connection, document))
        return holders(found, quotes, self._words)

    def with_copies(self, hit: Hit) -> Hit:
        """The hit with all other documents that say the same, by path and place."""
        began = hit.sentences[0].start
        quotes = [hit.text[s.start - began : s.end - began] for s in hit.sentences]
        copies = {*hit.also_in, *self.holders(hit.document.identifier, quotes)}
        ordered = sorted(copies, key=lambda each: (each.path, each.start))
        return replace(hit, also_in=tuple(ordered))

    def _words(self, document: StoredDocument) -> str:
        def read() -> str:
            return fold(self.text_of(document.path)[document.start : document.end])

        return self._folded.get(document.identifier, read)
