"""Paths to files, and files to text: how `update` reaches `rag.documents`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rag.errors import InputError, ReadError
from rag.indexing.passages import Prepared
from rag.types import SourceFile

Outcome = SourceFile | Prepared | ReadError
FileReader = Callable[[Sequence[Path], int], Iterable[tuple[Path, Outcome]]]
"""Reads paths with so many workers, in any order, each exactly once."""


def discover_files(
    paths: Sequence[Path], apart_from: Path
) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The files that the paths name, folders searched, absolute, ordered; and what was passed by.

    Nothing inside the folder `apart_from`, the index itself, is given.

    Raises:
        InputError: a path is not there.
    """
    from rag.documents.discovery import Skipped, discover

    missing = [str(path) for path in paths if is_gone(path)]
    if missing:
        raise InputError(f"No such file or folder: {', '.join(missing)}. Check the spelling.")
    files: set[Path] = set()
    skipped: list[tuple[Path, str]] = []
    for found in discover(paths):
        if isinstance(found, Skipped):
            skipped.append((found.path, found.reason))
        elif not _storable(found):
            skipped.append((found, "its name is not valid Unicode"))
        elif apart_from not in absolute(found).parents:
            files.add(absolute(found))
    return sorted(files), skipped


def absolute(path: Path) -> Path:
    """Absolute, with ~ and .. resolved but links kept: the identity of a file in the index."""
    return Path(os.path.normpath(Path(path).expanduser().absolute()))


def is_gone(path: Path) -> bool:
    """Whether there is nothing at the path any more, which a folder that may not be entered, or a
    drive that does not answer, does not tell."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _storable(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def sha256_of(path: Path) -> str | None:
    """SHA-256 of the file's bytes; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def read_files(
    paths: Sequence[Path], workers: int
) -> Iterable[tuple[Path, SourceFile | ReadError]]:
    """Read in child processes, so that a file that crashes its reader costs only itself."""
    from rag.documents.isolation import read_all

    return read_all(paths, workers)
