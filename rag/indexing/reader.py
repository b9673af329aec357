"""The index as those who ask see it: one generation at a time, nothing ever written."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import InputError
from rag.indexing import lexical
from rag.indexing.contents import Contents
from rag.indexing.database import meta, open_reader, stored_settings, translated
from rag.indexing.dense import DenseSearcher
from rag.indexing.recent import Recent
from rag.indexing.records import all_documents, unpack_chrome, unpack_pages
from rag.indexing.retrieval import Query, rank, to_hits
from rag.indexing.selection import Allowed, allowed_documents
from rag.indexing.settings import IndexSettings, require_current
from rag.indexing.writing import generation
from rag.types import (
    Chrome,
    Embedder,
    Filters,
    FloatMatrix,
    Hit,
    Page,
    QueryEmbedder,
    Sentence,
    StoredDocument,
)


class Index:
    """An index opened for questions. Usable from several threads; close it or use `with`.

    Each call sees the newest generation. Calls inside one `with index.snapshot():` all see the
    same one, whatever is written meanwhile.
    """

    def __init__(
        self,
        directory: Path,
        connection: sqlite3.Connection,
        settings: IndexSettings,
        embedder: Embedder | None,
    ) -> None:
        self.directory = directory
        self.settings = settings
        self._connection = connection
        self._embedder = embedder
        self._dense = DenseSearcher(directory, settings.dimension)
        self._guard = threading.RLock()
        self._depth = 0
        self._revision: str | None = None
        self._dense_revision: str | None = None
        self._generation = ""
        self._passages = 0
        self._contents = Contents(connection)
        self._vectors: Recent[FloatMatrix] = Recent(64)
        self._allowed: Recent[list[int] | None] = Recent(16)

    @classmethod
    def open(cls, directory: Path, embedder: Embedder | None) -> Index:
        """Open for reading. Without an embedder, `search` ranks by words only.

        Raises:
            IndexMissing: nothing has been indexed there.
            IndexMismatch: built with other settings; the message names both and the command.
            IndexBroken: it cannot be read.
        """
        directory = Path(directory)
        connection = open_reader(directory)
        try:
            settings = stored_settings(connection, directory)
            require_current(settings, embedder, str(directory))
            index = cls(directory, connection, settings, embedder)
            index.refresh()
        except BaseException:
            connection.close()
            raise
        return index

    def close(self) -> None:
        """Let go of the files. May be called twice."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See one generation until the block ends. Other threads wait; may be nested."""
        with self._guard, translated(self.directory):
            if self._depth == 0:
                self._connection.execute("BEGIN")
            self._depth += 1
            try:
                if self._depth == 1:
                    self._take_up()
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("COMMIT")

    def refresh(self) -> None:
        """Look for a new generation now; every other call does so by itself."""
        with self.snapshot():
            pass

    @property
    def generation(self) -> str:
        """Names the content: equal for equal files, paths and settings, however they came in."""
        with self.snapshot():
            return self._generation

    @property
    def passage_count(self) -> int:
        """How many passages can be found."""
        with self.snapshot():
            return self._passages

    def search(
        self,
        question: str,
        *,
        limit: int = 20,
        filters: Filters | None = None,
        lexical_weight: float = 1.0,
        variants: Sequence[str] = (),
    ) -> list[Hit]:
        """The best passages, best first, at most `limit`.

        Dense and lexical rankings of the question and its `variants` are fused by reciprocal
        rank; `lexical_weight` scales the lexical ones. Filters act before the ranking. Of
        passages that repeat each other the best one is kept. `dense_score` is the cosine with
        the question, 0.0 without an embedder.

        Raises:
            FilterError: see `require`.
        """
        if not question.strip():
            return []
        queries = [self._query(text) for text in (question, *variants)]
        with self.snapshot():
            self._refresh_dense()
            wanted = filters or Filters()
            documents = self._passing(wanted)
            allowed = None if documents is None else Allowed(self._connection, documents, wanted)
            ranked = rank(
                self._connection,
                self._dense,
                queries,
                limit,
                allowed,
                lexical_weight,
                self._passages,
            )
            hits = to_hits(self._connection, ranked, queries[0], limit, self._contents)
            return [self._contents.with_copies(hit) for hit in hits]

    def require(self, filters: Filters) -> None:
        """See to it that a search with these filters has something to look in.

        Raises:
            FilterError: one names a document or an outlet that is not in this generation.
        """
        with self.snapshot():
            self._passing(filters)

    def vector(self, question: str) -> FloatMatrix:
        """The question's embedding, float32 (1, dimension), unit length.

        Raises:
            InputError: the index was opened without an embedder.
        """
        embedder = self._embedder
        if embedder is None:
            raise InputError("The index was opened without an embedder; open it with one.")
        with self._guard:
            encode = (
                embedder.encode_queries if isinstance(embedder, QueryEmbedder) else embedder.encode
            )
            return self._vectors.get(question, lambda: encode([question]))

    def documents(self) -> list[StoredDocument]:
        """Every document, ordered by path and place in the file."""
        with self.snapshot():
            return all_documents(self._connection)

    def sentences(self, document_identifier: int) -> tuple[Sentence, ...]:
        """The document's sentences in order, without those that are page chrome.

        Raises:
            InputError: no such document in this generation.
        """
        with self.snapshot():
            return self._contents.sentences(document_identifier)

    def elsewhere(self, document_identifier: int, quote: str) -> tuple[StoredDocument, ...]:
        """Other documents with much the same text that hold `quote` word for word.

        So an article that was printed in several places is known as one; ordered by path and
        place. A quote that happens to stand in quite another document is not looked for.
        """
        with self.snapshot():
            return self._contents.holders(document_identifier, [quote])

    def file_text(self, path: str) -> str:
        """The text extracted from the file, into which every offset counts.

        Raises:
            InputError: no such file in this generation.
        """
        with self.snapshot():
            return self._contents.text_of(path)

    def pages(self, path: str) -> tuple[Page, ...]:
        """The file's pages in order, empty when its format has none; raises as `file_text`."""
        with self.snapshot():
            return unpack_pages(bytes(self._contents.column(path, "pages")))

    def chrome(self, path: str) -> tuple[Chrome, ...]:
        """The file's page furniture in order; raises as `file_text`."""
        with self.snapshot():
            return unpack_chrome(bytes(self._contents.column(path, "chrome")))

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term of `rag.indexing.terms.terms` occurs, 0 for none."""
        with self.snapshot():
            return lexical.document_frequency(self._connection, terms)

    def setting(self, name: str) -> str | None:
        """What `write_setting` stored under this name."""
        with self.snapshot():
            row = self._connection.execute(
                "SELECT value FROM notes WHERE name = ?", (name,)
            ).fetchone()
            return None if row is None else str(row[0])

    def _take_up(self) -> None:
        revision = meta(self._connection, "revision")
        if revision == self._revision:
            return
        self.settings = stored_settings(self._connection, self.directory)
        require_current(self.settings, self._embedder, str(self.directory))
        self._generation = generation(self._connection)
        count = self._connection.execute("SELECT count(*) FROM passages").fetchone()
        self._passages = int(count[0])
        self._contents.clear()
        self._allowed.clear()
        self._revision = revision

    def _passing(self, filters: Filters) -> list[int] | None:
        return self._allowed.get(
            repr(filters), lambda: allowed_documents(self._connection, filters)
        )

    def _refresh_dense(self) -> None:
        if self._embedder is not None and self._dense_revision != self._revision:
            self._dense.refresh(self._connection)
            self._dense_revision = self._revision

    def _query(self, text: str) -> Query:
        return Query(text, self.vector(text) if self._embedder is not None else None)
