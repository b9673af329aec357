"""An index as one file, to be carried to another machine."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from rag.errors import InputError, UsageError
from rag.indexing.database import (
    database_path,
    log_path,
    open_existing_writer,
    open_reader,
    partial_path,
    stored_settings,
    translated,
)
from rag.indexing.lock import writer_lock
from rag.indexing.publishing import accelerate
from rag.indexing.settings import require_current
from rag.indexing.writing import generation


def export(directory: Path, target: Path) -> str:
    """Write the newest generation to one new file; returns its name.

    Raises:
        UsageError: the target is there already, or its folder is not.
        IndexFault: the disk is full.
    """
    directory, target = Path(directory), Path(target)
    if target.exists():
        raise UsageError(f"{target} is there already. Name a new file.")
    if not target.parent.is_dir():
        raise UsageError(f"There is no folder {target.parent}. Make it, or name another file.")
    connection = open_reader(directory)
    partial = target.with_name(f"{target.name}.part")
    try:
        with translated(directory):
            partial.unlink(missing_ok=True)
            connection.execute("PRAGMA query_only = OFF")  # it writes, though to another file
            connection.execute("VACUUM INTO ?", (str(partial),))
            with closing(_opened(partial)) as written:
                name = generation(written)  # there may be a later one here by now
            partial.replace(target)
            return name
    finally:
        connection.close()
        partial.unlink(missing_ok=True)


def import_file(source: Path, directory: Path) -> str:
    """Make an index of an exported file in a folder that has none; returns the generation.

    Raises:
        InputError: the file is not a whole exported index.
        IndexMismatch: it was exported by a version that stores otherwise.
        UsageError: the folder has an index already.
    """
    source, directory = Path(source), Path(directory)
    _require_whole(source)
    directory.mkdir(parents=True, exist_ok=True)
    with writer_lock(directory), translated(directory):
        path = database_path(directory)
        if path.exists():
            raise UsageError(f"{directory} holds an index already. Name another with --index DIR.")
        partial = partial_path(directory)
        shutil.copyfile(source, partial)
        # The log of an index that was deleted without it would be taken for this one's.
        log_path(path).unlink(missing_ok=True)
        partial.replace(path)
        connection = open_existing_writer(directory)
        try:
            settings = stored_settings(connection, directory)
            # A store has one index that writes it: the copy begins on its own machine.
            connection.execute("DELETE FROM meta WHERE name IN ('store', 'identity')")
            accelerate(connection, directory, settings.dimension, force=True)
            return generation(connection)
        finally:
            connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _require_whole(source: Path) -> None:
    if (log := log_path(source)).exists() and log.stat().st_size:
        raise InputError(
            f"{source} is an index in use, whose newest part lies in {log.name}. Write it to one "
            f"file with: rag index --export FILE --index {source.parent}"
        )
    try:
        connection = _opened(source)
        try:
            sound = connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
            settings = stored_settings(connection, source)
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise InputError(f"{source} is not an exported index ({error}).") from error
    if not sound:
        raise InputError(f"{source} is damaged. Export it again with: rag index --export FILE")
    require_current(settings, None, str(source))
