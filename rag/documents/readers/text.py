"""Plain text: the decoded file itself, line ends as they are, byte order mark left out."""

from __future__ import annotations

from rag.documents.encodings import decode
from rag.documents.extracted import Extracted


def read(data: bytes, name: str) -> Extracted:
    """Decode a text file. Offsets are into `bytes.decode()` with no newline translation.

    Raises:
        ReadError: the bytes are not text in any known encoding.
    """
    return Extracted(text=decode(data, name).text, format="txt", wrapped=True)
