"""Paths to files, and files to text: how `update` reaches `rag.documents`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from rag.errors import InputError, ReadError
from rag.types import SourceFile

FileReader = Callable[[Sequence[Path], int], Iterable[tuple[Path, SourceFile | ReadError]]]
"""Reads paths with so many workers, in any order, each exactly once."""


def discover_files(paths: Sequence[Path]) -> list[Path]:
    """The files that the paths name, folders searched, absolute, ordered, each once.

    Hidden files and folders inside a given folder are passed over.

    Raises:
        InputError: a path is not there.
    """
    found: set[Path] = set()
    for path in paths:
        path = absolute(path)
        if path.is_dir():
            found.update(_walk(path))
        elif path.exists():
            found.add(path)
        else:
            raise InputError(f"No such file or folder: {path}. Check the spelling.")
    return sorted(found)


def absolute(path: Path) -> Path:
    """Absolute, with ~ and .. resolved but links kept: the identity of a file in the index."""
    return Path(os.path.normpath(Path(path).expanduser().absolute()))


def sha256_of(path: Path) -> str | None:
    """SHA-256 of the file's bytes; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def read_each(paths: Sequence[Path], workers: int) -> Iterator[tuple[Path, SourceFile | ReadError]]:
    """Read one file after the other in this process."""
    from rag.documents import read

    for path in paths:
        try:
            yield path, read(path)
        except ReadError as error:
            yield path, error


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(root) / name
