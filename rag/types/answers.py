"""What a question is answered with: evidence, citations, the answer, its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.types import display
from rag.types.documents import StoredDocument

State = Literal["answered", "abstained"]
Reason = Literal["nothing_retrieved", "no_support", "checks_failed", "low_confidence"]
CheckResult = Literal["ok", "missing", "conflict"]
"""ok: all is in the quote; missing: something is not; conflict: the quote says otherwise."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence shown to the generator under `label` ("S1"), with what its citation needs."""

    label: str
    quote: str
    document: StoredDocument
    start: int
    end: int
    page: int | None
    attribution: str | None
    before: str
    after: str
    section: str | None
    score: float
    also_in: tuple[str, ...] = ()
    """Paths of other files with the same article that hold the quote word for word."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote at a place: `fold(file_text[start:end]) == quote`."""

    number: int
    quote: str
    document: str
    title: str
    published: str | None
    url: str | None
    page: int | None
    start: int
    end: int
    file_sha256: str
    attribution: str | None
    before: str
    after: str
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checks:
    """What code found when it held a statement against its own quotes."""

    figures: CheckResult = "ok"
    names: CheckResult = "ok"
    dates: CheckResult = "ok"
    negation: CheckResult = "ok"

    @property
    def passed(self) -> bool:
        return (self.figures, self.names, self.dates, self.negation) == ("ok",) * 4


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the answer and the citation numbers it rests on."""

    text: str
    citations: tuple[int, ...]
    checks: Checks


@dataclass(frozen=True, slots=True)
class Conflict:
    """Citations that give different values of the same thing."""

    about: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds from the question's arrival; None when that stage did not run."""

    retrieve_s: float
    first_quote_s: float | None
    first_token_s: float | None
    total_s: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced an answer: the index generation and the fingerprints of all that took part."""

    index: str
    embedder: str
    generator: str
    prompt: str
    version: str
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The one result object, the same for every interface. `to_json` is the public contract."""

    question: str
    state: State
    reason: Reason | None
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    conflicts: tuple[Conflict, ...]
    confidence: float
    nearest: tuple[Citation, ...]
    timings: Timings
    provenance: Provenance
    understood: str | None = None
    """The question as completed from the chat's history, when that changed it."""
    signals: dict[str, float] = field(default_factory=dict)
    """What the confidence rests on, by name; empty when no model was asked."""

    def to_records(self) -> list[dict[str, Any]]:
        """Flat rows, one for each statement and citation: see `rag.to_records`."""
        return display.to_records([self])

    def _repr_html_(self) -> str:
        """What a notebook shows: the answer and its quotes, everything escaped."""
        return display.answer_html(self)


# ---- events of a streamed answer ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stage:
    """Progress in plain words: "searching", "reading", "writing", "checking"."""

    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """The evidence, known before the model starts."""

    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class EvidenceJudged:
    """How likely each sentence read so far answers the question (0 to 1), by its label."""

    judged: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TokenWritten:
    """A piece of prose as the model writes it, citation labels left out."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerReady:
    """The final, checked answer. Always the last event."""

    answer: Answer


Event = Stage | EvidenceFound | EvidenceJudged | TokenWritten | AnswerReady
