"""Markdown as people read it: rendered by markdown-it-py (MIT), then read as a page.

Offsets are into the rendered text, not the source: a quote has no asterisks, link addresses or
table bars, and a row is a sentence with its column names as in every other format.
"""

from __future__ import annotations

import re
from dataclasses import replace

from markdown_it import MarkdownIt

from rag.documents.encodings import decode
from rag.documents.extracted import Extracted, Metadata
from rag.documents.readers.html_page import extract_tree, tree
from rag.documents.readers.stated_dates import stated_date

_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\r?\n(.*?)^\1[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_OF_FRONT = re.compile(r"\s|$|[-#\[\]{}]|[\w\"' .-]{1,40}[:=]")
"""How each line of front matter begins; between ruled lines there may also stand text."""
_FIELD = re.compile(r"^(\w+)[ \t]*[:=][ \t]*[\"']?(.*?)[\"']?[ \t]*\r?$", re.MULTILINE)
_NOTE_TEXT = re.compile(r"^( {0,3})\[\^([\w-]{1,20})\]:", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^([\w-]{1,20})\]")
_NAMES = {
    "title": "title",
    "author": "author",
    "authors": "author",
    "date": "published",
    "published": "published",
    "url": "url",
    "link": "url",
    "canonical": "url",
    "source": "outlet",
    "publisher": "outlet",
    "outlet": "outlet",
    "lang": "language",
    "language": "language",
}


def read(data: bytes, name: str) -> Extracted:
    """Read a Markdown file: CommonMark with tables; front matter gives metadata and no text.

    Raises:
        ReadError: the bytes are not text in any known encoding.
    """
    text = decode(data, name).text
    front = _FRONT.match(text)
    if front and not all(map(_OF_FRONT.match, front[2].splitlines())):
        front = None
    body = text[front.end() :] if front else text
    # Notes are no part of CommonMark: as they stand they would become links without an address.
    body = _NOTE_MARK.sub(r"\\[\1\\]", _NOTE_TEXT.sub(r"\1\\[\2\\]", body))
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found = extract_tree(tree(f"<body>{parser.render(body)}</body>", name), "md")
    return replace(found, metadata=_metadata(front[2]) if front else Metadata())


def _metadata(front: str) -> Metadata:
    fields: dict[str, str] = {}
    for key, value in _FIELD.findall(front):
        name = _NAMES.get(key.lower())
        if name and value.strip("[]\"' "):
            fields.setdefault(name, value.strip("[]\"' "))
    if "published" in fields:
        date = stated_date(fields.pop("published"))
        if date:
            fields["published"] = date
    return Metadata(**fields, found=dict.fromkeys(fields, "metadata"))
