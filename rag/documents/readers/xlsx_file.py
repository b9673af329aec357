"""Workbooks with openpyxl (MIT) in its reading mode: a sheet an article, a row a sentence."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl

from rag.documents.extracted import ArticleMark, Extracted, Metadata
from rag.documents.readers.building import TextBuilder, table_sentences
from rag.documents.readers.docx_file import office_metadata

_EMPTY_ROWS = 10_000
"""Rows without a value in a row after which a sheet is taken to be at its end."""


def read(data: bytes, name: str) -> Extracted:
    """Read the stored values of a workbook as they are shown: dates as ISO, shares as percent."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    builder = TextBuilder()
    articles: list[ArticleMark] = []
    metadata = office_metadata(_Properties(book.properties))
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        start = builder.block()
        for sentence in table_sentences(_rows(sheet)):
            builder.paragraph(sentence)
        if builder.text_end > start:
            title = None if re.fullmatch(r"Sheet\d+|Sheet", sheet.title) else sheet.title
            articles.append(ArticleMark(start, builder.text_end, _sheet(title, metadata)))
    book.close()
    return Extracted(builder.text, "xlsx", metadata, articles=tuple(articles))


class _Properties:
    """openpyxl's properties under the names that python-docx gives them."""

    def __init__(self, properties: Any) -> None:
        self.title = properties.title
        self.author = properties.creator
        self.created = properties.created
        self.language = properties.language


def _sheet(title: str | None, book: Metadata) -> Metadata:
    found = {key: how for key, how in book.found.items() if key != "title"}
    named = title or book.title
    if named:
        found["title"] = "sheet name" if title else "metadata"
    return Metadata(named, book.author, None, book.published, None, book.language, found)


def _rows(sheet: Any) -> Iterator[list[str]]:
    """Rows as shown. The size a sheet states of itself is ignored: it may name a million rows."""
    sheet.reset_dimensions()
    empty = 0
    for row in sheet.iter_rows():
        cells = [_shown(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        empty = 0 if cells else empty + 1
        if empty > _EMPTY_ROWS:
            return
        yield cells


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None or (
        isinstance(value, str) and value.startswith("#") and cell.data_type == "e"
    ):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    return str(value)


def _number(value: float, number_format: str) -> str:
    # Fifteen digits are what Excel keeps; more would show 0.1 + 0.2 as 0.30000000000000004.
    if "%" in number_format:
        return f"{value * 100:.12g}%"
    return str(value) if isinstance(value, int) else f"{value:.15g}"
