"""Slide decks with python-pptx (MIT): a page a slide, titles as headings, notes below."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER

from rag.documents import dates
from rag.documents.bylines import is_date_line
from rag.documents.extracted import Extracted, Heading, Metadata
from rag.documents.readers.building import TextBuilder, row_sentence, table_sentences
from rag.documents.readers.docx_file import office_metadata
from rag.types import Chrome, Page

_FURNITURE = frozenset({PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER})
_TITLES = frozenset({PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE})


def read(data: bytes, name: str) -> Extracted:
    """Read a deck: text, tables and charts as sentences, notes; dates, feet, numbers as chrome."""
    deck = pptx.Presentation(io.BytesIO(data))
    builder = TextBuilder()
    chrome: list[Chrome] = []
    pages: list[Page] = []
    for number, slide in enumerate(deck.slides, 1):
        start = builder.block()
        for shape in _shapes(slide.shapes):
            first = builder.block()
            _add_shape(builder, chrome, shape)
            if builder.text[first:] == str(number):
                chrome.append(Chrome(first, builder.text_end, "page number"))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            _add_frame(builder, slide.notes_slide.notes_text_frame)
        pages.append(Page(number, start, max(start, builder.text_end)))
        builder.block()
    opening = builder.text[: pages[0].end] if pages else ""
    return Extracted(
        builder.text,
        "pptx",
        _metadata(office_metadata(deck.core_properties), opening, builder.headings),
        pages=tuple(pages),
        chrome=tuple(chrome),
        headings=tuple(builder.headings),
    )


def _metadata(stated: Metadata, opening: str, headings: list[Heading]) -> Metadata:
    """The deck's own metadata, with the title and the date that its first slide shows.

    A deck is often begun as a copy of an older one, so the printed date goes before that of the
    file, and so does a printed title where the file has none.
    """
    found = dict(stated.found)
    title, published = stated.title, stated.published
    if title is None and headings and headings[0].end <= len(opening):
        title = opening[headings[0].start : headings[0].end]
        found["title"] = "headline"
    dated = [line for line in opening.split("\n") if is_date_line(line)]
    if len(dated) == 1 and (printed := dates.complete(dated[0], None)):
        published, found["published"] = printed, "date line"
    return replace(stated, title=title, published=published, found=found)


def _shapes(shapes: Any) -> Iterator[Any]:
    """All shapes in reading order of the file, those in groups too, the title first."""
    title = getattr(shapes, "title", None)
    if title is not None:
        yield title
    for shape in shapes:
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _add_shape(builder: TextBuilder, chrome: list[Chrome], shape: Any) -> None:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if getattr(shape, "has_table", False):
        rows = ([cell.text for cell in row.cells] for row in shape.table.rows)
        for sentence in table_sentences(rows):
            builder.paragraph(sentence)
    elif getattr(shape, "has_chart", False):
        _add_chart(builder, shape.chart)
    elif not shape.has_text_frame:
        return
    elif kind in _TITLES:
        builder.heading(" ".join(shape.text_frame.text.split()), 1)
    elif kind in _FURNITURE:
        start, end = builder.paragraph(shape.text_frame.text)
        if end > start:
            chrome.append(Chrome(start, end, "running foot"))
    else:
        _add_frame(builder, shape.text_frame)


def _add_frame(builder: TextBuilder, frame: Any) -> None:
    for paragraph in frame.paragraphs:
        builder.paragraph(paragraph.text.replace("\v", "\n"))


def _add_chart(builder: TextBuilder, chart: Any) -> None:
    """A chart's figures, a row a category, as the table they were drawn from."""
    if chart.has_title and chart.chart_title.has_text_frame:
        builder.paragraph(chart.chart_title.text_frame.text)
    for plot in chart.plots:
        names = ["", *(str(series.name) for series in plot.series)]
        columns = [list(series.values) for series in plot.series]
        for number, category in enumerate(plot.categories):
            values = [column[number] if number < len(column) else None for column in columns]
            cells = [str(category), *("" if value is None else f"{value:.15g}" for value in values)]
            builder.paragraph(row_sentence(names, cells))
