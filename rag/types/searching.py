"""The seam to a search: what servers and adapters need of an assistant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.types.answers import Evidence
from rag.types.documents import Filters, Hit


class Found(Protocol):
    """What a search found: passages best first, and the sentences an answer would rest on."""

    @property
    def hits(self) -> Sequence[Hit]: ...

    @property
    def evidence(self) -> Sequence[Evidence]: ...


class Searchable(Protocol):
    """A search without a model: `rag.Assistant` has it. `history` is (question, answer) pairs."""

    def retrieve(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
    ) -> Found: ...
