"""EPUB: a zip of XHTML pages; the walk of HTML is used for each chapter in reading order.

Read with zipfile and lxml: ebooklib is AGPL.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from lxml import etree

from rag.documents.extracted import ArticleMark, Extracted, Metadata
from rag.documents.readers.building import joined
from rag.documents.readers.html_page import extract_tree, parse
from rag.documents.readers.stated_dates import stated_date
from rag.errors import ReadError

_PAGES = frozenset({"application/xhtml+xml", "text/html"})
_DC = "{http://purl.org/dc/elements/1.1/}"


def read(data: bytes, name: str) -> Extracted:
    """Read a book: each chapter an article mark, its title from its first heading.

    Raises:
        ReadError: reason "encrypted" (DRM), "damaged epub" or "no text".
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        place, package = _package(archive, name)
        _refuse_encrypted(archive, name)
        book = _metadata(package)
        chapters = []
        for member in _spine(package, place):
            chapter = _chapter(archive, member)
            if chapter is not None and chapter.text.strip():
                mark = ArticleMark(0, len(chapter.text), _chapter_metadata(chapter, book))
                chapters.append(replace(chapter, articles=(mark,)))
    if not chapters:
        raise ReadError(f"{name} has no chapters with text.", "no text")
    return replace(joined(chapters), metadata=book)


def _package(archive: zipfile.ZipFile, name: str) -> tuple[str, Any]:
    container = _xml(archive.read("META-INF/container.xml"))
    place = next((root.get("full-path") for root in container.iter("{*}rootfile")), None)
    if not place or place not in archive.namelist():
        raise ReadError(f"{name} does not say where its chapters are.", "damaged epub")
    return place, _xml(archive.read(place))


def _xml(data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    return etree.fromstring(data, parser)


def _refuse_encrypted(archive: zipfile.ZipFile, name: str) -> None:
    """Scrambled fonts are common and harmless; scrambled chapters are not."""
    if "META-INF/encryption.xml" not in archive.namelist():
        return
    for reference in _xml(archive.read("META-INF/encryption.xml")).iter("{*}CipherReference"):
        if reference.get("URI", "").lower().endswith((".xhtml", ".html", ".htm", ".xml")):
            raise ReadError(f"{name} is protected against copying (DRM).", "encrypted")


def _spine(package: Any, place: str) -> Iterator[str]:
    """Members of the archive in reading order, without the table of contents."""
    folder = posixpath.dirname(place)
    items = {item.get("id"): item for item in package.iter("{*}item")}
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        if "nav" not in item.get("properties", "").split():
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))


def _chapter(archive: zipfile.ZipFile, member: str) -> Extracted | None:
    try:
        data = archive.read(member)
    except KeyError:
        return None  # named in the package but not there: the other chapters are still a book
    return extract_tree(parse(data, member), "epub") if data.strip() else None


def _metadata(package: Any) -> Metadata:
    def first(name: str) -> str | None:
        texts = (element.text for element in package.iter(_DC + name))
        return next((" ".join(text.split()) for text in texts if text and text.strip()), None)

    values = {
        "title": first("title"),
        "author": first("creator"),
        "outlet": first("publisher"),
        "published": stated_date(first("date")),
        "language": first("language"),
    }
    return Metadata(**values, found={key: "metadata" for key, value in values.items() if value})


def _chapter_metadata(chapter: Extracted, book: Metadata) -> Metadata:
    found = dict(book.found)
    title = book.title
    if chapter.headings:
        heading = chapter.headings[0]
        title = " ".join(chapter.text[heading.start : heading.end].split())
        found["title"] = "heading"
    return Metadata(title, book.author, book.outlet, book.published, None, book.language, found)
