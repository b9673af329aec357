"""HTML tables: which are tables of data, and their rows as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from rag.documents.readers.building import TextBuilder, closed, row_sentence, table_sentences
from rag.documents.readers.html_elements import (
    BLOCKS,
    DROPPED,
    is_hidden,
    is_permalink,
    superscript,
)

_WIDEST = 200
"""Columns beyond this are not repeated for a colspan: it is a number anyone can write."""
_LEFT_OUT = DROPPED | {"button"}


def is_data_table(table: Any) -> bool:
    """Whether rows and columns mean something; other tables only arrange a page's blocks."""
    if table.get("role") in {"presentation", "none"}:
        return False
    if next(table.iterdescendants("table"), None) is not None:
        return False
    if next(table.iter("h1", "h2", "form", "article", "ul", "ol"), None) is not None:
        return False
    rows = list(table.iter("tr"))
    widest = max((sum(1 for _ in row.iterchildren("td", "th")) for row in rows[:50]), default=0)
    if len(rows) < 2 or widest < 2:
        return False
    if next(table.iter("th", "thead", "caption"), None) is not None:
        return True
    sample = [len(cell_text(cell)) for row in rows[:20] for cell in row.iterchildren("td")]
    return max(sample, default=0) < 200


def add_table(builder: TextBuilder, table: Any) -> None:
    """Append a table's caption and rows, a paragraph each."""
    for caption in table.iterchildren("caption"):
        builder.paragraph(closed(cell_text(caption)))
    rows = list(_grid(table))
    sides = [row for row in rows if row and row[0][1] and not any(head for _, head in row[1:])]
    texts = [[text for text, _ in row] for row in rows]
    if rows and len(sides) == len(rows) and all(len(row) == 2 for row in rows):
        # A box of facts: each row is named by its own first cell.
        for name, value in (row for row in texts):
            builder.paragraph(row_sentence([name], [value]))
        return
    leading = 0
    while leading < len(rows) and rows[leading] and all(head for _, head in rows[leading]):
        leading += 1
    if leading:
        names = _joined_names(texts[:leading])
        for row in texts[leading:]:
            builder.paragraph(row_sentence(names, row))
        return
    for sentence in table_sentences(texts):
        builder.paragraph(sentence)


def cell_text(cell: Any) -> str:
    """The text of an element on one line."""
    builder = TextBuilder()
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element is not cell:
                builder.inline(" " if element.tag in BLOCKS else None)
                builder.inline(element.tail)
        elif element.tag in _LEFT_OUT or is_hidden(element) or is_permalink(element):
            walk.skip_subtree()
        elif element.tag == "sup":
            builder.inline(superscript(element))
            walk.skip_subtree()
        else:
            builder.inline(" " if element.tag in BLOCKS or element.tag == "br" else None)
            builder.inline(element.text)
    return builder.text


def _joined_names(rows: list[list[str]]) -> list[str]:
    """Column names of a head of several rows: "Launches, 2021" for a cell below another."""
    width = max(map(len, rows))
    names = []
    for column in range(width):
        parts = [row[column] for row in rows if column < len(row) and row[column]]
        names.append(", ".join(dict.fromkeys(parts)))
    return names


def _grid(table: Any) -> Iterator[list[tuple[str, bool]]]:
    """Rows of (text, is a heading cell), with cells that span rows and columns repeated."""
    carried: dict[int, tuple[int, tuple[str, bool]]] = {}
    for row in table.iter("tr"):
        cells: list[tuple[str, bool]] = []
        for element in row.iterchildren("td", "th"):
            _carry(carried, cells)
            value = (cell_text(element), element.tag == "th")
            down = _span(element.get("rowspan"))
            for _ in range(_span(element.get("colspan"))):
                if down > 1:
                    carried[len(cells)] = (down - 1, value)
                cells.append(value)
        _carry(carried, cells)
        yield cells


def _carry(carried: dict[int, tuple[int, tuple[str, bool]]], cells: list[tuple[str, bool]]) -> None:
    while len(cells) in carried:
        column = len(cells)
        left, value = carried.pop(column)
        if left > 1:
            carried[column] = (left - 1, value)
        cells.append(value)


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _WIDEST) if value and value.isdecimal() else 1
