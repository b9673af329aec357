"""PDF: text page by page, headings by the size of their letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pypdfium2

from rag.documents.extracted import Extracted, Heading, Metadata
from rag.documents.readers.pdf_layout import Line, PageText, page_text
from rag.documents.readers.stated_dates import stated_date
from rag.errors import ReadError
from rag.types import Page

BETWEEN_PAGES = "\n\n"
_LEAST = 8
"""Letters below which a whole PDF is taken to be without text."""
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd\x01-\x08\x0e-\x1f]")
_NO_TITLE = re.compile(
    r"untitled|microsoft word|powerpoint|\.(docx?|pdf|indd|pptx?|qxd|tex)$", re.I
)


def read(data: bytes, name: str) -> Extracted:
    """Read a PDF with a text layer.

    Raises:
        ReadError: reason "encrypted", "damaged or cut off pdf", "no text layer (scanned?)" or
            "unreadable text layer".
    """
    with closing(open_document(data, name)) as document:
        pages = list(page_texts(document))
        metadata = _metadata(document)
    _refuse_textless(pages, name)
    spans, rows, start = [], [], 0
    for number, page in enumerate(pages, 1):
        spans.append(Page(number, start, start + len(page.text)))
        rows += [(start + line.start, start + line.end) for line in page.lines if line.is_row]
        start = spans[-1].end + len(BETWEEN_PAGES)
    return Extracted(
        BETWEEN_PAGES.join(page.text for page in pages),
        "pdf",
        metadata,
        pages=tuple(spans),
        headings=tuple(_headings(pages, spans)),
        wrapped=True,
        rows=tuple(rows),
    )


def open_document(data: bytes, name: str) -> Any:
    """A pdfium document; the caller closes it.

    Raises:
        ReadError: reason "encrypted" or "damaged or cut off pdf".
    """
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise ReadError(
                f"{name} is protected by a password. Save it without one.", "encrypted"
            ) from error
        raise ReadError(
            f"{name} is cut off or damaged: {str(error).rstrip('.')}.", "damaged or cut off pdf"
        ) from error


def page_texts(document: Any) -> Iterator[PageText]:
    """The text of each page in order; a page that cannot be loaded is empty."""
    laid: PageText | None = None
    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            laid = PageText("", [])  # the other pages keep their numbers
            yield laid
            continue
        laid = page_text(text, laid)
        yield laid
        text.close()
        page.close()


def _refuse_textless(pages: list[PageText], name: str) -> None:
    text = "".join(page.text for page in pages)
    visible = sum(not character.isspace() for character in text)
    if visible < _LEAST:
        raise ReadError(
            f"{name} has {len(pages)} page{'s' * (len(pages) != 1)} and no text to copy: "
            "run OCR over it first.",
            "no text layer (scanned?)",
        )
    if len(_UNREADABLE.findall(text)) > visible * 0.3:
        raise ReadError(
            f"{name} has a text layer whose fonts do not say which letters they show.",
            "unreadable text layer",
        )


def _metadata(document: Any) -> Metadata:
    stated = document.get_metadata_dict(skip_empty=True)
    title = " ".join(stated.get("Title", "").split())
    values = {
        "title": title if title and not _NO_TITLE.search(title) else None,
        "author": " ".join(stated.get("Author", "").split()) or None,
        "published": stated_date(stated.get("CreationDate")),
    }
    how = {"title": "metadata", "author": "metadata", "published": "creation date"}
    return Metadata(**values, found={key: how[key] for key, value in values.items() if value})


def _headings(pages: list[PageText], spans: list[Page]) -> Iterator[Heading]:
    """Lines in larger letters than most of the text; lines of one heading are joined."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            # Of a table's row only what is printed there counts, and not the names put before it.
            printed = page.indices[line.start : line.end]
            sizes[round(line.height, 1)] += sum(index >= 0 for index in printed)
    if not sizes:
        return
    body = sizes.most_common(1)[0][0]
    larger = sorted((size for size in sizes if size >= 1.15 * body), reverse=True)
    levels = {size: min(level, 6) for level, size in enumerate(larger, 1)}
    for page, span in zip(pages, spans, strict=True):
        group: list[Line] = []
        for line in [*page.lines, Line(-1, -1)]:
            size = round(line.height, 1)
            if group and (size != round(group[0].height, 1) or line.start != group[-1].end + 1):
                yield from _heading(group, page.text, span.start, levels)
                group = []
            if size in levels and line.start >= 0 and not line.is_row:
                group.append(line)


def _heading(
    group: list[Line], text: str, offset: int, levels: dict[float, int]
) -> Iterator[Heading]:
    start, end = group[0].start, group[-1].end
    words = text[start:end]
    if len(words) <= 250 and any(letter.isalpha() for letter in words):
        yield Heading(offset + start, offset + end, levels[round(group[0].height, 1)])
