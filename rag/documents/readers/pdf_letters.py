"""The lines of a PDF page, in which every character is known by its index on the page.

pypdfium2 (BSD/Apache, Google's pdfium): the fastest permissive reader, and it gives each
character's box, which the boxes of a quote need; pypdf is some twenty times slower, PyMuPDF is
AGPL. Text is built from single characters because pdfium's own page string may leave some out.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

_HYPHEN = 2
"""What pdfium reports for a hyphen at the end of a line, without the line's end after it."""
_INVISIBLE = frozenset((0, 13, 0xAD, 0x200B, 0xFEFF, 0xFFFE, 0xFFFF))


@dataclass(slots=True)
class SetLine:
    """A line as it is set: its text, the index of each character on the page (-1: none), the size
    of its letters and its baseline in points. `is_row`: it is a table's row, as a sentence."""

    text: str
    indices: list[int]
    height: float = 0.0
    base: float = 0.0
    is_row: bool = False


def set_lines(page: Any) -> list[SetLine]:
    """The lines of a pdfium text page, in the order in which the file has them."""
    text, indices = _characters(page)
    lines = []
    start = 0
    for piece in text.split("\n"):
        end = start + len(piece.rstrip())
        if piece.strip():
            lines.append(_line(page, text[start:end], indices[start:end]))
        start += len(piece) + 1
    return lines


def _line(page: Any, text: str, indices: list[int]) -> SetLine:
    places = [at for at, character in enumerate(text) if not character.isspace()]
    # The middle one of three, so that a note's mark or one word in another font does not count.
    sample = [places[0], places[len(places) // 2], places[-1]]
    height = sorted(_size(page, indices[at]) for at in sample)[1]
    return SetLine(text, indices, height, baseline(page, indices[places[0]]))


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


def _size(page: Any, index: int) -> float:
    """The size of a character's font in points, as scaled on the page; 0.0 when unknown.

    Boxes will not do: their heights differ between fonts of one size.
    """
    matrix = pdfium.FS_MATRIX()
    if index < 0 or not pdfium.FPDFText_GetMatrix(page, index, ctypes.byref(matrix)):
        return 0.0
    size: float = pdfium.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
    return size


def baseline(page: Any, index: int) -> float:
    """How high above the page's lower edge a character's line stands."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(page, index, x, y)
    return y.value


def advance(page: Any, index: int) -> tuple[float, float]:
    """From where to where a character reaches sideways, its own space included."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(page, index, ctypes.byref(box))
    return box.left, box.right


def is_supplied(page: Any, index: int) -> bool:
    """Whether pdfium put a character there itself, for a space that nothing is written in."""
    return bool(pdfium.FPDFText_IsGenerated(page, index) == 1)


def set_together(page: Any, one: int, other: int) -> bool:
    """Whether the file sets two characters in one go, with one operator."""
    first = pdfium.FPDFText_GetTextObject(page, one)
    second = pdfium.FPDFText_GetTextObject(page, other)
    return ctypes.cast(first, ctypes.c_void_p).value == ctypes.cast(second, ctypes.c_void_p).value


def character_box(page: Any, index: int) -> tuple[float, float, float, float] | None:
    """(left, bottom, right, top) in points from the page's lower left corner."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found = pdfium.FPDFText_GetCharBox(page, index, left, right, bottom, top)
    if not found or right.value <= left.value or top.value <= bottom.value:
        return None
    return left.value, bottom.value, right.value, top.value
