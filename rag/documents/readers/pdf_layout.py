"""A PDF page as text in which every character is known by its index on the page.

pypdfium2 (BSD/Apache, Google's pdfium): the fastest permissive reader, and it gives each
character's box, which the boxes of a quote need; pypdf is some twenty times slower, PyMuPDF is
AGPL. Text is built from single characters because pdfium's own page string may leave some out.
"""

from __future__ import annotations

import ctypes
import math
import statistics
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

_HYPHEN = 2
"""What pdfium reports for a hyphen at the end of a line, without the line's end after it."""
_INVISIBLE = frozenset((0, 13, 0xAD, 0x200B, 0xFEFF, 0xFFFE, 0xFFFF))


@dataclass(slots=True)
class Line:
    """A line: its span in the page's text, the size of its letters and its baseline in points."""

    start: int
    end: int
    height: float = 0.0
    base: float = 0.0


@dataclass(slots=True)
class PageText:
    """`text`, its `lines`, and for every character its index on the page (-1: a line's end)."""

    text: str
    indices: list[int]
    lines: list[Line] = field(default_factory=list)


def page_text(page: Any) -> PageText:
    """The text of a pdfium text page; paragraphs are set apart by a blank line where space is."""
    text, indices = _characters(page)
    lines = _lines(text)
    for line in lines:
        places = [at for at in range(line.start, line.end) if not text[at].isspace()]
        # The middle one of three, so that a note's mark or one word in another font does not count.
        sample = [places[0], places[len(places) // 2], places[-1]]
        line.height = sorted(_size(page, indices[at]) for at in sample)[1]
        line.base = _baseline(page, indices[places[0]])
    return _spaced(text, indices, lines)


def _characters(page: Any) -> tuple[str, list[int]]:
    get = pdfium.FPDFText_GetUnicode
    codes: list[int] = []
    indices: list[int] = []
    for index in range(max(pdfium.FPDFText_CountChars(page), 0)):
        code = get(page, index)
        if code == _HYPHEN:
            codes += (45, 10)
            indices += (index, -1)
        elif code not in _INVISIBLE:
            codes.append(0xFFFD if 0xD800 <= code < 0xE000 or code > 0x10FFFF else code)
            indices.append(index)
    return "".join(map(chr, codes)), indices


def _lines(text: str) -> list[Line]:
    lines = []
    start = 0
    for piece in text.split("\n"):
        if piece.strip():
            lines.append(Line(start, start + len(piece.rstrip())))
        start += len(piece) + 1
    return lines


def _size(page: Any, index: int) -> float:
    """The size of a character's font in points, as scaled on the page; 0.0 when unknown.

    Boxes will not do: their heights differ between fonts of one size.
    """
    matrix = pdfium.FS_MATRIX()
    if index < 0 or not pdfium.FPDFText_GetMatrix(page, index, ctypes.byref(matrix)):
        return 0.0
    size: float = pdfium.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
    return size


def _baseline(page: Any, index: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(page, index, x, y)
    return y.value


def _spaced(text: str, indices: list[int], lines: list[Line]) -> PageText:
    """Put a blank line where the space before a line, or its letters, differ from the others'."""
    steps = [
        (above.base - below.base) / below.height
        for above, below in pairwise(lines)
        if 0 < above.base - below.base < 4 * below.height
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
        pieces.append(text[line.start : line.end])
        kept += indices[line.start : line.end]
        spaced.append(Line(length, length + line.end - line.start, line.height, line.base))
        length = spaced[-1].end
    return PageText("".join(pieces), kept, spaced)


def _apart(above: Line, below: Line, usual: float) -> bool:
    if abs(above.height - below.height) > 0.12 * max(above.height, below.height):
        return True
    return 0 < 1.3 * usual * below.height < above.base - below.base


def character_box(page: Any, index: int) -> tuple[float, float, float, float] | None:
    """(left, bottom, right, top) in points from the page's lower left corner."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = pdfium.FPDFText_GetCharBox(page, index, left, right, bottom, top)
    if not found or right.value <= left.value or top.value <= bottom.value:
        return None
    return left.value, bottom.value, right.value, top.value
