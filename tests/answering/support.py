"""Small makers of evidence and the scripted generator, through the public seams."""

from __future__ import annotations

from rag.types import Evidence, StoredDocument


def document(
    path: str = "/papers/note.txt",
    title: str = "Note",
    published: str | None = None,
    identifier: int = 1,
    sha256: str = "0" * 64,
) -> StoredDocument:
    return StoredDocument(
        identifier, path, sha256, "text", title, None, None, published, None, "en", 0, 10_000
    )


def evidence(
    quote: str,
    label: str = "S1",
    *,
    published: str | None = None,
    title: str = "Note",
    start: int = 0,
    before: str = "",
    path: str = "/papers/note.txt",
    section: str | None = None,
) -> Evidence:
    return Evidence(
        label=label,
        quote=quote,
        document=document(path, title, published),
        start=start,
        end=start + len(quote),
        page=None,
        attribution=None,
        before=before,
        after="",
        section=section,
        score=1.0,
    )
