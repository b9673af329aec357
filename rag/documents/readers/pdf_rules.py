"""The straight lines drawn on a PDF page: they part a table's rows and columns."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import pypdfium2.raw as pdfium

_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 20_000
"""Beyond these a page is a drawing; what was read till then is kept."""
_SHORTEST = 6.0
"""Points; shorter strokes are parts of letters and signs."""
_SLANT = 0.5
_UNDER = 0.2
_OVER = 0.3
"""How far from a baseline, in sizes of the letters, a line that parts two lines of text stands: a
line nearer below it underlines a word."""


class Rule(NamedTuple):
    """A line at height or abscissa `at`, from `start` to `end`, in points."""

    at: float
    start: float
    end: float


class _Span(Protocol):
    @property
    def left(self) -> float: ...
    @property
    def right(self) -> float: ...


class Rules(NamedTuple):
    """The lines across a page, and those down it."""

    across: list[Rule]
    down: list[Rule]

    def part(self, upper: tuple[float, float], lower: tuple[float, float], span: Rule) -> bool:
        """Whether a line is drawn between two lines of text, given as (baseline, size).

        `span` is where these two reach sideways; a line beside them does not count.
        """
        top, bottom = upper[0] - _UNDER * upper[1], lower[0] + _OVER * lower[1]
        return any(
            bottom < rule.at < top and rule.start < span.end and span.start < rule.end
            for rule in self.across
        )

    def columns(self, at: float, start: float, end: float) -> int:
        """How many lines down the page cross the height `at` between two abscissas."""
        crossing = {
            round(rule.at / 3)
            for rule in self.down
            if rule.start <= at <= rule.end and start < rule.at < end
        }
        return len(crossing)

    def encloses(self, at: float, left: _Span, right: _Span) -> bool:
        """Whether lines down the page stand beside two words at the height `at`, none between."""
        places = [rule.at for rule in self.down if rule.start <= at <= rule.end]
        if not places or min(places) > left.left or max(places) < right.right:
            return False
        return not any(left.left < place < right.right for place in places)


def drawn_rules(page: Any) -> Rules:
    """The lines of a pdfium page, edges of boxes included."""
    found = Rules([], [])
    left = _MOST_SEGMENTS
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        shape = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(shape) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        left -= max(pdfium.FPDFPath_CountSegments(shape), 1)
        if left < 0:
            break
        for one, other in _strokes(shape):
            _add(found, one, other)
    return found


def _add(found: Rules, one: Sequence[float], other: Sequence[float]) -> None:
    (x, y), (other_x, other_y) = one, other
    if abs(y - other_y) <= _SLANT and abs(x - other_x) >= _SHORTEST:
        found.across.append(Rule((y + other_y) / 2, min(x, other_x), max(x, other_x)))
    elif abs(x - other_x) <= _SLANT and abs(y - other_y) >= _SHORTEST:
        found.down.append(Rule((x + other_x) / 2, min(y, other_y), max(y, other_y)))


def _strokes(shape: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight parts of a path, from point to point on the page."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(shape, ctypes.byref(matrix)):
        return
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for number in range(pdfium.FPDFPath_CountSegments(shape)):
        segment = pdfium.FPDFPath_GetPathSegment(shape, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        elif kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield last, first
            last = first
