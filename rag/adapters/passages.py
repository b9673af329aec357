"""What every adapter hands on: passages with their place, so that a quote can be re-checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rag.errors import UsageError
from rag.types import Filters, Hit
from rag.types.searching import Searchable

MOST = 16
"""As many passages as a search keeps."""


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is `file_text(document)[start:end]` to the letter; `metadata` says where that is.

    `identifier` is the same for the same place of the same file content.
    """

    identifier: str
    text: str
    score: float
    metadata: dict[str, Any]


def passages(
    assistant: Searchable, question: str, limit: int, filters: Filters | None
) -> list[Passage]:
    """The best passages, best first; no model writes.

    Raises:
        UsageError: `limit` is not 1 to 16.
        QuestionError: the question is empty or too long.
        FilterError: a filter names what the index does not have.
    """
    if not 1 <= limit <= MOST:
        raise UsageError(f"limit is {limit}, expected 1 to {MOST}.")
    return [_passage(hit) for hit in assistant.retrieve(question, (), filters).hits[:limit]]


def _passage(hit: Hit) -> Passage:
    document = hit.document
    start, end = hit.sentences[0].start, hit.sentences[-1].end
    metadata = {
        "document": document.path,
        "title": document.title,
        "published": document.published,
        "outlet": document.outlet,
        "author": document.author,
        "url": document.url,
        "language": document.language,
        "start": start,
        "end": end,
        "file_sha256": document.file_sha256,
    }
    return Passage(f"{document.file_sha256}:{start}-{end}", hit.text, hit.score, metadata)
