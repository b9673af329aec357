"""The one thing that the servers need from the rest of the package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.types import Evidence, Filters, Hit
from rag.ui.seam import AssistantLike


class Found(Protocol):
    """What a search found: passages best first, and the sentences an answer would rest on."""

    @property
    def hits(self) -> Sequence[Hit]: ...

    @property
    def evidence(self) -> Sequence[Evidence]: ...


class Answering(AssistantLike, Protocol):
    """What the page asks of an assistant, and a search without a model."""

    def retrieve(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
    ) -> Found: ...
