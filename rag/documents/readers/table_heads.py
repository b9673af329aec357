"""Whether lines that divide into columns are a table: names above, figures below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.documents.readers.columns import Cell, is_day, is_figure, is_spared

_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_SIGNS = frozenset({"#", "№", "%", "$", "€", "£", "¥"})
_PERIOD = re.compile(
    r"(?:1[89]|20)\d\d(?:[/–-]\d{2,4})?[a-zA-Z*年]?"
    r"|(?:Q[1-4]|H[12]|FY|[A-Z][a-z]{2,8}\.?)(?: ?(?:[’']\d\d|(?:1[89]|20)\d\d))?"
)
_NO_NAME = re.compile(r'[{}=;\\"<>@]|://|^[#(\[•*–—-]|[,;]$|[^\W\d_]{4}\.$')
_PAGE = re.compile(r"(?:pages?|p\.|pp\.|页码?)", re.IGNORECASE)
_UNIT = re.compile(r"[(（\[].{1,20}[)）\]]$|[%€£$]")
_TIME = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri"
    r"|satur|sat|sun)[a-z]{0,6}\.?|[一二三四五六七八九十\d]{1,2}月",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"(?:.*\W)?(?:share|sales|output|production|consumption|capacity|prices?|costs?|values?|amount"
    r"|number|totals?|count|rates?|growth|exports|imports|revenues?|profits?|turnover|spending"
    r"|budget|funding|population|area|length|width|height|depth|weight|speed|range|payload|volume"
    r"|tonnage|votes?|seats|employees|staff|headcount|deaths|cases|percent(?:age)?|score|points"
    r"|ranking|rank|launches|deliveries|shipments|orders|tons|tonnes|kilometres|miles)"
    r"(?:\s(?:in|of|per|by|since|for)\s.{1,30}|,?\s(?:1[89]|20)\d\d)?"
    r"|.*(?:数量|产量|销量|价格|金额|占比|份额|比例|人口|增速|增长率|营收|收入|出口额?|进口额?"
    r"|总额|合计|总数|面积|长度|重量|人数|得分|排名|率)",
    re.IGNORECASE,
)
"""What is counted or measured, and so names a column of figures and is no value itself."""
_MODEL = re.compile(r"[A-Z]{1,4}[ -]?\d{1,5}[A-Za-z]{0,2}")
"""What things are called by a letter and a number: T-128."""
_LONGEST_NAME = 50
_MOST_WORDS = 7
_MOSTLY = 2 / 3


@dataclass(slots=True)
class Grid:
    """A table in the making: the names of its columns and its rows, a text for each column.

    `cells` are the full rows with their places. `ruled`: a line is drawn under the names;
    `barred`: bars part the cells. `slack`: by how much the places of cells that are set to one
    edge may differ.
    """

    names: list[str]
    barred: bool = False
    ruled: bool = False
    slack: int = 0
    rows: list[list[str]] = field(default_factory=list)
    cells: list[Sequence[Cell]] = field(default_factory=list)

    def add(self, texts: Sequence[str], cells: Sequence[Cell]) -> None:
        """Add a line of the table: a row, or the rest of the cells of the row (or names) above.

        A line goes on with the one above where its first cell is empty and it has no figures; one
        that fills all other cells of three or more is a row, but below the names it has units.
        """
        goes_on = not texts[0] and not any(map(is_figure, texts)) and any(texts)
        if self.rows and sum(map(bool, texts)) >= max(2, len(texts) - 1):
            goes_on = False
        above = self.rows[-1] if self.rows else self.names
        if goes_on and not (above is self.names and self.ruled and not self.names[0]):
            above[:] = [f"{one} {more}".strip() for one, more in zip(above, texts, strict=True)]
            return
        self.rows.append(list(texts))
        if len(cells) == len(self.names):
            self.cells.append(cells)


def could_be_names(head: Sequence[Cell]) -> bool:
    """Whether a line by itself could name columns; told before any other line is looked at."""
    names = [cell.text for cell in head if cell.text]
    return len(names) > 1 and all(_is_name(name) or _is_period(name) for name in names)


def is_table(grid: Grid, head: Sequence[Cell]) -> bool:
    """Whether names and rows are those of a table, and not text that happens to align.

    Asked for: two rows at least, most of them full; names that differ and read as names; and a
    column of figures under a name in words. Bars with a line under the names say enough without
    figures; two columns by themselves do not, since a list of labels and values has them too.
    """
    filled = [row for row in grid.rows if sum(map(bool, row)) >= 2]
    full = [row for row in filled if sum(map(bool, row)) >= len(row) - 1]
    if len(filled) < 2 or not (grid.barred or 2 * len(full) >= len(filled)):
        return False
    figures = figure_columns(grid)
    if not _are_names(grid) or any(row[0] == grid.names[0] != "" for row in grid.rows):
        return False
    if grid.barred and grid.ruled:
        return True
    if not figures or any(_PAGE.fullmatch(grid.names[at]) for at in figures):
        return False
    return len(grid.names) > 2 or grid.ruled or _is_plain_pair(grid, figures, head)


def figure_columns(grid: Grid) -> list[int]:
    """The columns that mostly hold figures, two at least."""
    found = []
    for at in range(len(grid.names)):
        cells = [row[at] for row in grid.rows if not is_spared(row[at])]
        figures = sum(map(is_figure, cells))
        if figures >= 2 and figures >= _MOSTLY * len(cells):
            found.append(at)
    return found


def _are_names(grid: Grid) -> bool:
    names = grid.names
    given = names[1:] if not names[0] else names
    if len(set(given)) < len(given) or not all(given):
        return False
    periods = [at for at, name in enumerate(names) if _is_period(name)]
    if any(_holds_periods(grid, at) for at in periods) or 0 in periods:
        return False
    return all(at in periods or _is_name(name) for at, name in enumerate(names) if name)


def _is_period(cell: str) -> bool:
    if not any(map(str.isdecimal, cell)):
        return False
    return _PERIOD.fullmatch(cell) is not None or is_day(cell)


def _holds_periods(grid: Grid, at: int) -> bool:
    """Whether years stand under a year, as in a list of births and deaths without names."""
    return 2 * sum(_is_period(row[at]) for row in grid.rows) > len(grid.rows)


def _is_name(name: str) -> bool:
    if name in _SIGNS or _MODEL.fullmatch(name):
        return True
    if len(name) > _LONGEST_NAME or len(name.split()) > _MOST_WORDS or _NO_NAME.search(name):
        return False
    letters = len(_LETTER.findall(name))
    return letters > 0 and 2 * letters >= len(_DIGIT.findall(name)) and not is_figure(name)


def _is_plain_pair(grid: Grid, figures: Sequence[int], head: Sequence[Cell]) -> bool:
    """Whether two columns are a table: a unit in the name, figures set to the right, times, or
    a name that says what is measured.

    Without any of these "Name  Berg", "Age  34", "Height  172" would be one.
    """
    if 1 not in figures or any(row[0].endswith((":", "：")) for row in grid.rows):
        return False
    if _UNIT.search(grid.names[1]):
        return True
    if all(is_figure(row[0]) or _TIME.fullmatch(row[0]) for row in grid.rows):
        return True
    values = [row[1] for row in grid.cells] + [head[-1]]
    starts, ends = [cell.start for cell in values], [cell.end for cell in values]
    if max(ends) - min(ends) <= grid.slack < max(starts) - min(starts):
        return True
    return max(starts) - min(starts) <= grid.slack and _is_measured(grid)


def _is_measured(grid: Grid) -> bool:
    """Whether the second of two names is that of a measure, and all values below it are figures.

    A list of labels has measures on the left: "Company  Berg", "Sales  34", "Staff  172".
    """
    if not _MEASURE.fullmatch(grid.names[1]):
        return False
    labels = sum(_MEASURE.fullmatch(row[0]) is not None for row in grid.rows)
    figures = all(is_figure(row[1]) or is_spared(row[1]) for row in grid.rows)
    return figures and 2 * labels < len(grid.rows)
