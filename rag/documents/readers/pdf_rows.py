"""Bands of a PDF page as the rows of one table, and what of a table the next page must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.documents.readers.building import row_parts, row_sentence
from rag.documents.readers.columns import Cell, columns_of, is_figure, is_spared, placed
from rag.documents.readers.pdf_bands import Band, Piece, is_running
from rag.documents.readers.pdf_letters import SetLine
from rag.documents.readers.pdf_rules import Rule, Rules
from rag.documents.readers.table_heads import Grid, could_be_names, figure_columns

_MOST_ROWS = 400
_FARTHEST = 5.0
"""The most space between two rows, in sizes of their letters."""
_LOOSER = 1.2
SLACK = 10
"""Tenths of a point by which the edges of figures set to the right may differ."""

Places = Sequence[tuple[int, int]]
"""From where to where each column reaches, in tenths of a point."""
Sources = list[tuple[Band, list[int]]]
"""The bands that a row is made of, with the column of each of their cells."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: names, places, which hold figures, whether lines part them all."""

    names: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    figures: tuple[int, ...]
    barred: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the number of its last band, all its pieces, its rows, and its columns.

    `columns` is None when they overlap, so that nothing on the next page can be told to fit them.
    """

    last: int
    pieces: list[Piece]
    rows: list[SetLine]
    columns: Columns | None


def made_table(
    bands: Sequence[Band], last: int, grid: Grid, sources: Sequence[Sources], places: Places | None
) -> Table:
    """The table of some bands, the last of which has the number `last` on its page."""
    pieces = [one for band in bands for group in band.pieces for one in group]
    rows = [_row(grid.names, *row) for row in zip(grid.rows, sources, strict=True)]
    columns = None
    if places is not None:
        figures = tuple(figure_columns(grid))
        columns = Columns(tuple(grid.names), tuple(places), figures, grid.barred)
    return Table(last, pieces, [row for row in rows if row.text], columns)


def read_rows(
    found: Sequence[Band], grid: Grid, places: Places | None, first: int = 1
) -> tuple[int, list[Sources]] | None:
    """Put the bands from `first` on, those below the names, into a grid, as far as they fit.

    Returns the number of the last one, and for each row of the grid the bands it is made of, with
    the columns of their cells. None when what follows shows that it is no table.
    """
    count = len(grid.names)
    sources: list[Sources] = []
    for at in range(first, len(found)):
        band = found[at]
        after = found[at + 1].cells if at + 1 < len(found) else []
        columns = columns_of(band.cells, count, places)
        if _is_set_off(found[: at + 1]) and _is_head_again(grid, band.cells, columns):
            return at - 1, sources
        if columns is None or (columns == [0] and len(after) < 2):
            whole = len(band.cells) == 1 or is_prose(band)
            return (at - 1, sources) if whole else None
        grid.add(placed(band.cells, columns, count), band.cells)
        if len(grid.rows) > len(sources):
            sources.append([])
        if sources:
            sources[-1].append((band, columns))
    return len(found) - 1, sources


def rows_end(found: Sequence[Band], head: int) -> int:
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


def is_prose(band: Band) -> bool:
    return any(is_running(one) for group in band.pieces for one in group)


def see_rules(grid: Grid, rows: Sequence[Band], rules: Rules) -> None:
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


def _row(names: Sequence[str], texts: Sequence[str], sources: Sources) -> SetLine:
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
