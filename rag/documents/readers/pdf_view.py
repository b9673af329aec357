"""Pages of a PDF as pictures, and where on them a quote stands: for those who show quotes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from rag.documents.readers.pdf import BETWEEN_PAGES, open_document
from rag.documents.readers.pdf_layout import PageText, page_text
from rag.documents.readers.pdf_letters import character_box
from rag.errors import UsageError

Box = tuple[float, float, float, float]
_ONE_AT_A_TIME = Lock()
"""pdfium is not thread safe."""


def boxes(path: Path, page: int, start: int, end: int) -> list[Box]:
    """Where text[start:end] of a PDF stands on a page: a box a line, in reading order.

    `page` counts from 1; `start` and `end` are offsets into the file's extracted text, and what
    lies on other pages is left out. A box is (left, top, right, bottom) in points from the page's
    upper left corner: times `scale`, the pixels of `render_page`. Reads the pages before as well.

    Raises:
        ReadError: the file cannot be opened as a PDF.
        UsageError: there is no such page.
    """
    with (
        _ONE_AT_A_TIME,
        closing(open_document(Path(path).read_bytes(), Path(path).name)) as document,
    ):
        _check_page(page, len(document), path)
        offset = 0
        above: PageText | None = None
        for number in range(page - 1):
            with closing(document[number]) as before, closing(before.get_textpage()) as text:
                above = page_text(text, above)
                offset += len(above.text) + len(BETWEEN_PAGES)
        with closing(document[page - 1]) as wanted, closing(wanted.get_textpage()) as text:
            laid = page_text(text, above)
            left, _, _, top = wanted.get_bbox()
            found = []
            for line in laid.lines:
                first, last = max(start - offset, line.start), min(end - offset, line.end)
                parts = [
                    box
                    for index in laid.indices[first : max(last, first)]
                    if index >= 0 and (box := character_box(text.raw, index)) is not None
                ]
                if parts:
                    found.append(_around(parts, left, top))
    return found


@contextmanager
def _opened(path: Path, page: int) -> Iterator[Any]:
    """A page of a PDF, while no other thread is in the library."""
    with (
        _ONE_AT_A_TIME,
        closing(open_document(Path(path).read_bytes(), Path(path).name)) as document,
    ):
        _check_page(page, len(document), path)
        with closing(document[page - 1]) as wanted:
            yield wanted


def page_size(path: Path, page: int) -> tuple[float, float]:
    """Width and height of a page of a PDF in points, as `boxes` and `render_page` count them.

    Raises:
        ReadError: the file cannot be opened as a PDF.
        UsageError: there is no such page.
    """
    with _opened(path, page) as wanted:
        width, height = wanted.get_size()
    return float(width), float(height)


def render_page(path: Path, page: int, scale: float = 2.0) -> bytes:
    """A page of a PDF as PNG; at `scale` 1 a pixel is a point (1/72 inch).

    Raises:
        ReadError: the file cannot be opened as a PDF.
        UsageError: there is no such page.
    """
    with _opened(path, page) as wanted:
        picture = wanted.render(scale=scale).to_pil()
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def _around(parts: list[Box], left: float, top: float) -> Box:
    return (
        min(part[0] for part in parts) - left,
        top - max(part[3] for part in parts),
        max(part[2] for part in parts) - left,
        top - min(part[1] for part in parts),
    )


def _check_page(page: int, count: int, path: Path) -> None:
    if not 1 <= page <= count:
        raise UsageError(f"{path} has pages 1 to {count}, not {page}.")
