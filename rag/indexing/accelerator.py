"""The FAISS files: a derived copy of the vectors that answers faster. Never the truth.

A build is two files, `dense-<name>.faiss` and `dense-<name>.ids`, written once, renamed into
place and then named by the database. It covers every passage up to `covered`; what came later is
searched exactly and what was removed since is masked, so a build need not follow every change.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import uuid
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import IndexFault
from rag.indexing.database import meta, set_meta, transaction
from rag.indexing.records import unpack_vectors
from rag.indexing.writing import touch
from rag.types import FloatMatrix, IntArray

PREFIX = "dense-"
_READ_ROWS = 20_000
_RETRAIN_AT = 4
"""Inverted lists are kept until the index has grown so many times since they were trained."""


@dataclass(frozen=True, slots=True)
class Build:
    """What the database says of the FAISS files. `recall` is recall@10 against an exact scan.

    `covered` is the highest passage identifier in them; `probes` how many lists a search looks at
    and `trained_on` how many passages there were when the lists were made, both 0 without lists.
    `sha256` is over both files; `changed` are their times of change, in nanoseconds, when it was
    taken, so that it need not be taken again while they stay.
    """

    name: str
    kind: str
    count: int
    covered: int
    probes: int
    recall: float
    trained_on: int
    size: int
    sha256: str
    changed: tuple[int, ...] = ()

    def vectors_path(self, directory: Path) -> Path:
        """The FAISS index."""
        return directory / f"{PREFIX}{self.name}.faiss"

    def ids_path(self, directory: Path) -> Path:
        """int64 passage identifiers, ascending, one for each vector, as raw little-endian bytes."""
        return directory / f"{PREFIX}{self.name}.ids"

    def sound(self, directory: Path) -> bool:
        """Whether both files are there as they were written.

        Known from size and time of change; when the time is another one, as after copying an
        index, they are read and hashed.
        """
        try:
            return self.in_full(directory) and (
                self.changed == self.times(directory) or checksum(self, directory) == self.sha256
            )
        except OSError:
            return False

    def in_full(self, directory: Path) -> bool:
        """Whether both files are there and have their size."""
        paths = (self.vectors_path(directory), self.ids_path(directory))
        try:
            sizes = tuple(path.stat().st_size for path in paths)
        except OSError:
            return False
        return sizes == (self.size, 8 * self.count)

    def times(self, directory: Path) -> tuple[int, ...]:
        """When both files were changed last, in nanoseconds; raises OSError."""
        paths = (self.vectors_path(directory), self.ids_path(directory))
        return tuple(path.stat().st_mtime_ns for path in paths)


def current_build(connection: sqlite3.Connection) -> Build | None:
    """The build that the database names."""
    text = meta(connection, "dense")
    if not text:
        return None
    values = json.loads(text)
    return Build(**{**values, "changed": tuple(values.get("changed", ()))})


def pending(connection: sqlite3.Connection, build: Build | None) -> int:
    """Passages added or removed since the build."""
    covered = build.covered if build else 0
    added = connection.execute("SELECT count(*) FROM passages WHERE id > ?", (covered,)).fetchone()
    gone = connection.execute(
        "SELECT count(*) FROM removed WHERE passage <= ?", (covered,)
    ).fetchone()
    return int(added[0]) + int(gone[0])


def build_if_due(
    connection: sqlite3.Connection, directory: Path, dimension: int, *, force: bool = False
) -> Build | None:
    """Build anew when the files are missing, damaged or a tenth (and 1000 passages) has changed.

    The caller holds the writer lock. Returns the build that is current afterwards.

    Raises:
        IndexFault: the files could not be written; the index answers without them.
    """
    build = current_build(connection)
    changed = pending(connection, build)
    sound = build is not None and build.sound(directory)
    if force and build is not None and sound:
        sound = checksum(build, directory) == build.sha256
    due = max(1000, build.count // 10) if build else 0
    if sound and build is not None and changed <= (0 if force else due):
        current: Build | None = replace(build, changed=build.times(directory))
        if current != build:
            _name(connection, current)
    else:
        current = _build(connection, directory, dimension, build if sound else None)
        _name(connection, current, anew=True)
    sweep(connection, directory)
    return current


def _name(connection: sqlite3.Connection, build: Build | None, *, anew: bool = False) -> None:
    with transaction(connection):
        if build is None:
            connection.execute("DELETE FROM meta WHERE name = 'dense'")
        else:
            set_meta(connection, "dense", json.dumps(asdict(build), sort_keys=True))
        if anew:
            connection.execute("DELETE FROM removed")
        touch(connection)


def sweep(connection: sqlite3.Connection, directory: Path) -> None:
    """Delete builds that the database does not name: left by a killed writer or superseded."""
    build = current_build(connection)
    kept = {build.vectors_path(directory), build.ids_path(directory)} if build else set()
    for path in directory.glob(f"{PREFIX}*"):
        if path not in kept:
            path.unlink(missing_ok=True)


def all_vectors(
    connection: sqlite3.Connection, dimension: int, above: int = 0
) -> tuple[IntArray, FloatMatrix]:
    """Identifiers (n,) ascending and vectors float32 (n, dimension) of passages above an id."""
    count = connection.execute("SELECT count(*) FROM vectors WHERE passage > ?", (above,))
    identifiers = np.empty(count.fetchone()[0], dtype=np.int64)
    matrix = np.empty((len(identifiers), dimension), dtype=np.float32)
    cursor = connection.execute(
        "SELECT passage, vector FROM vectors WHERE passage > ? ORDER BY passage", (above,)
    )
    at = 0
    while rows := cursor.fetchmany(_READ_ROWS):
        identifiers[at : at + len(rows)] = [row[0] for row in rows]
        matrix[at : at + len(rows)] = unpack_vectors([row[1] for row in rows], dimension)
        at += len(rows)
    return identifiers, matrix


def checksum(build: Build, directory: Path) -> str:
    """SHA-256 over both files, as `Build.sha256` keeps it."""
    digest = hashlib.sha256()
    for path in (build.vectors_path(directory), build.ids_path(directory)):
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _build(
    connection: sqlite3.Connection, directory: Path, dimension: int, previous: Build | None
) -> Build | None:
    identifiers, vectors = all_vectors(connection, dimension)
    if not len(identifiers):
        return None
    from rag.indexing import faiss_kinds

    trained = None
    if previous is not None and 0 < len(vectors) < _RETRAIN_AT * previous.trained_on:
        index = faiss_kinds.load(previous.vectors_path(directory))
        trained = faiss_kinds.Trained(index, previous.kind, previous.trained_on)
    made = faiss_kinds.make(vectors, trained=trained)
    name = uuid.uuid4().hex[:12]
    draft = Build(
        name=name,
        kind=made.kind,
        count=len(identifiers),
        covered=int(identifiers[-1]),
        probes=made.probes,
        recall=made.recall,
        trained_on=made.trained_on,
        size=0,
        sha256="",
    )
    return _write(draft, directory, faiss_kinds.to_bytes(made.index), identifiers)


def _write(draft: Build, directory: Path, index: Any, identifiers: IntArray) -> Build:
    try:
        _write_durably(draft.vectors_path(directory), memoryview(index))
        _write_durably(draft.ids_path(directory), identifiers.astype("<i8").tobytes())
    except OSError as error:
        raise IndexFault(
            f"The vector files in {directory} could not be written ({error}). All documents are "
            "stored and searched without them, slower. Free some space, then run: "
            "rag index --compact"
        ) from error
    size = draft.vectors_path(directory).stat().st_size
    sha256 = checksum(draft, directory)
    return replace(draft, size=size, sha256=sha256, changed=draft.times(directory))


def _write_durably(path: Path, data: bytes | memoryview) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
