"""A PDF page as text in which every character is known by its index on the page.

pypdfium2 (BSD/Apache, Google's pdfium): the fastest permissive reader, and it gives each
character's box, which the boxes of a quote need; pypdf is some twenty times slower, PyMuPDF is
AGPL. Text is built from single characters because pdfium's own page string may leave some out.
"""

from __future__ import annotations

import ctypes
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
    """A line: its span in the page's text, `height` of its letters and `base` in points."""

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
        first = next((at for at in range(line.start, line.end) if not text[at].isspace()), None)
        if first is not None:
            line.base, line.height = _base_and_height(page, indices[first])
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


def _base_and_height(page: Any, index: int) -> tuple[float, float]:
    """Points; the height is the font's, not the letter's, so that "a" and "b" are alike."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box)):
        return 0.0, 0.0
    return box.bottom, abs(box.top - box.bottom)


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
