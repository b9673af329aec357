"""Markdown: the source text itself, so that offsets and quotes are those of the file.

Only what decides how the text is read is parsed: front matter, headings and fenced code. A full
parser would be of no use here, since its output has no offsets into the source.
"""

from __future__ import annotations

import re

from rag.documents.encodings import decode
from rag.documents.extracted import Extracted, Heading, Metadata
from rag.documents.readers.stated_dates import stated_date
from rag.types import Chrome

_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\r?\n(.*?)^\1[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^(\w+)[ \t]*[:=][ \t]*[\"']?(.*?)[\"']?[ \t]*\r?$", re.MULTILINE)
_FENCE = re.compile(
    r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.DOTALL | re.MULTILINE
)
_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+[^\r\n]+", re.MULTILINE)
_SETEXT = re.compile(r"^ {0,3}(\S[^\r\n]{0,200})\r?\n {0,3}(=+|-{2,})[ \t]*\r?$", re.MULTILINE)
_IMAGE = re.compile(
    r"^[ \t]*(?:\[?!\[\]?[^\r\n]*?\]?\([^)\r\n]*\)\]?(?:\([^)\r\n]*\))?[ \t]*)+\r?$", re.MULTILINE
)
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
    """Decode a Markdown file. Offsets are into its source, no newline translation.

    Raises:
        ReadError: the bytes are not text in any known encoding.
    """
    text = decode(data, name).text
    front = _FRONT.match(text)
    body = front.end() if front else 0
    chrome = [Chrome(0, body, "front matter")] if front else []
    code = [found.span() for found in _FENCE.finditer(text, body)]
    chrome += [
        Chrome(*found.span(), "image")
        for found in _IMAGE.finditer(text, body)
        if not re.search(r"!\[[^\]]{15,}\]", found[0])
    ]
    return Extracted(
        text=text,
        format="md",
        metadata=_metadata(front[2]) if front else Metadata(),
        chrome=tuple(chrome),
        headings=_headings(text, body, code),
        wrapped=True,
    )


def _headings(text: str, body: int, code: list[tuple[int, int]]) -> tuple[Heading, ...]:
    found = [Heading(*one.span(), len(one[1])) for one in _ATX.finditer(text, body)]
    found += [
        Heading(*one.span(1), 1 if one[2][0] == "=" else 2)
        for one in _SETEXT.finditer(text, body)
        if not one[1].startswith(("|", "#", "- ", "* ", ">"))
    ]
    found.sort(key=lambda heading: heading.start)
    outside: list[Heading] = []
    at = 0
    for heading in found:
        while at < len(code) and code[at][1] <= heading.start:
            at += 1
        if at == len(code) or heading.start < code[at][0]:
            outside.append(heading)
    return tuple(outside)


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
