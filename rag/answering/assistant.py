"""The one object with state: an index, its embedder, a generator; everything else is delegated."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Generator as Generating
from pathlib import Path
from typing import Self

import rag
from rag.answering import generation, judging, prompt
from rag.answering.abstention import Confidence, default_confidence
from rag.answering.asking import require_question
from rag.answering.conclusion import Clock, Conclusion
from rag.answering.followup import complete
from rag.answering.generation import Draft
from rag.answering.retrieval import Retrieval, retrieve
from rag.answering.sentence_vectors import SentenceVectors
from rag.answering.translation import in_another_language, translate
from rag.errors import QuestionError
from rag.home import home as find_home
from rag.indexing import Index, UpdateSummary, remove, update
from rag.types import (
    Answer,
    AnswerReady,
    Chrome,
    Embedder,
    Event,
    Evidence,
    EvidenceFound,
    EvidenceJudged,
    Filters,
    Generator,
    Page,
    Provenance,
    Sentence,
    Stage,
    StoredDocument,
    TokenWritten,
)

_SETTING = "confidence"


class Assistant:
    """Answers questions over one index. Safe between threads; use it as a context manager.

    The generator loads in the background, while the index opens and the first question is searched.
    """

    def __init__(
        self,
        index: Path | str | None = None,
        *,
        embedder: Embedder | Path | str | None = None,
        generator: Generator | Path | str | None = None,
        home: Path | str | None = None,
        confidence: Confidence | None = None,
        checks: bool = True,
        preload: bool = True,
    ) -> None:
        """Open an index.

        Args:
            index: its folder; the home's default index when None.
            embedder: a catalogue name, a sentence-transformers folder or a ready part.
            generator: a catalogue name, a GGUF file or a ready part.
            home: where models and indexes live; see `rag.home`.
            confidence: the refusal model; that of the index when None, else the shipped one.
            checks: False lets every statement stand as written: only for measuring what checks do.
            preload: False asks for no generator before the first question: for what only searches.

        Raises:
            ModelNotFound: weights that have not been fetched.
            IndexMissing, IndexMismatch, IndexBroken: see `rag.indexing.Index.open`.
        """
        from rag.models.loading import LoadingGenerator, as_embedder, require_generator

        self._home = find_home(home)
        self._directory = Path(index) if index is not None else self._home.index
        if preload:
            require_generator(generator, self._home)
        self._embedder = as_embedder(embedder, self._home)
        self._sentences = SentenceVectors(self._embedder.encode)
        self._index = Index.open(self._directory, self._embedder)
        self._confidence = confidence
        self._checks = checks
        self._generator = LoadingGenerator(generator, self._home)
        if preload:
            self._generator.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index and the models; a ready generator is left to who made it."""
        self._generator.close()
        self._index.close()

    def ask(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
    ) -> Answer:
        """The answer, complete and checked. `history` is (question, answer) pairs, oldest first.

        Raises:
            QuestionError: empty, or longer than 2,000 characters.
            FilterError: a filter names what the index does not have.
        """
        for event in self.stream(question, history, filters):
            if isinstance(event, AnswerReady):
                return event.answer
        raise QuestionError("The answer was stopped before it was complete.")

    def stream(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Events as they happen: stages, the evidence, what is judged of it, pieces of prose, the
        answer last.

        When `stop` is set the model stops at its next token, or after the sentences it is reading;
        what stands by then is the answer. Raises as `ask`, before the first event.
        """
        clock = Clock()
        asked = require_question(question)
        self._index.require(filters or Filters())
        understood = complete(asked, history)
        yield Stage("searching")
        self._generator.start()
        stopped: Callable[[], bool] = stop.is_set if stop is not None else lambda: False
        found = self._search(understood, filters, stopped)
        clock.mark("retrieve")
        if not found.evidence:
            nothing = self._conclusion(asked, understood, found, {}, clock, stopped)
            yield AnswerReady(nothing.refusal("nothing_retrieved", 0.0))
            return
        clock.mark("quote")
        yield EvidenceFound(found.evidence)
        yield Stage("reading", str(len(found.evidence)))
        generator = self._generator.result()
        for by_part in judging.judge_by_part(generator, understood, found.evidence, stopped):
            judged = judging.in_any(by_part)
            yield EvidenceJudged(judged)
        conclusion = self._conclusion(asked, understood, found, judged, clock, stopped)
        if (refusal := conclusion.without_writing()) is not None:
            yield AnswerReady(refusal)
            return
        puts = judging.to_write_each_from(understood, found.evidence, by_part)
        draft = yield from self._write(puts, clock, stopped)
        yield Stage("checking")
        yield AnswerReady(conclusion.answer(draft))

    def _search(
        self, understood: str, filters: Filters | None, stopped: Callable[[], bool]
    ) -> Retrieval:
        """The evidence; a second time, where the question is not in the documents' language."""
        found = self.retrieve(understood, filters=filters)
        if not in_another_language(understood, found.hits):
            return found
        english = translate(self._generator.result(), understood, stopped)
        return self.retrieve(understood, filters=filters, translation=english)

    def _write(
        self,
        puts: Sequence[tuple[str, Sequence[Evidence]]],
        clock: Clock,
        stopped: Callable[[], bool],
    ) -> Generating[Event, None, Draft]:
        """The draft on each question put, with the prose as it is written on the way."""
        draft: Draft | None = None
        generator = self._generator.result()
        for piece in (
            generation.write(generator, *puts[0], stopped=stopped)
            if len(puts) == 1
            else generation.write_each(generator, puts, stopped)
        ):
            if isinstance(piece, Draft):
                draft = piece
                continue
            if "token" not in clock.marks:
                clock.mark("token")
                yield Stage("writing")
            yield TokenWritten(piece)
        assert draft is not None  # the last piece is always a draft
        return draft

    def _conclusion(
        self,
        asked: str,
        understood: str,
        found: Retrieval,
        judged: Mapping[str, float],
        clock: Clock,
        stopped: Callable[[], bool],
    ) -> Conclusion:
        return Conclusion(
            asked,
            understood,
            found,
            judged,
            clock,
            generator=self._generator.result(),
            confidence=self.confidence,
            provenance=self.provenance(found.generation),
            stopped=stopped,
            checks=self._checks,
        )

    def retrieve(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
        translation: str = "",
    ) -> Retrieval:
        """Passages and evidence without a model call; `translation` is the question in English."""
        understood = complete(require_question(question), history)
        return retrieve(self._index, self._sentences.encode, understood, filters, translation)

    @property
    def confidence(self) -> Confidence:
        """The refusal model in force."""
        if self._confidence is not None:
            return self._confidence
        stored = self._index.setting(_SETTING)
        return Confidence.from_json(stored) if stored else default_confidence()

    def generator(self) -> Generator:
        """The generator, waiting until it is loaded."""
        return self._generator.result()

    def provenance(self, generation: str | None = None) -> Provenance:
        """What takes part in an answer, by content; the index as it is now for no `generation`."""
        return Provenance(
            index=generation or self.generation,
            embedder=self._embedder.fingerprint,
            generator=self._generator.result().fingerprint,
            prompt=prompt.fingerprint(),
            version=rag.__version__,
            confidence=self.confidence.fingerprint,
        )

    @property
    def generation(self) -> str:
        """Names what the index holds at this moment; see `Index.generation`."""
        return self._index.generation

    def documents(self) -> list[StoredDocument]:
        """Every indexed document, ordered by path and place in the file."""
        return self._index.documents()

    def file_text(self, path: str) -> str:
        """The extracted text that a file's offsets count in."""
        return self._index.file_text(path)

    def sentences(self, document_identifier: int) -> tuple[Sentence, ...]:
        return self._index.sentences(document_identifier)

    def chrome(self, path: str) -> tuple[Chrome, ...]:
        return self._index.chrome(path)

    def pages(self, path: str) -> tuple[Page, ...]:
        return self._index.pages(path)

    def add(
        self, paths: Sequence[Path], progress: Callable[..., None] | None = None
    ) -> UpdateSummary:
        """Index files and folders; the next question sees them."""
        return update(self._directory, paths, self._embedder, progress=progress)

    def remove(self, document: str) -> list[StoredDocument]:
        """Take a document's file out of the index."""
        return remove(self._directory, document)

    def describe(self) -> dict[str, str]:
        """What runs where, for people."""
        ready = self._generator.loaded
        return {
            "generator": self._generator.result().fingerprint if ready else "loading",
            "embedder": self._embedder.fingerprint,
            "index": f"{self._directory} ({self.generation})",
            "threshold": f"{self.confidence.threshold:.2f} (risk {self.confidence.risk:.0%})",
            "version": rag.__version__,
        }
