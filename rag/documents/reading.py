"""A file read into articles: `read` for a path, `structure` for text already extracted."""

from __future__ import annotations

import re
from pathlib import Path

from rag.documents.extracted import Extracted
from rag.documents.sentences import split
from rag.types import Document, Sentence, SourceFile

_LINE = re.compile(r"[^\n\r]*\S[^\n\r]*")


def read(path: Path | str) -> SourceFile:
    """Read one file of any known format.

    Raises:
        ReadError: the file cannot be opened or decoded, or holds no text.
    """
    from rag.documents.readers import extract

    extracted, sha256 = extract(Path(path))
    return structure(extracted, path, sha256)


def structure(extracted: Extracted, path: Path | str, sha256: str) -> SourceFile:
    """Find articles, chrome, sentences and attributions in extracted text. Total: never raises."""
    text = extracted.text
    sentences = [
        Sentence(start, end, number)
        for number, line in enumerate(_LINE.finditer(text))
        for start, end in split(text, line.start(), line.end())
    ]
    document = Document(
        title=extracted.metadata.title or Path(path).stem,
        start=0,
        end=len(text),
        sentences=tuple(sentences),
        published=extracted.metadata.published,
    )
    return SourceFile(
        str(path), sha256, extracted.format, text, (document,), extracted.chrome, extracted.pages
    )
