"""Tables on a PDF page, set in columns by position, as rows that read as sentences.

A PDF keeps no tables, only words at places. What stands side by side is taken for a table on the
same grounds as in plain text (`table_heads`): names above, figures below them, or a frame drawn
around all cells. Columns of running text have neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rag.documents.readers.building import row_parts, row_sentence
from rag.documents.readers.columns import (
    Cell,
    column_places,
    columns_of,
    is_figure,
    is_spared,
    named,
    padded,
    placed,
)
from rag.documents.readers.pdf_bands import (
    Band,
    Piece,
    bands,
    is_running,
    page_columns,
    piece_lines,
    pieces_of,
)
from rag.documents.readers.pdf_letters import SetLine
from rag.documents.readers.pdf_rules import Rule, Rules, drawn_rules
from rag.documents.readers.table_heads import Grid, could_be_names, is_table

_MOST_PIECES = 5_000
"""A page of more is a drawing or a map."""
_MOST_ROWS = 400
_TRIES = 50
"""How many bands of a page's column are tried as the head of a table, in vain."""
_FARTHEST = 5.0
"""The most space between two rows, in sizes of their letters."""
_LOOSER = 1.2
_SLACK = 10
"""Tenths of a point by which the edges of figures set to the right may differ."""


_Sources = list[tuple[Band, list[int]]]
"""The bands that a row is made of, with the column of each of their cells."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A table: the number of its last band, all its pieces, and its rows."""

    last: int
    pieces: list[Piece]
    rows: list[SetLine]


def with_rows(lines: list[SetLine], page: Any) -> list[SetLine]:
    """The lines of a pypdfium2 text page, the rows of its tables as one line each.

    All other lines stay as they are and in their order.
    """
    pieces = [
        piece for number, line in enumerate(lines) for piece in pieces_of(line, number, page.raw)
    ]
    if len(pieces) > _MOST_PIECES or len(pieces) < len(lines) + 2:
        return lines  # no table is without lines of several pieces
    rules: Rules | None = None
    rows: dict[int, list[SetLine]] = {}
    gone: set[int] = set()
    for column in page_columns(pieces):
        set_out = piece_lines(column)
        if sum(len(line) > 1 for line in set_out) < 3:
            continue
        if rules is None:
            rules = drawn_rules(page.page.raw)
        for table in _tables(bands(set_out, rules), rules):
            numbers = {piece.line for piece in table.pieces}
            if _is_whole(numbers, table.pieces, pieces):
                rows[min(numbers)] = table.rows
                gone |= numbers
    return list(_replaced(lines, rows, gone)) if rows else lines


def _is_whole(numbers: set[int], inside: Sequence[Piece], pieces: Sequence[Piece]) -> bool:
    """Whether a table's lines follow each other in the file and hold nothing else."""
    if max(numbers) - min(numbers) + 1 != len(numbers):
        return False
    on_them = sum(_size(piece) for piece in pieces if piece.line in numbers)
    return on_them == sum(map(_size, inside))


def _size(piece: Piece) -> int:
    return sum(not letter.isspace() for letter in piece.text)


def _replaced(
    lines: Sequence[SetLine], rows: dict[int, list[SetLine]], gone: set[int]
) -> Iterator[SetLine]:
    for number, line in enumerate(lines):
        yield from rows.get(number, [])
        if number not in gone:
            yield line


def _tables(found: Sequence[Band], rules: Rules) -> Iterator[_Table]:
    at = tries = above = 0
    while at + 2 < len(found) and tries < _TRIES:
        if could_be_names(found[at].cells):
            table = _table(found, at, above, rules)
            tries += table is None
            if table is not None:
                yield table
                at = table.last
                above = at + 1
        at += 1


def _table(found: Sequence[Band], head: int, first: int, rules: Rules) -> _Table | None:
    """The table whose names stand in one band, if the bands below fit them.

    `first` is the first band of no other table: names have no row of theirs above them.
    """
    names_band = found[head]
    end = _end(found, head)
    below = found[head + 1 : end]
    count, names = named(names_band.cells, [band.cells for band in below])
    fitting = [band.cells for band in below if not _is_prose(band)]
    places = column_places([padded(names_band.cells, count), *fitting], count)
    if head > first and _fits(found[head - 1], count, places):
        return None
    grid = Grid(names, slack=_SLACK)
    read = _read_rows(found[head:end], grid, places)
    if read is None:
        return None
    last, sources = read
    _see_rules(grid, found[head : head + last + 1], rules)
    if not is_table(grid, names_band.cells):
        return None
    taken = found[head : head + last + 1]
    pieces = [one for band in taken for group in band.pieces for one in group]
    rows = [_row(grid.names, *row) for row in zip(grid.rows, sources, strict=True)]
    return _Table(head + last, pieces, [row for row in rows if row.text])


def _fits(band: Band, count: int, places: Sequence[tuple[int, int]] | None) -> bool:
    return len(band.cells) > 1 and columns_of(band.cells, count, places) is not None


def _read_rows(
    found: Sequence[Band], grid: Grid, places: Sequence[tuple[int, int]] | None
) -> tuple[int, list[_Sources]] | None:
    """Put the bands below the first into a grid, as far as they fit.

    Returns the number of the last one, and for each row of the grid the bands it is made of, with
    the columns of their cells. None when what follows shows that it is no table.
    """
    count = len(grid.names)
    sources: list[_Sources] = []
    for at in range(1, len(found)):
        band = found[at]
        after = found[at + 1].cells if at + 1 < len(found) else []
        columns = columns_of(band.cells, count, places)
        if _is_set_off(found[: at + 1]) and _is_head_again(grid, band.cells, columns):
            return at - 1, sources
        if columns is None or (columns == [0] and len(after) < 2):
            whole = len(band.cells) == 1 or _is_prose(band)
            return (at - 1, sources) if whole else None
        grid.add(placed(band.cells, columns, count), band.cells)
        if len(grid.rows) > len(sources):
            sources.append([])
        if sources:
            sources[-1].append((band, columns))
    return len(found) - 1, sources


def _end(found: Sequence[Band], head: int) -> int:
    """Where the bands end that may be rows below a head: at a wide space, or at running text."""
    at = head + 1
    while at < min(len(found), head + _MOST_ROWS):
        above, band = found[at - 1], found[at]
        if above.bottom[0] - band.top[0] > _FARTHEST * max(above.bottom[1], band.top[1]):
            break
        alone = len(band.cells) == 1
        if alone and (at + 1 == len(found) or len(found[at + 1].cells) == 1):
            break
        at += 1
    return at


def _is_set_off(rows: Sequence[Band]) -> bool:
    """Whether the last of some bands has more space above it than the others have."""
    steps = [above.bottom[0] - band.top[0] for above, band in pairwise(rows)]
    return len(steps) > 2 and steps[-1] > _LOOSER * max(steps[:-1])


def _is_head_again(grid: Grid, cells: Sequence[Cell], columns: Sequence[int] | None) -> bool:
    """Whether names of another table stand right below this one."""
    if len(grid.rows) < 2 or not could_be_names(cells):
        return False
    if columns is None:
        return True
    texts = placed(cells, columns, len(grid.names))
    figures = [at for at in range(len(texts)) if all(is_figure(row[at]) for row in grid.rows)]
    return bool(figures) and not any(is_figure(texts[at]) or is_spared(texts[at]) for at in figures)


def _is_prose(band: Band) -> bool:
    return any(is_running(one) for group in band.pieces for one in group)


def _see_rules(grid: Grid, rows: Sequence[Band], rules: Rules) -> None:
    """Note whether a line is drawn under the names, and whether lines part all columns."""
    head = rows[0]
    if len(rows) < 2:
        return
    span = Rule(0.0, head.cells[0].start / 10, head.cells[-1].end / 10)
    grid.ruled = rules.part(head.bottom, rows[1].top, span)
    parted = [
        rules.columns(row.top[0], _inside(row.cells[0]), _inside(row.cells[-1]))
        for row in rows
        if len(row.cells) == len(grid.names)
    ]
    grid.barred = bool(parted) and min(parted) >= len(grid.names) - 1


def _inside(cell: Cell) -> float:
    return (cell.start + cell.end) / 20


def _row(names: Sequence[str], texts: Sequence[str], sources: _Sources) -> SetLine:
    """A row as a line, each character of its cells with its index on the page."""
    columns: list[list[Piece]] = [[] for _ in texts]
    for band, places in sources:
        for group, column in zip(band.pieces, places, strict=True):
            columns[column] += group
    indices: list[int] = []
    for number, label, cell in row_parts(names, texts):
        indices += [-1] * (2 * bool(indices) + len(label))
        letters = iter(_letters(columns[number]))
        indices += [-1 if letter.isspace() else next(letters, -1) for letter in cell]
    sentence = row_sentence(names, texts)
    indices += [-1] * (len(sentence) - len(indices))
    top = min((piece for group in columns for piece in group), key=lambda one: -one.base)
    return SetLine(sentence, indices, top.height, top.base, is_row=True)


def _letters(pieces: Sequence[Piece]) -> Iterator[int]:
    """The indices of the visible characters of some pieces."""
    for piece in pieces:
        for letter, index in zip(piece.text, piece.indices, strict=True):
            if not letter.isspace():
                yield index
