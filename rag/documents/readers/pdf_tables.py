"""Tables on a PDF page, set in columns by position, as rows that read as sentences.

A PDF keeps no tables, only words at places. What stands side by side is taken for a table on the
same grounds as in plain text (`table_heads`): names above, figures below them, or a frame drawn
around all cells. Columns of running text have neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rag.documents.readers.columns import column_places, columns_of, named, padded
from rag.documents.readers.pdf_bands import (
    Band,
    Piece,
    bands,
    page_columns,
    piece_lines,
    pieces_of,
)
from rag.documents.readers.pdf_going_on import going_on, reaches_foot
from rag.documents.readers.pdf_letters import SetLine
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
from rag.documents.readers.pdf_rules import Rules, drawn_rules
from rag.documents.readers.table_heads import Grid, could_be_names, is_table

_MOST_PIECES = 5_000
"""A page of more is a drawing or a map."""
_TRIES = 50
"""How many bands of a page's column are tried as the head of a table, in vain."""


def with_rows(
    lines: list[SetLine], page: Any, above: Columns | None = None
) -> tuple[list[SetLine], Columns | None]:
    """The lines of a pypdfium2 text page, the rows of its tables as one line each.

    All other lines stay as they are and in their order. `above` are the columns of a table that
    the page before ends with; those of one that this page ends with are returned.
    """
    pieces = [
        piece for number, line in enumerate(lines) for piece in pieces_of(line, number, page.raw)
    ]
    few = len(pieces) < len(lines) + 2  # no table but the end of one is without many pieces
    if len(pieces) > _MOST_PIECES or (few and above is None):
        return lines, None
    _, bottom, _, top = page.page.get_bbox()
    rules: Rules | None = None
    rows: dict[int, list[SetLine]] = {}
    gone: set[int] = set()
    below: Columns | None = None
    for column in page_columns(pieces):
        set_out, below = piece_lines(column), None
        if above is None and sum(len(line) > 1 for line in set_out) < 3:
            continue
        if rules is None:
            rules = drawn_rules(page.page.raw)
        found = bands(set_out, rules)
        for table in _tables(found, rules, going_on(found, above, rules, (bottom, top))):
            numbers = {piece.line for piece in table.pieces}
            if _is_whole(numbers, table.pieces, pieces):
                rows[min(numbers)] = table.rows
                gone |= numbers
                below = table.columns if reaches_foot(found, table.last, (bottom, top)) else None
        above = None
    return (list(_replaced(lines, rows, gone)) if rows else lines), below


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


def _tables(found: Sequence[Band], rules: Rules, begun: Table | None) -> Iterator[Table]:
    """The tables of some bands; `begun` is what goes on from the page before, at their top."""
    at = tries = above = 0
    if begun is not None:
        yield begun
        at = above = begun.last + 1
    while at + 2 < len(found) and tries < _TRIES:
        if could_be_names(found[at].cells):
            table = _table(found, at, above, rules)
            tries += table is None
            if table is not None:
                yield table
                at = table.last
                above = at + 1
        at += 1


def _table(found: Sequence[Band], head: int, first: int, rules: Rules) -> Table | None:
    """The table whose names stand in one band, if the bands below fit them.

    `first` is the first band of no other table: names have no row of theirs above them.
    """
    names_band = found[head]
    end = rows_end(found, head)
    below = found[head + 1 : end]
    count, names = named(names_band.cells, [band.cells for band in below])
    fitting = [band.cells for band in below if not is_prose(band)]
    places = column_places([padded(names_band.cells, count), *fitting], count)
    if head > first and _fits(found[head - 1], count, places):
        return None
    grid = Grid(names, slack=SLACK)
    read = read_rows(found[head:end], grid, places)
    if read is None:
        return None
    last, sources = read
    see_rules(grid, found[head : head + last + 1], rules)
    if not is_table(grid, names_band.cells):
        return None
    taken = found[head : head + last + 1]
    return made_table(taken, head + last, grid, sources, places)


def _fits(band: Band, count: int, places: Places | None) -> bool:
    return len(band.cells) > 1 and columns_of(band.cells, count, places) is not None
