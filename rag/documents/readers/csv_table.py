"""Tables as delimited text: a row a sentence with its column names."""

from __future__ import annotations

import csv
import io
from collections import Counter

from rag.documents.encodings import decode
from rag.documents.extracted import Extracted
from rag.documents.readers.building import TextBuilder, table_sentences

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 200
_LONGEST_CELL = 10_000_000


def read(data: bytes, name: str) -> Extracted:
    """Read CSV or TSV; the delimiter is the one that gives the most even rows.

    A file that no delimiter divides evenly is a text with a wrong name and is read as such.
    """
    text = decode(data, name).text
    csv.field_size_limit(_LONGEST_CELL)
    delimiter = find_delimiter(text)
    if delimiter is None:
        from rag.documents.readers import reader_for

        return reader_for("txt")(data, name)
    builder = TextBuilder()
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for sentence in table_sentences(rows):
        builder.paragraph(sentence)
    return Extracted(builder.text, "csv")


def find_delimiter(text: str) -> str | None:
    """Which of comma, semicolon, tab and bar divides most rows into the same number of cells.

    csv.Sniffer is not used: it guesses letters as delimiters and is slow on long lines.
    """
    best: tuple[float, str] | None = None
    for delimiter in _DELIMITERS:
        widths = _widths(text, delimiter)
        if not widths:
            continue
        width, rows = widths.most_common(1)[0]
        even = rows / widths.total()
        if width > 1 and even > 0.6 and (best is None or even + width / 1e6 > best[0]):
            best = (even + width / 1e6, delimiter)
    return best[1] if best else None


def _widths(text: str, delimiter: str) -> Counter[int]:
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(io.StringIO(text[:500_000], newline=""), delimiter=delimiter):
            if row:
                widths[len(row)] += 1
            if widths.total() >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return Counter()  # a cell beyond the limit or a stray NUL: not divided by this one
    return widths
