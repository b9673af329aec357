"""The files that quotes come from: to download, and pages of a PDF with the quote marked.

A link carries a keyed hash, so that only who was shown the document has a link to its file.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from rag.documents.readers import pdf_view
from rag.errors import RagError
from rag.types import StoredDocument
from rag.ui.sessions import Desk
from rag.ui.strings import say

_LONGEST_EDGE = 2200
"""Pixels of a page's longer edge: sharp on a large screen, and a bound for absurd page sizes."""


class Originals:
    """Links to originals, and the routes that serve them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._secret = secrets.token_bytes(32)

    def file_link(self, document: StoredDocument) -> str:
        """Where the file itself is."""
        return f"/original/{document.identifier}/{self._seal(document.identifier)}/file"

    def page_link(
        self, document: StoredDocument, page: int | None, start: int, end: int, language: str
    ) -> str | None:
        """Where the picture of a PDF's page is, text[start:end] marked; None for other formats."""
        if document.format != "pdf" or page is None:
            return None
        place = f"/original/{document.identifier}/{self._seal(document.identifier)}"
        return f"{place}/page/{page}?start={start}&end={end}&lang={language}"

    def routes(self) -> list[BaseRoute]:
        """For the application; both answer in a thread, since they read files."""
        place = "/original/{identifier:int}/{seal}"
        return [
            Route(f"{place}/file", self._file),
            Route(f"{place}/page/{{page:int}}", self._page),
        ]

    def _seal(self, identifier: int) -> str:
        return hmac.new(self._secret, str(identifier).encode(), hashlib.sha256).hexdigest()

    def _document(self, request: Request) -> StoredDocument | None:
        identifier = request.path_params["identifier"]
        given = request.path_params["seal"].encode()
        if not hmac.compare_digest(given, self._seal(identifier).encode()):
            return None
        return self._desk.document(identifier)

    def _file(self, request: Request) -> Response:
        document = self._document(request)
        if document is None:
            return _told("gone", "en", 404)
        path = Path(document.path)
        if not path.is_file():
            return _told("file_missing", "en", 404)
        # Shown in the browser, a file of the library could be a page with scripts of its own.
        return FileResponse(path, media_type="application/octet-stream", filename=path.name)

    def _page(self, request: Request) -> Response:
        language = request.query_params.get("lang", "en")
        document = self._document(request)
        if document is None:
            return _told("gone", language, 404)
        path, page = Path(document.path), request.path_params["page"]
        start, end = (_number(request.query_params.get(name)) for name in ("start", "end"))
        try:
            stat = path.stat()
            if _digest(path, stat.st_mtime_ns, stat.st_size) != document.file_sha256:
                return _told("file_changed", language, 409)
            picture = page_svg(path, page, start, end)
        except OSError:
            return _told("file_missing", language, 404)
        except RagError as problem:
            return PlainTextResponse(str(problem), 404)
        kept = {"cache-control": "private, max-age=600"}
        return Response(picture, media_type="image/svg+xml", headers=kept)


def page_svg(path: Path, page: int, start: int, end: int) -> str:
    """A page as a picture with a box over each line of text[start:end]; sizes in points.

    Raises:
        ReadError, UsageError: see `pdf_view`.
    """
    width, height = pdf_view.page_size(path, page)
    scale = min(2.0, _LONGEST_EDGE / max(width, height))
    image = base64.b64encode(pdf_view.render_page(path, page, scale)).decode()
    boxes = "".join(
        f'<rect class="sb-box" x="{left - 1:.1f}" y="{top - 1:.1f}" rx="1.5" '
        f'width="{right - left + 2:.1f}" height="{bottom - top + 2:.1f}"/>'
        for left, top, right, bottom in pdf_view.boxes(path, page, start, end)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}">'
        f'<image width="{width:.1f}" height="{height:.1f}" '
        f'href="data:image/png;base64,{image}"/>{boxes}</svg>'
    )


def _told(key: str, language: str, status: int) -> Response:
    return PlainTextResponse(say(language, key), status)


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 12 else 0


@lru_cache(maxsize=64)
def _digest(path: Path, changed: int, size: int) -> str:
    """SHA-256 of a file, read again only when its time or size is another."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
