"""The shared nouns: immutable records and the seams between rooms. Imports nothing of ours.

Every `start` and `end` is a character offset (Unicode code points, half open) into
`SourceFile.text`, the extracted text of the whole file. For plain text that is the decoded file
itself, so anyone can re-check a quote with a text editor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

FloatMatrix = npt.NDArray[np.float32]
"""float32, shape (n, dimension)."""
IntArray = npt.NDArray[np.int64]

State = Literal["answered", "abstained"]
Reason = Literal["nothing_retrieved", "no_support", "checks_failed", "low_confidence"]
CheckResult = Literal["ok", "missing", "conflict"]
"""ok: all is in the quote; missing: something is not; conflict: the quote says otherwise."""


# ---- documents -------------------------------------------------------------------------------


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


# ---- index -----------------------------------------------------------------------------------


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
class Filters:
    """Which documents may answer. Empty tuples and None mean no restriction.

    `documents` matches path endings or titles; `since` and `until` are ISO dates, inclusive.
    """

    documents: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    language: str | None = None


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


# ---- answers ---------------------------------------------------------------------------------


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


# ---- events of a streamed answer ---------------------------------------------------------------


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
class TokenWritten:
    """A piece of prose as the model writes it, citation labels left out."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerReady:
    """The final, checked answer. Always the last event."""

    answer: Answer


Event = Stage | EvidenceFound | TokenWritten | AnswerReady


# ---- seams -----------------------------------------------------------------------------------


class Embedder(Protocol):
    """Text to unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Names the weights by content, for example "all-MiniLM-L6-v2@53aa5117"."""

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """The window: longer text is cut off by the model."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """float32 (len(texts), dimension), rows of unit length, in the order given."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Token:
    """A generated piece of text with the natural-log probability the model gave it."""

    text: str
    logprob: float


class Generator(Protocol):
    """A chat model that can be held to a grammar and asked for probabilities.

    The last message may be an unfinished assistant turn, which is then continued.
    """

    @property
    def fingerprint(self) -> str: ...

    @property
    def context_tokens(self) -> int: ...

    def count_tokens(self, text: str) -> int: ...

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        """Greedy decoding, deterministic; `grammar` is GBNF with a rule named root."""

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        """The model's probability of each option's first token as the next one, same order."""
