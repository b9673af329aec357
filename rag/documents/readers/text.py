"""Plain text: the decoded file itself, line ends as they are, byte order mark left out.

Only the rows of tables are written otherwise, as they are in every format (`text_tables`).
"""

from __future__ import annotations

from rag.documents.encodings import decode
from rag.documents.extracted import Extracted
from rag.documents.readers.text_tables import tables_as_rows


def read(data: bytes, name: str) -> Extracted:
    """Decode a text file. Offsets are into `bytes.decode()` with no newline translation.

    In a file with tables they are into that text with its rows as sentences.

    Raises:
        ReadError: the bytes are not text in any known encoding.
    """
    text, rows = tables_as_rows(decode(data, name).text)
    return Extracted(text=text, format="txt", wrapped=True, rows=rows)
