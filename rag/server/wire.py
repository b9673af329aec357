"""What goes over the wire: events, documents and search results as plain JSON values."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rag.answering.serialise import to_dict
from rag.errors import InputError, RagError
from rag.server.seam import Answering
from rag.types import (
    AnswerReady,
    Event,
    Evidence,
    EvidenceFound,
    EvidenceJudged,
    Filters,
    Hit,
    Stage,
    StoredDocument,
)

_LOG = logging.getLogger(__name__)
FAULT = "A fault of the server; its log says which."
MOST_CHARACTERS = 20_000
"""Of a document in one reply; the rest is asked for by offset."""


def words_of(error: Exception) -> str:
    """What a reader of a stream is told, whose status line is long gone; a fault is logged."""
    if isinstance(error, RagError):
        return str(error)
    _LOG.error("a stream ended in a fault", exc_info=error)
    return FAULT


def event_dict(event: Event) -> dict[str, Any]:
    """An event with its kind under "event": stage, evidence, judged, token or answer."""
    if isinstance(event, Stage):
        return {"event": "stage", "name": event.name, "detail": event.detail}
    if isinstance(event, EvidenceFound):
        return {"event": "evidence", "evidence": evidence_list(event.evidence)}
    if isinstance(event, EvidenceJudged):
        return {"event": "judged", "judged": dict(event.judged)}
    if isinstance(event, AnswerReady):
        return {"event": "answer", "answer": to_dict(event.answer)}
    return {"event": "token", "text": event.text}


def evidence_list(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    """The sentences that an answer may rest on, in the order of the prompt."""
    return [
        {
            "label": item.label,
            "quote": item.quote,
            "document": item.document.path,
            "title": item.document.title,
            "published": item.document.published,
            "page": item.page,
            "start": item.start,
            "end": item.end,
        }
        for item in evidence
    ]


def hit_dict(hit: Hit) -> dict[str, Any]:
    """A passage found, with its place in the file; `score` is higher for better."""
    return {
        "text": hit.text,
        "score": hit.score,
        "document": document_dict(hit.document),
        "start": hit.sentences[0].start,
        "end": hit.sentences[-1].end,
    }


def document_dict(document: StoredDocument) -> dict[str, Any]:
    """A document as listed; `start` and `end` are its place in its file."""
    return asdict(document)


def search(
    assistant: Answering, query: str, limit: int, filters: Filters | None = None
) -> list[dict[str, Any]]:
    """The best passages, best first; no model is asked."""
    return [hit_dict(hit) for hit in assistant.retrieve(query, (), filters).hits[:limit]]


def find_document(assistant: Answering, identifier: int) -> StoredDocument:
    """The document of that identifier.

    Raises:
        InputError: there is none.
    """
    for document in assistant.documents():
        if document.identifier == identifier:
            return document
    raise InputError(f"No document {identifier}. List them first: identifiers change with files.")


def read_document(
    assistant: Answering, identifier: int, start: int | None = None
) -> dict[str, Any]:
    """A document's own fields and its text from `start` on, at most 20,000 characters of it.

    `start` counts in the file, like every offset; `next` is where to go on, None at the end.

    Raises:
        InputError: no such document, or `start` lies outside of it.
    """
    document = find_document(assistant, identifier)
    first = document.start if start is None else start
    if not document.start <= first <= document.end:
        raise InputError(
            f"Document {identifier} has characters {document.start} to {document.end} of its file; "
            f"asked for was {first}."
        )
    last = min(first + MOST_CHARACTERS, document.end)
    return {
        **document_dict(document),
        "text": assistant.file_text(document.path)[first:last],
        "text_start": first,
        "text_end": last,
        "next": last if last < document.end else None,
    }
