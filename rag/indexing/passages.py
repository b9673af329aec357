"""Documents to passages: what is embedded and searched."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from rag.documents.fold import fold
from rag.indexing.settings import IndexSettings
from rag.types import Chrome, Document, Embedder, Sentence, SourceFile

PREFIX_SHARE = 4
"""The prefix may take one in so many tokens of the window."""
SPECIAL_TOKENS = 2
"""The marks that an encoder puts around its input."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences [first, last) of one document and one section.

    `heading` is title, section and date; `body` the sentences, folded, without chrome.
    `embedded` is both: it goes to the embedder and is never quoted. `digest` names it.
    """

    document: int
    first: int
    last: int
    heading: str
    body: str
    embedded: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was read, cut and embedded elsewhere.

    `vectors` holds, for each digest of its passages, the bytes that `pack_vectors` makes.
    """

    source: SourceFile
    passages: tuple[Passage, ...]
    vectors: dict[bytes, bytes]


def prepare(
    path: str, read: SourceFile, embedder: Embedder, settings: IndexSettings
) -> tuple[SourceFile, list[Passage]]:
    """The file as it is stored, under this path, and its passages."""
    furniture = Furniture(read.chrome)
    documents = tuple(_quotable(document, furniture) for document in read.documents)
    source = replace(read, path=path, documents=documents)
    return source, _passages_of(source, furniture, embedder, settings)


class Furniture:
    """The chrome of a file, asked for a place without going through all of it: a mailbox has much.

    Spans may lie inside each other.
    """

    def __init__(self, chrome: Sequence[Chrome]) -> None:
        self._spans = sorted(chrome, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]
        self._reach = list(accumulate((span.end for span in self._spans), max))

    def holds(self, start: int, end: int) -> bool:
        """Whether one span holds all of this."""
        at = bisect_right(self._starts, start)
        return at > 0 and self._reach[at - 1] >= end

    def without(self, text: str, start: int, end: int) -> str:
        """The text from start to end without what is chrome, folded."""
        pieces, at = [], start
        first, last = bisect_right(self._reach, start), bisect_left(self._starts, end)
        for span in self._spans[first:last]:
            if span.end > at:
                pieces.append(text[at : max(at, span.start)])
                at = min(end, span.end)
        return fold(" ".join([*pieces, text[at:end]]))


def _quotable(document: Document, furniture: Furniture) -> Document:
    """The document without the sentences that lie wholly inside chrome."""
    kept = tuple(s for s in document.sentences if not furniture.holds(s.start, s.end))
    return document if len(kept) == len(document.sentences) else replace(document, sentences=kept)


def _passages_of(
    source: SourceFile, furniture: Furniture, embedder: Embedder, settings: IndexSettings
) -> list[Passage]:
    """All passages of a file in reading order; `document` counts the file's documents from 0.

    A passage stays within `settings.target_tokens` and the embedder's window, prefix included,
    unless a single sentence is longer. It never crosses a document or a section.
    """
    bodies = [
        [furniture.without(source.text, s.start, s.end) for s in document.sentences]
        for document in source.documents
    ]
    lengths = embedder.count_tokens([body for group in bodies for body in group])
    found: list[Passage] = []
    at = 0
    for ordinal, (document, texts) in enumerate(zip(source.documents, bodies, strict=True)):
        counts = lengths[at : at + len(texts)]
        at += len(texts)
        for first, last in _ranges(document.sentences, counts, settings):
            heading = heading_of(document, document.sentences[first].section)
            body = " ".join(texts[first:last])
            found.append(_passage(ordinal, first, last, heading, body, settings))
    return found


def heading_of(document: Document, section: str | None) -> str:
    """Title, section and date on one line, without what is missing."""
    parts = (document.title, section if section != document.title else None, document.published)
    return " | ".join(fold(part) for part in parts if part)


def _passage(
    ordinal: int,
    first: int,
    last: int,
    heading: str,
    body: str,
    settings: IndexSettings,
) -> Passage:
    # Characters stand in for tokens here: a heading is rarely long enough to be cut at all.
    prefix = heading[: 4 * settings.window // PREFIX_SHARE]
    embedded = f"{prefix}\n{body}" if prefix else body
    digest = hashlib.sha256(embedded.encode()).digest()[:16]
    return Passage(ordinal, first, last, heading, body, embedded, digest)


def _ranges(
    sentences: Sequence[Sentence], counts: Sequence[int], settings: IndexSettings
) -> list[tuple[int, int]]:
    room = settings.window - settings.window // PREFIX_SHARE - SPECIAL_TOKENS
    budget = max(1, min(settings.target_tokens, room))
    ranges: list[tuple[int, int]] = []
    first = used = 0
    for at, (sentence, count) in enumerate(zip(sentences, counts, strict=True)):
        section_ends = at > first and sentence.section != sentences[at - 1].section
        if at > first and (section_ends or used + count > budget):
            ranges.append((first, at))
            first = at if section_ends else _overlapped(first, at, counts, count, budget, settings)
            used = sum(counts[first:at])
        used += count
    if first < len(sentences):
        ranges.append((first, len(sentences)))
    return ranges


def _overlapped(
    first: int, at: int, counts: Sequence[int], count: int, budget: int, settings: IndexSettings
) -> int:
    start = max(first + 1, at - settings.overlap)
    while start < at and sum(counts[start:at]) + count > budget:
        start += 1
    return start
