"""The plain pipeline that one would write in an afternoon, as a system to compare with.

Chunks of fixed size, the most similar ones by the same embedder, whole in the prompt of the same
generator, and a free answer that is asked to quote. No sentences, no grammar, no checks, no
calibration: what those are worth is the difference.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rag.documents.fold import fold
from rag.errors import EvaluationError
from rag.evaluation.corpus import Corpus, find_all
from rag.evaluation.machine import version
from rag.evaluation.measures.spans import Span, overlap
from rag.evaluation.questions import Exchange
from rag.types import (
    Answer,
    Checks,
    Citation,
    Embedder,
    Evidence,
    Filters,
    FloatMatrix,
    Generator,
    Hit,
    Message,
    Provenance,
    Sentence,
    Statement,
    StoredDocument,
    Timings,
)

CHUNK, OVERLAP = 1000, 200
"""Characters of a chunk, and how many of them the next one repeats."""
RETRIEVED, SHOWN = 16, 4
MOST_TOKENS = 256
REFUSAL = "NOT FOUND"
INSTRUCTIONS = (
    "Answer the question in one or two sentences, using only the passages. Below the answer, copy "
    "word for word each sentence of the passages that it rests on, each on a line that begins with "
    f'"Quote:". If the passages do not give the answer, reply {REFUSAL}.'
)
_QUOTES_BEGIN = re.compile(r"[\s*_•-]*\bquotes?\s*\d*[\s*_]*:", re.IGNORECASE)
_MARKS = "\"'“”‘’「」*_ "
_SOURCE = re.compile(r"\s*[(\[](?:passage\s*)?\d+[)\]]\s*$", re.IGNORECASE)
_IN_MARKS = re.compile(r"“([^”]{12,})”|\"([^\"]{12,})\"|「([^」]{6,})」")


@dataclass(frozen=True, slots=True)
class PlainRetrieval:
    """`hits` are chunks, best first; `evidence` the sentences of those that the model is shown."""

    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]


class Plain:
    """Answers over a corpus folder; its chunks are embedded when the first question comes."""

    def __init__(self, corpus: Corpus, embedder: Embedder, generator: Generator | None) -> None:
        """`generator` may be None when only `retrieve` is called."""
        self._corpus = corpus
        self._embedder = embedder
        self._generator = generator

    def retrieve(
        self, question: str, history: Sequence[Exchange] = (), filters: Filters | None = None
    ) -> PlainRetrieval:
        """The chunks most similar to the question, the one before it put in front in a chat."""
        asked = f"{history[-1][0]} {question}" if history else question
        chunks, vectors = self._index
        similarity = np.round((vectors @ self._embedder.encode([asked])[0]).astype(float), 6)
        best = np.argsort(-similarity, kind="stable")[:RETRIEVED]
        hits = tuple(
            self._hit(int(place), chunks[place], float(similarity[place]), rank)
            for rank, place in enumerate(best)
        )
        return PlainRetrieval(hits, tuple(self._sentences(hits[:SHOWN])))

    def ask(
        self, question: str, history: Sequence[Exchange] = (), filters: Filters | None = None
    ) -> Answer:
        """The answer as the model gave it. A quote that no file holds is cited at no place."""
        begun = time.perf_counter()
        generator = self._ready()
        hits = self.retrieve(question, history).hits[:SHOWN]
        retrieved = time.perf_counter() - begun
        pieces: list[str] = []
        first: float | None = None
        for token in generator.stream(self._messages(question, history, hits), None, MOST_TOKENS):
            first = first or time.perf_counter() - begun
            pieces.append(token.text)
        written = "".join(pieces).strip()
        refused = not written or REFUSAL in written
        text, quotes = read_answer(written)
        citations = () if refused else tuple(self._cite(quotes, hits))
        numbers = tuple(one.number for one in citations)
        total = time.perf_counter() - begun
        return Answer(
            question=question,
            state="abstained" if refused else "answered",
            reason="no_support" if refused else None,
            text=text,
            statements=() if refused else (Statement(text, numbers, Checks()),),
            citations=citations,
            conflicts=(),
            confidence=0.0 if refused else 1.0,
            nearest=(),
            timings=Timings(retrieved, None if refused else total, first, total),
            provenance=self._provenance(generator),
        )

    @cached_property
    def _index(self) -> tuple[list[Span], FloatMatrix]:
        chunks = [
            Span(name, start, end)
            for name in self._corpus.documents()
            for start, end in cut(self._corpus.text(name))
        ]
        return chunks, self._embedder.encode([self._text(one) for one in chunks])

    def _text(self, span: Span) -> str:
        return fold(self._corpus.text(span.document)[span.start : span.end])

    def _hit(self, number: int, chunk: Span, similarity: float, rank: int) -> Hit:
        sentence = Sentence(chunk.start, chunk.end, paragraph=0)
        document = self._stored(chunk.document)
        return Hit(
            number, document, similarity, similarity, rank, None, (sentence,), self._text(chunk)
        )

    def _stored(self, name: str) -> StoredDocument:
        file = self._corpus.file(name)
        return StoredDocument(
            identifier=0, path=str(self._corpus.folder / name), file_sha256=file.sha256,
            format=file.format, title=name, author=None, outlet=None, published=None, url=None,
            language="en", start=0, end=len(file.text),
        )  # fmt: skip

    def _sentences(self, hits: Sequence[Hit]) -> list[Evidence]:
        """The sentences that stand in the chunks by more than half, each once."""
        found: dict[Span, Hit] = {}
        for hit in hits:
            name = self._corpus.name(hit.document.path)
            chunk = Span(name, hit.sentences[0].start, hit.sentences[0].end)
            for article in self._corpus.file(name).documents:
                for one in article.sentences:
                    span = Span(name, one.start, one.end)
                    if overlap(span, chunk) * 2 > one.end - one.start:
                        found.setdefault(span, hit)
        return [
            Evidence(
                f"S{number}", self._text(span), hit.document, span.start, span.end,
                None, None, "", "", None, hit.score,
            )
            for number, (span, hit) in enumerate(found.items(), 1)
        ]  # fmt: skip

    def _messages(
        self, question: str, history: Sequence[Exchange], hits: Sequence[Hit]
    ) -> list[Message]:
        """As many of the passages, best first, as the model's window holds; one at least."""
        generator = self._ready()
        turns = [
            message
            for asked, answered in history
            for message in (Message("user", asked), Message("assistant", answered))
        ]
        for shown in range(len(hits), 0, -1):
            body = f"{_passages(hits[:shown])}\n\nQuestion: {question}"
            messages = [Message("system", INSTRUCTIONS), *turns, Message("user", body)]
            used = sum(generator.count_tokens(one.content) + 8 for one in messages)
            if used + MOST_TOKENS <= generator.context_tokens:
                break
        return messages

    def _cite(self, quotes: Sequence[str], hits: Sequence[Hit]) -> list[Citation]:
        names = list(dict.fromkeys(self._corpus.name(hit.document.path) for hit in hits))
        return [self._citation(number, one, names) for number, one in enumerate(quotes, 1)]

    def _citation(self, number: int, quote: str, names: Sequence[str]) -> Citation:
        for name in names:
            for wanted in (quote, quote.rstrip(".。…")):
                places = find_all(self._corpus.text(name), wanted)
                if places:
                    span = Span(name, *places[0])
                    return self._at(number, self._text(span), span)
        return self._at(number, quote, Span(names[0], 0, 0))

    def _at(self, number: int, quote: str, span: Span) -> Citation:
        document = self._stored(span.document)
        return Citation(
            number=number, quote=quote, document=document.path, title=document.title,
            published=None, url=None, page=None, start=span.start, end=span.end,
            file_sha256=document.file_sha256, attribution=None, before="", after="",
        )  # fmt: skip

    def _ready(self) -> Generator:
        if self._generator is None:
            raise EvaluationError("The plain system was made without a generator.")
        return self._generator

    def _provenance(self, generator: Generator) -> Provenance:
        chunks, _ = self._index
        held = hashlib.sha256("\n".join(map(self._text, chunks)).encode()).hexdigest()[:8]
        prompt = hashlib.sha256(INSTRUCTIONS.encode()).hexdigest()[:8]
        return Provenance(
            index=f"chunks@{held}", embedder=self._embedder.fingerprint,
            generator=generator.fingerprint, prompt=f"plain@{prompt}", version=version(),
        )  # fmt: skip


def cut(text: str) -> list[tuple[int, int]]:
    """Chunks [start, end) of at most CHUNK characters that share OVERLAP, cut at white space.

    The whole text is in them, page furniture and all. Where the last fifth of a chunk has no white
    space (Chinese), it is cut at its full size.
    """
    chunks: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = min(start + CHUNK, len(text))
        if end < len(text):
            space = max(text.rfind(mark, start + CHUNK * 4 // 5, end) for mark in " \n")
            end = space if space > 0 else end
        if text[start:end].strip():
            chunks.append((start, end))
        start = end if end == len(text) else end - OVERLAP
    return chunks


def read_answer(written: str) -> tuple[str, list[str]]:
    """The answer's text and its quotes, read leniently.

    Quotes are the lines after the first "Quote:"; without one, what stands in quotation marks. An
    answer that is nothing but quotes is its quotes.
    """
    text, *rest = _QUOTES_BEGIN.split(written)
    lines = [line for part in rest for line in part.split("\n")]
    quotes = [_SOURCE.sub("", line.strip(f"{_MARKS}-•")).strip(_MARKS) for line in lines]
    if not rest:
        quotes = ["".join(groups) for groups in _IN_MARKS.findall(text)]
    kept = list(dict.fromkeys(fold(quote) for quote in quotes if quote))
    return fold(text) or " ".join(kept), kept


def _passages(hits: Sequence[Hit]) -> str:
    return "\n\n".join(
        f"Passage {number} ({hit.document.title}):\n{hit.text}"
        for number, hit in enumerate(hits, 1)
    )
