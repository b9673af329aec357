"""What a format's reader hands on: text, and what the format itself says about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.types import Chrome, Page


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says of itself. `found` tells how, for example {"published": "metadata"}."""

    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    found: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading the format marks as one; `level` counts from 1."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class ArticleMark:
    """An article boundary the format marks itself (an <article>, a mail, a sheet, a chapter)."""

    start: int
    end: int
    metadata: Metadata = Metadata()


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file's text before articles, chrome and sentences are looked for.

    Offsets are into `text`. `wrapped` is true when line breaks are those of a page, so that a
    sentence may run over them and a blank line may stand inside one (PDF, saved plain text).
    `rows` are the spans [start, end) of a table's rows in such a text: each is a paragraph by
    itself, whatever the lines around it look like.
    """

    text: str
    format: str
    metadata: Metadata = Metadata()
    pages: tuple[Page, ...] = ()
    chrome: tuple[Chrome, ...] = ()
    headings: tuple[Heading, ...] = ()
    articles: tuple[ArticleMark, ...] = ()
    wrapped: bool = False
    rows: tuple[tuple[int, int], ...] = ()
