"""Markdown: the source text itself, so that offsets and quotes are those of the file."""

from __future__ import annotations

from rag.documents.encodings import decode
from rag.documents.extracted import Extracted


def read(data: bytes, name: str) -> Extracted:
    """Decode a Markdown file. Offsets are into its source, no newline translation.

    Raises:
        ReadError: the bytes are not text in any known encoding.
    """
    return Extracted(text=decode(data, name).text, format="md", wrapped=True)
