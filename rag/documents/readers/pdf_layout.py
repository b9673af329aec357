"""A PDF page as text: paragraphs set apart by blank lines, rows of tables as sentences."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from rag.documents.readers.pdf_letters import SetLine, set_lines
from rag.documents.readers.pdf_rows import Columns
from rag.documents.readers.pdf_tables import with_rows


@dataclass(slots=True)
class Line:
    """A line: its span in the page's text, the size of its letters and its baseline in points."""

    start: int
    end: int
    height: float = 0.0
    base: float = 0.0
    is_row: bool = False


@dataclass(slots=True)
class PageText:
    """`text`, its `lines`, and for every character its index on the page.

    The index is -1 for the end of a line, and in a table's row for what is not a cell's own.
    `columns` are those of a table at its foot, which may go on upon the next page.
    """

    text: str
    indices: list[int]
    lines: list[Line] = field(default_factory=list)
    columns: Columns | None = None


def page_text(page: Any, above: PageText | None = None) -> PageText:
    """The text of a pypdfium2 text page: a blank line where space is, and around a table's rows.

    `above` is the page before, if there is one: a table may go on from it.
    """
    lines, columns = with_rows(set_lines(page.raw), page, above.columns if above else None)
    laid = _spaced(lines)
    laid.columns = columns
    return laid


def _spaced(lines: list[SetLine]) -> PageText:
    """Put a blank line where the space before a line, or its letters, differ from the others'."""
    steps = [
        (above.base - below.base) / below.height
        for above, below in pairwise(lines)
        if not (above.is_row or below.is_row) and 0 < above.base - below.base < 4 * below.height
    ]
    usual = statistics.median(steps) if steps else 0.0
    pieces: list[str] = []
    kept: list[int] = []
    spaced: list[Line] = []
    length = 0
    for number, line in enumerate(lines):
        if number:
            ends = "\n\n" if _apart(lines[number - 1], line, usual) else "\n"
            pieces.append(ends)
            kept += [-1] * len(ends)
            length += len(ends)
        pieces.append(line.text)
        kept += line.indices
        spaced.append(Line(length, length + len(line.text), line.height, line.base, line.is_row))
        length = spaced[-1].end
    return PageText("".join(pieces), kept, spaced)


def _apart(above: SetLine, below: SetLine, usual: float) -> bool:
    if above.is_row or below.is_row:
        return True
    if abs(above.height - below.height) > 0.12 * max(above.height, below.height):
        return True
    return 0 < 1.3 * usual * below.height < above.base - below.base
