"""Words of a PDF page by where they stand: pieces between gaps, and the bands that rows take up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from rag.documents.fold import fold
from rag.documents.readers.columns import Cell, is_figure
from rag.documents.readers.pdf_letters import (
    SetLine,
    advance,
    baseline,
    is_supplied,
    set_together,
)
from rag.documents.readers.pdf_rules import Rule, Rules

_WORD = re.compile(r"\S+")
_GAP = 0.45
"""Sizes of the letters from which on a space that nothing is written in parts two cells."""
_WRITTEN_GAP = 1.0
"""The same where a space is written: it may be a typewriter's."""
_INNER_GAP = 1.15
"""The same inside of what the file sets in one go: words are spread there to fill their line."""
_ONE_LINE = 0.35
"""How far baselines on one line may differ, for figures set high and cells in another font."""
_JUMP = 8
"""Lines by which the text goes up again where another column of the page begins."""
_LOOK_BACK = 50
_PROSE = 6
"""Words without a gap from which on they are running text, or a cell of it."""
_LOOSER = 1.25
_CLOSEST = 0.95
_OVERLAPPING = 0.9
"""Steps, in sizes of the letters, below which two lines are cells of one row set to its middle."""


class Piece(NamedTuple):
    """Words without a gap between them: where they stand in points, and the line they are of."""

    left: float
    right: float
    base: float
    height: float
    text: str
    indices: Sequence[int]
    line: int


PieceLine = list[Piece]
"""Pieces on one baseline, from left to right."""


@dataclass(frozen=True, slots=True)
class Band:
    """What may be one row: its cells from left to right, and each cell's pieces from the top.

    `top` and `bottom` are its first and last line as (baseline, size of the letters).
    """

    cells: list[Cell]
    pieces: list[list[Piece]]
    top: tuple[float, float]
    bottom: tuple[float, float]


def pieces_of(line: SetLine, number: int, page: Any) -> Iterator[Piece]:
    """The pieces of a line of a pdfium text page."""
    words = [found.span() for found in _WORD.finditer(line.text)]
    first = words[0][0]
    left, right = advance(page, line.indices[first])[0], 0.0
    for (_, end), following in [*pairwise(words), (words[-1], None)]:
        right = advance(page, line.indices[end - 1])[1]
        if following is not None:
            start = following[0]
            onward = advance(page, line.indices[start])[0]
            if not _is_gap(page, onward - right, line, end, start):
                continue
        base = baseline(page, line.indices[first])
        kept = line.indices[first:end]
        yield Piece(left, right, base, line.height, line.text[first:end], kept, number)
        if following is not None:
            first, left = start, onward


def _is_gap(page: Any, width: float, line: SetLine, end: int, start: int) -> bool:
    if -line.height <= width <= _GAP * line.height:
        return False
    between = [index for index in line.indices[end:start] if index >= 0]
    supplied = any(is_supplied(page, index) for index in between)
    if set_together(page, line.indices[end - 1], line.indices[start]):
        return (supplied or len(between) > 1) and width > _INNER_GAP * line.height
    return width > (_GAP if supplied else _WRITTEN_GAP) * line.height or width < -line.height


def page_columns(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The pieces of each column of a page, if it is set in columns one after another.

    A new one begins where the text goes far up again, to one side of all that stands lower.
    """
    run: list[Piece] = []
    lowest = 0.0
    for piece in pieces:
        if run and piece.base > lowest + _JUMP * piece.height:
            lower = [one for one in run[-_LOOK_BACK:] if one.base < piece.base]
            beside = all(one.right <= piece.left for one in lower)
            if beside or all(piece.right <= one.left for one in lower):
                yield run
                run = []
        lowest = min(lowest, piece.base) if run else piece.base
        run.append(piece)
    if run:
        yield run


def piece_lines(pieces: Sequence[Piece]) -> list[PieceLine]:
    """Pieces by their baselines, from the top."""
    lines: list[PieceLine] = []
    for piece in sorted(pieces, key=lambda one: (-one.base, one.left)):
        if lines and lines[-1][0].base - piece.base <= _ONE_LINE * piece.height:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line) for line in lines]


def is_running(piece: Piece) -> bool:
    """Whether a piece is as long as lines of running text are."""
    return len(piece.text.split()) >= _PROSE


def bands(lines: Sequence[PieceLine], rules: Rules) -> list[Band]:
    """Lines that belong to one row, joined: by drawn lines, by space, or because they overlap.

    Each way is tried where the one before leaves rows together (`_is_sound`); the last takes
    every line by itself.
    """

    def drawn(part: Sequence[PieceLine]) -> list[bool]:
        return [
            rules.part(_place(upper), _place(lower), _span([*upper, *lower]))
            for upper, lower in pairwise(part)
        ]

    boxed = [list(_boxed(line, rules)) for line in lines]
    return list(_parted(boxed, [drawn, _by_prose, _by_space, _by_overlap, _each]))


def _boxed(line: PieceLine, rules: Rules) -> Iterator[Piece]:
    """A line's pieces, those joined that one drawn box holds: its words are only spread in it."""
    held = line[0]
    for piece in line[1:]:
        figures = is_figure(held.text) and is_figure(piece.text)
        if held.line == piece.line and not figures and rules.encloses(piece.base, held, piece):
            text, indices = f"{held.text} {piece.text}", [*held.indices, -1, *piece.indices]
            held = held._replace(right=piece.right, text=text, indices=indices)
        else:
            yield held
            held = piece
    yield held


def _parted(
    lines: Sequence[PieceLine], ways: Sequence[Callable[[Sequence[PieceLine]], list[bool]]]
) -> Iterator[Band]:
    start = 0
    for at, cut in enumerate([*ways[0](lines), True], 1):
        if not cut:
            continue
        part = lines[start:at]
        band = _band(part)
        start = at
        if len(part) == 1 or (len(ways) > 1 and _is_sound(band, part)):
            yield band
        else:
            yield from _parted(part, ways[1:])


def _steps(lines: Sequence[PieceLine]) -> list[float]:
    return [
        (upper[0].base - lower[0].base) / max(lower[0].height, 0.1)
        for upper, lower in pairwise(lines)
    ]


def _by_prose(lines: Sequence[PieceLine]) -> list[bool]:
    running = [len(line) == 1 and is_running(line[0]) for line in lines]
    return [upper != lower for upper, lower in pairwise(running)]


def _by_space(lines: Sequence[PieceLine]) -> list[bool]:
    steps = _steps(lines)
    usual = min((step for step in steps if step >= _CLOSEST), default=0.0)
    return [step > _LOOSER * usual > 0 for step in steps]


def _by_overlap(lines: Sequence[PieceLine]) -> list[bool]:
    return [step >= _OVERLAPPING for step in _steps(lines)]


def _each(lines: Sequence[PieceLine]) -> list[bool]:
    return [True] * (len(lines) - 1)


def _place(line: PieceLine) -> tuple[float, float]:
    return line[0].base, line[0].height


def _span(pieces: Sequence[Piece]) -> Rule:
    return Rule(0.0, min(one.left for one in pieces), max(one.right for one in pieces))


def _band(lines: Sequence[PieceLine]) -> Band:
    """The cells of some lines: what overlaps sideways is one cell."""
    groups: list[list[Piece]] = []
    edge = 0.0
    for piece in sorted(piece for line in lines for piece in line):
        if groups and piece.left < edge:
            groups[-1].append(piece)
            edge = max(edge, piece.right)
        else:
            groups.append([piece])
            edge = piece.right
    pieces = [sorted(group, key=lambda one: (-one.base, one.left)) for group in groups]
    cells = [
        Cell(
            round(10 * min(one.left for one in group)),
            round(10 * max(one.right for one in group)),
            fold(" ".join(one.text for one in group)),
        )
        for group in pieces
    ]
    return Band(cells, pieces, _place(lines[0]), _place(lines[-1]))


def _is_sound(band: Band, lines: Sequence[PieceLine]) -> bool:
    """Whether a band can be one row.

    It is more where figures stand below each other, where a cell takes in two pieces of one line,
    and where two lines fill all cells and one of them has figures.
    """
    line_of = {id(one): number for number, line in enumerate(lines) for one in line}
    for group in band.pieces:
        side_by_side = len({line_of[id(one)] for one in group}) < len(group)
        if side_by_side or sum(is_figure(one.text) for one in group) > 1:
            return False
    full = [line for line in lines if len(line) == len(band.cells) > 1]
    return len(full) < 2 or not any(is_figure(one.text) for line in full for one in line)
