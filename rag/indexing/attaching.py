"""Moving an index's vectors to a store on another machine, and back."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from rag.errors import IndexFault, UsageError
from rag.indexing import publishing
from rag.indexing.accelerator import build_if_due
from rag.indexing.database import stored_settings, transaction
from rag.indexing.maintenance import writing
from rag.indexing.publishing import WINDOW, Told, digest_number
from rag.indexing.records import pack_vectors
from rag.indexing.remote import attached
from rag.indexing.transfer import export, import_file
from rag.indexing.writing import touch
from rag.stores import VectorStore, is_address, open_store

LOCAL = "local"
"""Stands for the FAISS files of the index folder where an address of a store may stand."""


def use_store(directory: Path, address: str, told: Told | None = None) -> int:
    """Have an index searched through the store at `address`, or, with "local", on this machine.

    The store is filled first; until that is done the index is searched as before. Returns the
    number of vectors. `told` is called with the passages done and all.

    Raises:
        IndexMissing: no index in the folder.
        UsageError: no address, or a collection that is not this index's.
        ExtraMissing: pymilvus is not installed.
        StoreUnreachable, StoreFault: the store does not answer, or refuses.
    """
    with writing(Path(directory)) as connection:
        if address == LOCAL:
            publishing.detach(connection, Path(directory))
            return _count(connection)
        return publishing.attach(connection, Path(directory), address, told)


def copy(source: str, target: str) -> int:
    """Copy an index, or its vectors; returns the number of passages.

    From a folder to an address: the store is filled, the index goes on as before. From an address
    to a folder with an index: its vectors are taken from the store. From a folder to a new folder:
    the whole index, searched on this machine.

    Raises:
        UsageError: both are addresses, or the target folder holds an index already.
        IndexFault: the store lacks vectors of the index, or is of another dimension.
        Else as `use_store`.
    """
    if is_address(source) and is_address(target):
        raise UsageError(
            "Documents are in index folders, not in stores: name a folder on one side. "
            "Run: rag index copy DIR URL"
        )
    if is_address(target):
        with writing(Path(source)) as connection:
            return publishing.fill(connection, Path(source), target)
    if is_address(source):
        with writing(Path(target)) as connection:
            return _fetch(connection, Path(target), source)
    return _copy_folder(Path(source), Path(target))


def _copy_folder(source: Path, target: Path) -> int:
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as box:
        export(source, Path(box) / "index")
        import_file(Path(box) / "index", target)
    with writing(target) as connection:
        return _count(connection)


def _fetch(connection: sqlite3.Connection, directory: Path, url: str) -> int:
    dimension = stored_settings(connection, directory).dimension
    store = open_store(url)
    try:
        lacking, changed = _take(connection, store, dimension)
    finally:
        store.close()
    if changed:
        with transaction(connection):
            touch(connection)
            connection.execute("DELETE FROM meta WHERE name = 'dense'")
        if attached(connection) is None:
            build_if_due(connection, directory, dimension, force=True)
    if lacking:
        raise IndexFault(
            f"{url} lacks the vectors of {lacking} passages of {directory}, which keep those they "
            "had. Fill the store with: rag index copy DIR URL"
        )
    return _count(connection)


def _take(connection: sqlite3.Connection, store: VectorStore, dimension: int) -> tuple[int, int]:
    """How many passages the store lacks, and how many vectors were taken from it."""
    lacking = changed = 0
    last = connection.execute("SELECT ifnull(max(id), 0) FROM passages").fetchone()[0]
    for first in range(0, last + 1, WINDOW):
        theirs = store.digests(first, first + WINDOW)
        rows = connection.execute(
            "SELECT p.id, p.digest, v.vector FROM passages p LEFT JOIN vectors v "
            "ON v.passage = p.id WHERE p.id >= ? AND p.id < ?",
            (first, first + WINDOW),
        ).fetchall()
        held = {
            passage: vector
            for passage, digest, vector in rows
            if theirs.get(passage) == digest_number(digest)
        }
        lacking += len(rows) - len(held)
        changed += _replace(connection, store, held, dimension)
    return lacking, changed


def _replace(
    connection: sqlite3.Connection,
    store: VectorStore,
    held: dict[int, bytes | None],
    dimension: int,
) -> int:
    passages, vectors = store.vectors(list(held))
    if len(passages) and vectors.shape[1] != dimension:
        raise IndexFault(
            f"{store.url} holds vectors of dimension {vectors.shape[1]}, the index of {dimension}."
        )
    blobs = zip(passages.tolist(), pack_vectors(vectors), strict=True)
    other = [(passage, blob) for passage, blob in blobs if held[passage] != blob]
    with transaction(connection):
        connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", other)
    return len(other)


def _count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM passages").fetchone()[0])
