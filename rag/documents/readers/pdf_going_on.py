"""Tables of a PDF that go on upon the next page, where nothing names their columns again."""

from __future__ import annotations

from collections.abc import Sequence

from rag.documents.readers.columns import Cell, column_places, columns_of, is_figure, is_spared
from rag.documents.readers.pdf_bands import Band
from rag.documents.readers.pdf_rows import (
    SLACK,
    Columns,
    Places,
    Table,
    is_prose,
    made_table,
    read_rows,
    rows_end,
    see_rules,
)
from rag.documents.readers.pdf_rules import Rules
from rag.documents.readers.table_heads import Grid

_Edges = tuple[float, float]
"""The lower and upper edge of a page, in points."""
_MARGIN = 0.125
"""The share of a page's height at its edges in which running heads and feet stand."""
_LOW = 0.4
"""The share of a page's height in which the last row of a table stands that is broken off there."""
_HEADS = 4
"""How many bands may stand at a page's top before the rows."""
_MOSTLY = 2 / 3


def reaches_foot(found: Sequence[Band], last: int, edges: _Edges) -> bool:
    """Whether a table that ends with band `last` may go on: below it stands only a page's foot."""
    low = edges[0] + _LOW * (edges[1] - edges[0])
    foot = edges[0] + _MARGIN * (edges[1] - edges[0])
    below = found[last + 1 :]
    return found[last].bottom[0] <= low and all(band.top[0] <= foot for band in below)


def going_on(
    found: Sequence[Band], above: Columns | None, rules: Rules, edges: _Edges
) -> Table | None:
    """The rows at the top of a page that belong to the table at the foot of the page before.

    They stand in its columns, below each other as its rows do, with figures where it has figures,
    or within a frame of as many columns where it has none.
    """
    if above is None:
        return None
    first = _first_row(found, above, edges)
    if first is None:
        return None
    bands = found[first : rows_end(found, first)]
    own = [band.cells for band in bands if _stands_in(band.cells, above.places)]
    places = _widened(above.places, own)
    grid = Grid(list(above.names), slack=SLACK)
    read = read_rows(bands, grid, places, 0) if places else None
    if read is None:
        return None
    last, sources = read
    taken = bands[: last + 1]
    see_rules(grid, taken, rules)
    if len(taken) == 1:
        grid.barred = above.barred
    if not _are_rows(grid, above):
        return None
    table = made_table(taken, first + last, grid, sources, places)
    return Table(
        table.last,
        table.pieces,
        table.rows,
        Columns(above.names, tuple(places or ()), above.figures, above.barred),
    )


def _first_row(found: Sequence[Band], above: Columns, edges: _Edges) -> int | None:
    """The first band that is a row; None where names or running text stand above it."""
    top = edges[1] - _MARGIN * (edges[1] - edges[0])
    for number, band in enumerate(found[:_HEADS]):
        cells = band.cells
        if _stands_in(cells, above.places) and len(cells) > 1:
            columns = columns_of(cells, len(above.names), above.places) or []
            texts = dict(zip(columns, (cell.text for cell in cells), strict=True))
            if tuple(texts.get(at, "") for at in range(len(above.names))) == above.names:
                return None
            if not above.figures or any(is_figure(texts.get(at, "")) for at in above.figures):
                return number
            if len(cells) == len(above.names):
                return None  # the names again, in other words, or those of another table
        if is_prose(band) and band.top[0] < top:
            return None
    return None


def _stands_in(cells: Sequence[Cell], places: Places) -> bool:
    """Whether each cell stands in a column of its own and touches no other."""
    under = [
        [at for at, (start, end) in enumerate(places) if cell.start < end and start < cell.end]
        for cell in cells
    ]
    return all(len(one) == 1 for one in under) and len({one[0] for one in under}) == len(cells)


def _widened(places: Places, rows: Sequence[Sequence[Cell]]) -> Places | None:
    """The columns with what stands in them on this page; None where two now touch."""
    edges = [Cell(start, end, "") for start, end in places]
    return column_places([edges, *(row for row in rows if len(row) == len(places))], len(places))


def _are_rows(grid: Grid, above: Columns) -> bool:
    filled = [row for row in grid.rows if sum(map(bool, row)) >= 2]
    if not filled or 2 * len(filled) < len(grid.rows):
        return False
    if not above.figures:
        return grid.barred
    cells = [row[at] for row in grid.rows for at in above.figures if not is_spared(row[at])]
    figures = sum(map(is_figure, cells))
    return figures > 0 and figures >= _MOSTLY * len(cells)
