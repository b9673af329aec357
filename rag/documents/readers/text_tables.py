"""Tables in plain text, set in columns by gaps, tabs or bars, as rows that read as sentences.

A row of figures says nothing without the names above its columns, so it becomes what a table's row
is in every other format: "Model: 38SH; Range (km): 231." Everything else stays as it is,
character for character. What is not surely a table is left alone: running text with wide gaps,
lists, addresses, programs, contents with page numbers, and text set in two columns.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.documents.readers.building import BETWEEN, row_sentence
from rag.documents.readers.columns import (
    Cell,
    column_places,
    columns_of,
    has_bars,
    is_parted_rule,
    is_rule,
    named,
    padded,
    placed,
    split_lines,
)
from rag.documents.readers.table_heads import Grid, could_be_names, is_table

_LONGEST_LINE = 400
_LEADERS = ("....", ". . .", "……", "···", "____")
"""What leads from an entry of a list of contents to its page, or waits to be filled in."""
_TRIES = 3
"""How many lines at the top of a run of rows are tried as the head of a table."""
_LOOSE = 2
"""How many lines of one cell may stand between two rows: the rest of wrapped cells, or a label."""
_SAMPLE = 16
"""How many lines are read as a table at first; twice as many each time, while they all are one."""
_PROSE = 6
"""Words in one cell from which on a line that does not fit is the text below a table."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A table on lines [first, last] of a text, and its rows as sentences."""

    first: int
    last: int
    rows: tuple[str, ...]


def tables_as_rows(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with the rows of its tables as sentences, and the span of each of these.

    Without tables it is the same text. Each row is a paragraph: a blank line stands before and
    after it. Time is linear in the text's length.
    """
    if "  " not in text and "\t" not in text and "|" not in text and "│" not in text:
        return text, ()
    line_end = "\n" if "\n" in text else "\r"
    lines = text.split(line_end)
    found = list(_tables(lines))
    return _replaced(text, lines, line_end, found) if found else (text, ())


def _replaced(
    text: str, lines: Sequence[str], line_end: str, found: Sequence[_Found]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + len(line_end))
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    at = length = 0
    for table in found:
        returns = "\r" if line_end == "\n" and lines[table.first].endswith("\r") else ""
        blank = returns + line_end
        piece = text[at : starts[table.first]]
        if table.first and lines[table.first - 1].strip():
            piece += blank
        pieces.append(piece)
        length += len(piece)
        for number, row in enumerate(table.rows):
            between = BETWEEN.replace("\n", blank) if number else ""
            spans.append((length + len(between), length + len(between) + len(row)))
            pieces.append(between + row)
            length = spans[-1][1]
        at = starts[table.last] + len(lines[table.last].removesuffix("\r"))
        if table.last + 1 < len(lines) and lines[table.last + 1].strip():
            pieces.append(blank)
            length += len(blank)
    pieces.append(text[at:])
    return "".join(pieces), tuple(spans)


def _tables(lines: Sequence[str]) -> Iterator[_Found]:
    """All tables, in order. Runs of lines with gaps in them are few, so only these are parsed."""
    at = 0
    while at < len(lines):
        if not _may_be_row(lines[at]):
            at += 1
            continue
        rows, end = _run(lines, at)
        first = 0
        while (table := _first_table(lines, rows[first : first + _SAMPLE], end)) is not None:
            yield table
            first = bisect.bisect_right(rows, table.last)
        at = end


def _may_be_row(line: str) -> bool:
    """Whether a line has a gap, a tab or a bar inside; told cheaply, since it is asked of all."""
    if "  " not in line and "\t" not in line and "|" not in line and "│" not in line:
        return False
    inner = line.strip()
    if not 3 <= len(inner) <= _LONGEST_LINE or inner[0] == ">":
        return False
    if "  " not in inner and "\t" not in inner and "|" not in inner and "│" not in inner:
        return False
    return not is_rule(inner) and not any(leader in inner for leader in _LEADERS)


def _run(lines: Sequence[str], first: int) -> tuple[list[int], int]:
    """The lines that may be rows of one table, and where the lines that may belong to it end.

    They end at a blank line, or at lines of one cell each. A blank line right below the first
    line is allowed: some tables have one under the names.
    """
    rows, loose, at = [first], 0, first + 1
    while at < len(lines):
        inner = lines[at].strip()
        if not inner:
            if len(rows) > 1 or not lines[at - 1].strip():
                break
        elif _may_be_row(lines[at]):
            rows.append(at)
            loose = 0
        elif not is_rule(inner):
            loose += 1
            if loose > _LOOSE or len(inner) > _LONGEST_LINE or inner[0] == ">":
                break
        at += 1
    return rows, at


def _first_table(lines: Sequence[str], rows: Sequence[int], end: int) -> _Found | None:
    if len(rows) < 3:
        return None
    figures = sum(any(map(str.isdecimal, lines[number])) for number in rows)
    barred = any(has_bars(lines[number]) for number in rows[:1])
    if figures < 2 and not barred:
        return None
    for head in rows[:_TRIES]:
        if could_be_names(split_lines([lines[head]])[0]):
            table = _table(lines, head, end)
            if table is not None:
                return table
    return None


def _table(lines: Sequence[str], head: int, end: int) -> _Found | None:
    """The table whose names stand on line `head`, read no further than it goes, or twice as far."""
    size = _SAMPLE
    table = _table_within(lines, head, min(end, head + size))
    while table is not None and head + size < end and table.last + 2 * _LOOSE >= head + size - 1:
        size *= 2
        table = _table_within(lines, head, min(end, head + size))
    return table


def _table_within(lines: Sequence[str], head: int, end: int) -> _Found | None:
    """The table whose names stand on line `head`, if the lines below fit them."""
    below = [n for n in range(head, end) if lines[n].strip() and not is_rule(lines[n].strip())]
    cells = dict(zip(below, split_lines([lines[number] for number in below]), strict=True))
    count, names = named(cells[head], [cells[number] for number in below[1:]])
    if count < 2:
        return None
    grid = Grid(names, barred=has_bars(lines[head]))
    grid.ruled = head + 1 < end and is_rule(lines[head + 1].strip())
    fitting = [cells[number] for number in below[1:] if not _is_prose(cells[number])]
    places = column_places([padded(cells[head], count), *fitting], count)
    last = head
    for at, number in enumerate(below[1:], 1):
        after = cells[below[at + 1]] if at + 1 < len(below) else []
        columns = columns_of(cells[number], count, places)
        if columns is None or (columns == [0] and len(after) < 2):
            if len(cells[number]) > 1 and not _is_prose(cells[number]):
                return None
            break
        grid.add(placed(cells[number], columns, count), cells[number])
        last = number
    if not is_table(grid, cells[head]):
        return None
    return _Found(*_framed(lines, head, last), tuple(_sentences(grid)))


def _is_prose(cells: Sequence[Cell]) -> bool:
    return any(len(cell.text.split()) >= _PROSE for cell in cells)


def _framed(lines: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """The lines of a table with those drawn above and below it."""
    if first and is_parted_rule(lines[first - 1].strip()):
        first -= 1
    if last + 1 < len(lines) and is_parted_rule(lines[last + 1].strip()):
        last += 1
    return first, last


def _sentences(grid: Grid) -> Iterator[str]:
    for row in grid.rows:
        sentence = row_sentence(grid.names, row)
        if sentence:
            yield sentence
