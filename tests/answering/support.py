"""Small makers of evidence and the scripted generator, through the public seams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.types import Evidence, Message, StoredDocument, Token


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


class ScriptedGenerator:
    """Writes given drafts in turn; `answers` are the probabilities of refusing and of support."""

    fingerprint = "scripted@1"
    context_tokens = 4096

    def __init__(self, *drafts: str, refusal: float = 0.01, support: float = 0.9) -> None:
        self.drafts = list(drafts)
        self.refusal = refusal
        self.support = support
        self.asked: list[str] = []
        self.judged: list[str] = []
        self.written = 0

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        assert grammar is not None
        self.asked.append(messages[-1].content)
        draft = self.drafts[min(len(self.asked), len(self.drafts)) - 1]
        for piece in re.findall(r"\s?\S+", draft):
            self.written += 1
            yield Token(piece, -0.1)

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        if len(options) == 1:
            return [self.refusal]
        return [self.support if each.lower() == "yes" else 1 - self.support for each in options]

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        self.judged.append(opening)
        return [self.support for _ in endings]
