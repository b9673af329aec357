"""Lines of plain text as cells, and cells as the columns they stand in.

Three ways to set columns: bars between cells, one tab between cells, and gaps of two or more
spaces (or tabs). Bars and single tabs say by themselves which cell is empty; with gaps, a line of
fewer cells than there are columns is read by where its cells stand.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.documents.lines import written_width

_CELL = re.compile(r"[^ \t]+(?: [^ \t]+)*")
_BARS = str.maketrans("│┃║", "|||")
_RULE_SIGNS = frozenset(" \t\r|+:-=_─━═—┄┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╪╞╡┏┳┓┣╋┫┗┻┛│┃║")
_DASHES = "-=_─━═—┄"
_SEGMENTS = re.compile(r"[-=_─━═—┄]{2,}")
_SPARED = frozenset({"-", "–", "—", "−", "*", "..", "...", "n/a", "N/A", "n.a.", "NA", "无"})
"""What is written into a cell that has no value."""
_FIGURE = re.compile(
    r"[(\[]?(?:approx\. |about |约)?[~≈<>≤≥±+−–-]?\s?(?:[A-Z]{0,3}[$€£¥]|[A-Z]{3} )?\s?"
    r"\d[\d.,:/\u00a0'’–-]*(?: \d{3})*"
    r"(?:\s?(?:[%‰°A-Za-zµ²³/\u4e00-\u9fff]{1,5}|million|billion|percent|minutes)\.?)?"
    r"[)\]*†‡]{0,2}"
)
_DAY = re.compile(
    r"(?:\d{1,2}\.? [A-Z][a-z]{2,8}\.?(?: \d{4})?|[A-Z][a-z]{2,8}\.? \d{1,2}(?:, ?\d{4})?"
    r"|[A-Z][a-z]{2,8}\.? \d{4}|Q[1-4](?: \d{4})?|H[12](?: \d{4})?|\d{4}-\d\d(?:-\d\d)?"
    r"|\d{1,2}月(?:\d{1,2}日)?)"
)


class Cell(NamedTuple):
    """A cell's text and the columns of the screen it takes up, [start, end)."""

    start: int
    end: int
    text: str


def is_rule(line: str) -> bool:
    """Whether a line only draws a line: "-----", "---  ---", "+---+---+", "|---|---|"."""
    if line[:1] not in _RULE_SIGNS or line[-1:] not in _RULE_SIGNS:
        return False  # most lines
    return frozenset(line) <= _RULE_SIGNS and sum(line.count(dash) for dash in _DASHES) >= 3


def is_parted_rule(line: str) -> bool:
    """Whether a rule is drawn for columns, and not over the whole width of a page."""
    return is_rule(line) and ("|" in line or "+" in line or len(_SEGMENTS.findall(line)) > 1)


def has_bars(line: str) -> bool:
    """Whether bars part the cells of a line."""
    return "|" in line.translate(_BARS)


def is_figure(cell: str) -> bool:
    """Whether a cell holds a number, an amount or a date, with a unit of one word at most."""
    if not any(map(str.isdecimal, cell)):
        return False
    return _FIGURE.fullmatch(cell) is not None or is_day(cell)


def is_day(cell: str) -> bool:
    """Whether a cell holds a day, a month of a year, a quarter or a half, and nothing else."""
    return _DAY.fullmatch(cell) is not None


def is_spared(cell: str) -> bool:
    """Whether a cell is empty or says that there is no value."""
    return not cell or cell in _SPARED


def split_lines(lines: Sequence[str]) -> list[list[Cell]]:
    """The cells of lines of one table, all split in the same way, that of the first line."""
    if has_bars(lines[0]):
        return [_between_bars(line) for line in lines]
    tabs = {line.count("\t") for line in lines} - {0}
    if len(tabs) == 1:
        cells = [_between_tabs(line) for line in lines]
        if all(cell.text for cell in cells[0][1:]):
            return cells  # else several tabs in a row only move on to where a column begins
    return [_between_gaps(line) for line in lines]


def _between_bars(line: str) -> list[Cell]:
    inner = line.translate(_BARS).strip()
    if "|" not in inner:
        return []
    inner = inner.removeprefix("|").removesuffix("|")
    return [Cell(at, at + 1, piece.strip()) for at, piece in enumerate(inner.split("|"))]


def _between_tabs(line: str) -> list[Cell]:
    return [Cell(at, at + 1, piece.strip()) for at, piece in enumerate(line.split("\t"))]


def _between_gaps(line: str) -> list[Cell]:
    if "\t" in line:
        line = _tabs_as_gaps(line)
    line = line.replace("\u3000", "  ").rstrip("\r")
    cells = []
    for found in _CELL.finditer(line):
        start = found.start() if line.isascii() else written_width(line[: found.start()])
        cells.append(Cell(start, start + written_width(found[0]), found[0]))
    return cells


def _tabs_as_gaps(line: str) -> str:
    """Tabs as at least two spaces each, to stops of eight: a full cell does not touch the next."""
    written = ""
    for number, piece in enumerate(line.split("\t")):
        if number:
            written += " " * max(2, 8 - len(written) % 8)
        written += piece
    return written


def column_places(rows: Sequence[Sequence[Cell]], count: int) -> list[tuple[int, int]] | None:
    """From where to where each of `count` columns reaches, by the rows that fill all of them.

    None when two columns overlap, as they do where gaps part cells and nothing aligns them.
    """
    full = [row for row in rows if len(row) == count]
    if not full:
        return None
    places = [
        (min(row[at].start for row in full), max(row[at].end for row in full))
        for at in range(count)
    ]
    apart = all(one[1] <= other[0] for one, other in itertools.pairwise(places))
    return places if apart else None


def columns_of(
    row: Sequence[Cell], count: int, places: Sequence[tuple[int, int]] | None
) -> list[int] | None:
    """The column that each of a row's cells stands in.

    None when the row does not fit: it has more cells, or one that stands in no column or in two.
    """
    if len(row) == count:
        return list(range(count))
    if places is None or not 0 < len(row) < count:
        return None
    columns: list[int] = []
    for cell in row:
        under = [
            at for at, (start, end) in enumerate(places) if cell.start < end and start < cell.end
        ]
        if len(under) != 1 or under[0] in columns:
            return None
        columns += under
    return columns


def placed(row: Sequence[Cell], columns: Sequence[int], count: int) -> list[str]:
    """The texts of a row's cells, one for each column and "" where there is none."""
    texts = [""] * count
    for cell, column in zip(row, columns, strict=True):
        texts[column] = cell.text
    return texts


def named(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> tuple[int, list[str]]:
    """How many columns there are, and their names; the first has none over the rows' own names."""
    names = [cell.text for cell in head]
    one_more = [row for row in rows if len(row) == len(head) + 1]
    unnamed = 2 * len(one_more) > len(rows) and all(row[0].end <= head[0].start for row in one_more)
    return (len(names) + 1, ["", *names]) if unnamed else (len(names), names)


def padded(head: Sequence[Cell], count: int) -> list[Cell]:
    """The names' cells, an empty one before them where the first column has no name."""
    missing = count - len(head)
    return [*[Cell(head[0].start, head[0].start, "")] * missing, *head]
