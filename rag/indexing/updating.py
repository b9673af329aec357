"""Bring an index in step with files: one transaction a file, nothing embedded twice."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.documents.partial import unread
from rag.errors import InputError, ReadError
from rag.indexing.database import open_writer, stored_settings, transaction, translated
from rag.indexing.former import drop_former, remember_move
from rag.indexing.inserting import insert_file, rows_of
from rag.indexing.lock import writer_lock
from rag.indexing.passages import Passage, Prepared, prepare
from rag.indexing.planning import Plan, Skipped, plan_update, stored_hash
from rag.indexing.publishing import accelerate
from rag.indexing.rebuilding import finish, start_over, unread_yet
from rag.indexing.records import pack_vectors
from rag.indexing.settings import IndexSettings, PassageSettings, require_current, settings_for
from rag.indexing.sources import FileReader, Outcome, absolute, is_gone, read_files
from rag.indexing.writing import delete_file, known_vectors, move_file
from rag.types import Embedder, SourceFile

BATCH_PASSAGES = 512
"""Passages gathered over files before they are embedded, so that batches have one length."""


@dataclass(frozen=True, slots=True)
class Progress:
    """After each file: files done of `total`, and passages stored so far."""

    done: int
    total: int
    path: str
    passages: int


@dataclass(frozen=True, slots=True)
class UpdateSummary:
    """What an update did. Counts are files, but for `documents` and `passages` of the new text.

    `embedded` counts the passages that were really sent to the embedder. `warned` are files that
    were read, with what of each was not.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: int = 0
    removed: int = 0
    skipped: tuple[Skipped, ...] = ()
    warned: tuple[Skipped, ...] = ()
    documents: int = 0
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0


def update(
    directory: Path,
    paths: Sequence[Path],
    embedder: Embedder,
    *,
    prune: bool = False,
    rebuild: bool = False,
    workers: int = 1,
    wait: float = 0.0,
    progress: Callable[[Progress], None] | None = None,
    passages: PassageSettings | None = None,
    reader: FileReader = read_files,
) -> UpdateSummary:
    """Index files and folders; make the index when there is none.

    A file whose bytes are known is skipped; one that changed is replaced; one that was moved
    keeps its rows, one that was renamed is read anew. `prune` takes out files below `paths` that
    are gone from disk. `rebuild` starts over with the present settings, known files included; when
    it is broken off, the next update reads what was left. A file that cannot be read is skipped
    and what was indexed of it before is kept. `wait` is how many seconds to wait for another
    writer.

    Raises:
        InputError: a path is not there (with `prune`, an indexed one may be gone).
        IndexMismatch: the index has other settings and `rebuild` is false.
        IndexLocked: another process is writing.
        IndexFault: the disk is full; what was stored before is kept.
    """
    started = time.perf_counter()
    directory = _folder(Path(directory))
    settings = settings_for(embedder, passages or PassageSettings())
    roots = [absolute(Path(path)) for path in paths]
    with writer_lock(directory, wait), translated(directory):
        connection = open_writer(directory, settings)
        try:
            if rebuild:
                start_over(connection, settings)
            else:
                settings = stored_settings(connection, directory)
                require_current(settings, embedder, str(directory))
            known = unread_yet(connection)
            gone = {path for path in known if is_gone(path)}
            plan = plan_update(connection, _with(roots, known, gone), prune, absolute(directory))
            plan.skipped += [Skipped(str(path), "no longer there") for path in sorted(gone)]
            summary = _Updater(connection, embedder, settings, progress).run(plan, reader, workers)
            if known:
                finish(connection)
            accelerate(connection, directory, settings.dimension)
        finally:
            connection.close()
    return replace(summary, seconds=time.perf_counter() - started)


def _folder(directory: Path) -> Path:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The index folder {directory} cannot be made: {error}.") from error
    return directory


def _with(roots: list[Path], known: Sequence[Path], gone: set[Path]) -> list[Path]:
    there = (path for path in known if path not in gone)
    return roots + [path for path in there if not any(map(path.is_relative_to, roots))]


class _Updater:
    """Carries one update through: reads, batches, embeds, commits file by file."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        embedder: Embedder,
        settings: IndexSettings,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._connection = connection
        self._embedder = embedder
        self._settings = settings
        self._progress = progress
        self._done = 0
        self._total = 0
        self._new = self._changed = self._renamed = 0
        self._documents = self._passages = self._embedded = 0
        self._ready: dict[bytes, bytes] = {}
        self._warned: list[Skipped] = []

    def run(self, plan: Plan, reader: FileReader, workers: int) -> UpdateSummary:
        """Do what the plan says and count it."""
        self._total = len(plan.reads)
        for old, new in plan.moves:
            with transaction(self._connection):
                move_file(self._connection, old, new)
                remember_move(self._connection, old, new)
        for path in plan.gone:
            with transaction(self._connection):
                delete_file(self._connection, path)
                drop_former(self._connection, path)
        skipped = list(plan.skipped)
        for batch in self._batches(reader(plan.reads, workers), skipped):
            self._store(batch, plan.renamed)
        return UpdateSummary(
            new=self._new,
            changed=self._changed,
            unchanged=plan.unchanged,
            moved=len(plan.moves) + self._renamed,
            removed=len(plan.gone),
            skipped=tuple(skipped),
            warned=tuple(self._warned),
            documents=self._documents,
            passages=self._passages,
            embedded=self._embedded,
        )

    def _batches(
        self, read: Iterable[tuple[Path, Outcome]], skipped: list[Skipped]
    ) -> Iterator[list[tuple[SourceFile, list[Passage]]]]:
        batch: list[tuple[SourceFile, list[Passage]]] = []
        gathered = 0
        for path, outcome in read:
            if isinstance(outcome, ReadError):
                skipped.append(Skipped(str(path), outcome.reason))
                self._tell(str(path))
                continue
            if isinstance(outcome, Prepared):
                source, passages = outcome.source, list(outcome.passages)
                self._ready |= outcome.vectors
            else:
                source, passages = prepare(str(path), outcome, self._embedder, self._settings)
            self._warned += [Skipped(str(path), said) for said in unread(source)]
            batch.append((source, passages))
            gathered += len(passages)
            if gathered >= BATCH_PASSAGES:
                yield batch
                batch, gathered = [], 0
        if batch:
            yield batch

    def _store(
        self, batch: list[tuple[SourceFile, list[Passage]]], renamed: Mapping[str, str]
    ) -> None:
        vectors = self._vectors([passage for _, passages in batch for passage in passages])
        for source, passages in batch:
            blobs = [vectors[passage.digest] for passage in passages]
            rows = rows_of(source, passages, blobs)
            old = renamed.get(source.path, source.path)
            with transaction(self._connection):
                known = stored_hash(self._connection, Path(old)) is not None
                delete_file(self._connection, old)
                insert_file(self._connection, rows)
                if old != source.path:
                    remember_move(self._connection, old, source.path)
            self._new += not known
            self._changed += known and old == source.path
            self._renamed += known and old != source.path
            self._documents += len(source.documents)
            self._passages += len(passages)
            self._tell(source.path)

    def _vectors(self, passages: Sequence[Passage]) -> dict[bytes, bytes]:
        texts = {passage.digest: passage.embedded for passage in passages}
        known = self._ready | known_vectors(self._connection, texts)
        self._ready = {}
        # Equal lengths side by side waste no padding in the embedder's batches.
        missing = sorted((d for d in texts if d not in known), key=lambda d: (len(texts[d]), d))
        if missing:
            fresh = self._embedder.encode([texts[digest] for digest in missing])
            known |= dict(zip(missing, pack_vectors(fresh), strict=True))
            self._embedded += len(missing)
        return known

    def _tell(self, path: str) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(Progress(self._done, self._total, path, self._passages))
