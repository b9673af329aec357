"""The readers, one file a format: `read(data: bytes, name: str) -> Extracted`.

A new format is a new file here, a line in `READERS`, and a mark in `rag.documents.sniffing`.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable
from pathlib import Path

from rag.documents.extracted import Extracted
from rag.documents.limits import Limits, check_archive, check_size
from rag.documents.sniffing import sniff
from rag.errors import ReadError

Reader = Callable[[bytes, str], Extracted]

READERS: dict[str, str] = {
    "txt": "rag.documents.readers.text",
    "md": "rag.documents.readers.markdown",
    "html": "rag.documents.readers.html_page",
    "pdf": "rag.documents.readers.pdf",
    "docx": "rag.documents.readers.docx_file",
    "pptx": "rag.documents.readers.pptx_file",
    "xlsx": "rag.documents.readers.xlsx_file",
    "csv": "rag.documents.readers.csv_table",
    "epub": "rag.documents.readers.epub",
    "eml": "rag.documents.readers.mail",
}
"""Format name to the module that reads it; a module is imported at its first use."""

ARCHIVES = frozenset({"docx", "pptx", "xlsx", "epub"})
_DEFAULT = Limits()


def reader_for(format_name: str) -> Reader:
    """The `read` function of a format in `READERS`."""
    reader: Reader = importlib.import_module(READERS[format_name]).read
    return reader


def extract(path: Path, limits: Limits = _DEFAULT) -> tuple[Extracted, str]:
    """A file's text and the SHA-256 (hex) of its raw bytes.

    Memory: the raw bytes, what they unpack to, and the text. Time and memory are not bounded
    here but in `rag.documents.isolation`.

    Raises:
        ReadError: the file cannot be opened, is too large, of a kind that is not read, damaged,
            encrypted, or without text. No other error comes from a file's content.
    """
    path = Path(path)
    data = _load(path, limits)
    digest = hashlib.sha256(data).hexdigest()
    return _read(data, path.name, limits), digest


def _load(path: Path, limits: Limits) -> bytes:
    try:
        if not path.is_file():
            reason = "not a file" if path.exists() else "no such file"
            if path.is_symlink() and reason == "no such file":
                reason = "a link that leads nowhere or in a circle"
            raise ReadError(f"{path}: {reason}.", reason)
        size = path.stat().st_size
        check_size(size, path.name, limits)
        with path.open("rb") as stream:
            # Python sets aside what is asked for: no more than the file has, and one to see growth.
            data = stream.read(size + 1)
    except OSError as error:
        raise ReadError(f"{path} cannot be opened: {error}.", "cannot be opened") from error
    check_size(len(data), path.name, limits)
    return data


def _read(data: bytes, name: str, limits: Limits) -> Extracted:
    format_name = sniff(data, name)
    if format_name in ARCHIVES:
        check_archive(data, name, limits)
    try:
        extracted = reader_for(format_name)(data, name)
    except (ReadError, MemoryError, ImportError):
        raise
    except Exception as error:
        # The parsers of ten formats raise what they like on damaged input: one kind for callers.
        raise ReadError(
            f"{name} could not be read as {format_name}: {type(error).__name__}: {error}",
            f"damaged {format_name}",
        ) from error
    if not extracted.text.strip():
        raise ReadError(f"{name} holds no text.", "no text")
    return extracted
