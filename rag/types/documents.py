"""What a file is read into: source files, documents, sentences; and what the index gives back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from rag.errors import UsageError

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says it, as the document gives it: `text` is "(Xinhua, April 29)", `source` "Xinhua".

    `date` is ISO, as precise as the document allows ("2021-04-29", "2021-04", "2021"), completed
    from the document's own date when the year is left out.
    """

    text: str
    source: str | None
    date: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `paragraph` counts paragraphs inside the document, `section` is its heading."""

    start: int
    end: int
    paragraph: int
    section: str | None = None
    attributions: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Chrome:
    """Page furniture that is neither embedded nor quoted: menus, running heads, link lists."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paginated format; `number` is the physical page, counted from 1."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One article. A file may hold many; all their offsets are into the file's text.

    `published` is an ISO date, possibly partial; `found` says how each field was found, for
    example {"published": "masthead"}. `language` is "en" or "zh".
    """

    title: str
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    author: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    language: str = "en"
    found: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as read: its text, articles, chrome and pages. `sha256` is of the raw bytes."""

    path: str
    sha256: str
    format: str
    text: str
    documents: tuple[Document, ...]
    chrome: tuple[Chrome, ...] = ()
    pages: tuple[Page, ...] = ()


# ---- index ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as listed from the index. `identifier` is stable while the file is unchanged."""

    identifier: int
    path: str
    file_sha256: str
    format: str
    title: str
    author: str | None
    outlet: str | None
    published: str | None
    url: str | None
    language: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Documents of one file that are being forgotten, and what quotes of them are known by.

    `texts` are theirs, folded, in the same order. `paths` are all under which the file was ever
    indexed. Of the files that stay, `copies` are the paths of those with the very same bytes, and
    `others` the SHA-256 of the rest.
    """

    documents: tuple[StoredDocument, ...] = ()
    texts: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()
    copies: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    def hold(self, path: str, sha256: str, start: int, quote: str) -> bool:
        """Whether a quote, folded, from a place in that version of a file is of one of them.

        What stands in their text is theirs wherever it was quoted from, but for a file that stays:
        that has the same words by right. Offsets count in the version that was quoted; in another
        one they tell nothing, so all quotes of an earlier version are taken for theirs: rather one
        too many than one left.
        """
        ours = any(each.file_sha256 == sha256 for each in self.documents)
        if path in self.copies if ours else sha256 in self.others:
            return False
        if quote and any(quote in text for text in self.texts):
            return True
        if ours:
            return any(each.start <= start < each.end for each in self.documents)
        return path in self.paths


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer. Empty tuples and None mean no restriction.

    `documents` matches path endings or titles; `since` and `until` are ISO dates, whole or in part,
    inclusive.

    Raises:
        UsageError: a date is none, which compared as text would keep documents in or out at random;
            or one name stands where several go, which would be read letter by letter.
    """

    documents: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        for name, given in (("since", self.since), ("until", self.until)):
            if given is not None and not is_date(given):
                shown = given if isinstance(given, str) else repr(given)
                raise UsageError(f"{name} {shown} is no date. Write 2024, 2024-05 or 2024-05-31.")
        for name, several in (("documents", self.documents), ("outlets", self.outlets)):
            if isinstance(several, str):
                raise UsageError(f"{name} takes several names. Write {name}=({several!r},).")


def is_date(text: object) -> bool:
    """Whether a filter can go by it: 2024, 2024-05 or 2024-05-31, and such a day there is."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage. `score` is the fused score, higher is better; ranks count from 0."""

    passage: int
    document: StoredDocument
    score: float
    dense_score: float
    dense_rank: int | None
    lexical_rank: int | None
    sentences: tuple[Sentence, ...]
    text: str
    """The file's text from the first sentence's start to the last one's end."""
    also_in: tuple[StoredDocument, ...] = ()
    """Other documents that say the same in the same words, by path and place."""
