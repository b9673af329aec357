"""HTML, by an own walk over lxml's tree, so that every offset of the text is known.

Libraries that find a page's main text (trafilatura, justext, readability) return text without
places: what they leave out could not be marked as chrome but would be lost, and their guesses of
dates from the text or the URL would credit an article with a date nobody stated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from rag.documents.encodings import decode
from rag.documents.extracted import ArticleMark, Extracted, Heading
from rag.documents.readers.building import TextBuilder, visible
from rag.documents.readers.html_elements import (
    BLOCKS,
    DROPPED,
    chrome_kind,
    is_code,
    is_comment,
    is_hidden,
    is_more_link,
    is_permalink,
    superscript,
    words,
)
from rag.documents.readers.html_metadata import article_metadata, page_metadata
from rag.documents.readers.html_table import add_table, is_data_table
from rag.documents.readers.preformatted import as_set
from rag.errors import ReadError
from rag.types import Chrome

_CHARSET = re.compile(
    rb"""<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]*?encoding=["']([\w.:-]+)""", re.I
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CONTAINERS = words("ul ol dl menu div section p table td figure center main body")
_TEASER = 400
"""Characters below which an <article> beside a much longer one only points to another page."""


_LONGEST_TERM = 120


@dataclass(slots=True)
class _Frame:
    """An open element. `links` and `linked` count the links inside and their characters."""

    element: Any
    start: int
    chrome: tuple[str, bool] | None = None
    links: int = 0
    linked: int = 0


def read(data: bytes, name: str) -> Extracted:
    """Read a page: paragraphs, headings, chrome, tables as sentences, what its metadata says."""
    root = parse(data, name)
    return extract_tree(root, "html")


def parse(data: bytes, name: str, declared: str | None = None) -> Any:
    """The tree of a page; scripts are not run and nothing is fetched.

    `declared` is the encoding named outside of the page; it goes before what the page says.

    Raises:
        ReadError: the bytes are no text, or hold no elements.
    """
    match = _CHARSET.search(data[:4096])
    if declared is None and match:
        declared = (match[1] or match[2]).decode("ascii")
    return tree(decode(data, name, declared).text, name)


def tree(text: str, name: str) -> Any:
    """`parse` for a page already decoded; `name` is for messages."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"{name} holds no HTML elements: {error}.", "damaged html") from error
    if root is None:
        raise ReadError(f"{name} holds no HTML elements.", "no text")
    # The parser leaves out all that follows, without an error.
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise ReadError(f"{name} has elements nested more than 2,000 deep.", "nested too deep")
    return root


def extract_tree(root: Any, format_name: str) -> Extracted:
    """Walk a parsed page. Chrome spans do not overlap; headings are outside of them."""
    walk = Walk()
    walk.run(root)
    text = walk.builder.text
    chrome = [span for span, guessed in walk.chrome if not guessed or _small(span, text)]
    articles, teasers = _articles(walk, root)
    chrome = _outermost([*chrome, *teasers])
    headings = [
        heading
        for heading in walk.builder.headings
        if not any(span.start <= heading.start < span.end for span in chrome)
    ]
    metadata = page_metadata(root)
    if len(articles) == 1:
        articles = [ArticleMark(articles[0].start, articles[0].end, metadata)]
    return Extracted(
        text,
        format_name,
        metadata,
        chrome=tuple(chrome),
        headings=tuple(headings),
        articles=tuple(articles),
        rows=tuple(walk.rows),
    )


def _small(span: Chrome, text: str) -> bool:
    """A class name alone does not turn half a page into furniture."""
    return span.end - span.start < len(text) / 2


def _articles(walk: Walk, root: Any) -> tuple[list[ArticleMark], list[Chrome]]:
    """The page's articles, and the short ones that only point to other pages."""
    found = walk.articles
    longest = max((end - start for start, end, _ in found), default=0)
    marks, teasers = [], []
    for start, end, element in found:
        if end - start < min(_TEASER, longest / 3):
            teasers.append(Chrome(start, end, "related"))
        else:
            marks.append(ArticleMark(start, end, article_metadata(element, root)))
    return marks, teasers


def _outermost(spans: list[Chrome]) -> list[Chrome]:
    kept: list[Chrome] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.end > span.start and (not kept or span.start >= kept[-1].end):
            kept.append(span)
    return kept


class Walk:
    """One pass over a tree, without recursion: a page may be nested a million deep."""

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self.chrome: list[tuple[Chrome, bool]] = []
        self.articles: list[tuple[int, int, Any]] = []
        self.rows: list[tuple[int, int]] = []
        self._frames: list[_Frame] = []
        self._articles_open = 0
        self._anchor: int | None = None

    def run(self, root: Any) -> None:
        """Walk `root` and all below it, appending to `builder`."""
        self._frames = [_Frame(root, self.builder.length)]
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            if event == "start":
                if not self._start(element):
                    events.skip_subtree()
            else:
                self._end(element)
                if element is not root:
                    self.builder.inline(element.tail)

    def _start(self, element: Any) -> bool:
        """Open an element; False when its content is not to be walked."""
        tag = element.tag
        if tag in DROPPED or is_hidden(element):
            return False
        if tag in BLOCKS:
            return self._start_block(element)
        if tag == "sup":
            self.builder.inline(superscript(element))
            return False
        if tag == "a" and is_permalink(element):
            return False
        self._start_inline(element)
        self.builder.inline(element.text)
        return True

    def _start_inline(self, element: Any) -> None:
        """Open an element inside a line; furniture in it makes a block of its own."""
        tag = element.tag
        if tag == "br":
            self.builder.line_break()
        elif tag == "a" and is_more_link(element):
            self._frames.append(_Frame(element, self.builder.block(), ("menu", False)))
        elif tag == "a":
            self._anchor = self.builder.text_end
        elif tag == "q":
            self.builder.inline("“")
        elif tag == "span" and element.attrib:
            kind = chrome_kind(element)
            if kind:
                self._frames.append(_Frame(element, self.builder.block(), kind))

    def _start_block(self, element: Any) -> bool:
        start = self.builder.block()
        if element.tag == "table" and is_data_table(element) and chrome_kind(element) is None:
            add_table(self.builder, element)
            self.builder.block()
            return False
        kind = ("comments", True) if is_comment(element) else chrome_kind(element)
        self._frames.append(_Frame(element, start, kind))
        self._articles_open += element.tag == "article"
        if element.tag == "hr":
            self.chrome.append((Chrome(*self.builder.paragraph("* * *"), "separator"), False))
        if element.tag == "pre":
            self._add_preformatted("".join(element.itertext()), start)
            return False
        self.builder.inline(element.text)
        return True

    def _add_preformatted(self, text: str, start: int) -> None:
        """Add a block with its own line ends: a program, or text as it stands in a text file."""
        text = visible(text)
        if is_code(text):
            self.builder.preformatted(text)
            self.chrome.append((Chrome(start, self.builder.text_end, "code"), True))
            return
        text, rows = as_set(text)
        self.builder.preformatted(text)
        self.rows += [(start + first, start + last) for first, last in rows]

    def _end(self, element: Any) -> None:
        if element.tag == "a" and self._anchor is not None:
            frame = self._frames[-1]
            frame.links += 1
            frame.linked += max(self.builder.text_end - self._anchor, 0)
            self._anchor = None
        elif element.tag == "q":
            self.builder.inline("”")
        elif len(self._frames) > 1 and self._frames[-1].element is element:
            self._close(self._frames.pop())

    def _close(self, frame: _Frame) -> None:
        start, end = frame.start, max(self.builder.text_end, frame.start)
        tag = frame.element.tag
        self.builder.block()
        self._frames[-1].links += frame.links
        self._frames[-1].linked += frame.linked
        if tag == "article":
            self._articles_open -= 1
            if not self._articles_open and end > start and not is_comment(frame.element):
                self.articles.append((start, end, frame.element))
        if tag in _HEADINGS and end > start:
            self.builder.headings.append(Heading(start, end, _HEADINGS[tag]))
        if tag == "dt" and 0 < end - start <= _LONGEST_TERM and _is_defined(frame.element):
            self.builder.headings.append(Heading(start, end, len(_HEADINGS)))
        if frame.chrome:
            self.chrome.append((Chrome(start, end, frame.chrome[0]), frame.chrome[1]))
        elif tag in _CONTAINERS and _is_link_list(frame, end - start):
            self.chrome.append((Chrome(start, end, "links"), False))


def _is_defined(term: Any) -> bool:
    """Whether what a term of a list means stands right below it."""
    following = term.getnext()
    return following is not None and following.tag == "dd"


def _is_link_list(frame: _Frame, characters: int) -> bool:
    """Mostly links, and each with few words: a list of other pages, not prose with sources."""
    if frame.links < 3 or characters <= 0:
        return False
    share = 0.8 if frame.element.tag == "p" else 0.6
    return frame.linked >= share * characters and characters / frame.links <= 100
