"""The systems of `rag eval --system`: a plain pipeline, and ours with one part left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.answering.assistant import Assistant
from rag.answering.evidence import Candidate
from rag.answering.retrieval import SENTENCES, TOKENS, Retrieval
from rag.api import assistant_factory
from rag.evaluation.corpus import Corpus
from rag.evaluation.plain import SHOWN, Plain
from rag.evaluation.records import AssistantFactory
from rag.home import home
from rag.models.loading import as_embedder, as_generator
from rag.types import Evidence, Filters, Generator, Message, Token


def system_factory(name: str, embedder: str | None, generator: str | None) -> AssistantFactory:
    """Builds a system by its name in `evaluation_words.SYSTEMS`, or ours for ""."""
    makers: dict[str, Callable[[str | None, str | None], AssistantFactory]] = {
        "": assistant_factory,
        "plain": _plain,
        "passages": lambda e, g: assistant_factory(e, g, WholePassages),
        "no-selection": lambda e, g: assistant_factory(e, g, FirstSentences),
        "no-grammar": _without_grammar,
        "no-checks": lambda e, g: assistant_factory(e, g, Unchecked),
        "no-calibration": _without_calibration,
    }
    return makers[name](embedder, generator)


class Reselected(Assistant):
    """Ours, but for what of all that was found becomes evidence."""

    def select(self, found: Retrieval) -> list[Candidate]:
        raise NotImplementedError

    def retrieve(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
        translation: str = "",
    ) -> Retrieval:
        found = super().retrieve(question, history, filters, translation)
        return replace(found, evidence=as_evidence(self.select(found)))


class WholePassages(Reselected):
    """Ours, but the model reads the best passages, as many as `Plain` shows.

    Sentences that share nothing with the question, and orders to a machine, stay left out.
    """

    def select(self, found: Retrieval) -> list[Candidate]:
        best = {hit.passage for hit in found.hits[:SHOWN]}
        places = {
            (hit.document.path, sentence.start)
            for hit in found.hits
            if hit.passage in best
            for sentence in hit.sentences
        }
        return [c for c in by_passage(found) if (c.document.path, c.sentence.start) in places]


class FirstSentences(Reselected):
    """Ours, but the evidence is the sentences of the best passages as they come, not chosen."""

    def select(self, found: Retrieval) -> list[Candidate]:
        chosen: list[Candidate] = []
        room = TOKENS * 4
        for one in by_passage(found)[:SENTENCES]:
            room -= len(one.text)
            if chosen and room < 0:
                break
            chosen.append(one)
        return chosen


class Unchecked(Assistant):
    """Ours, but every statement stands as the model wrote and cited it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options, checks=False)


class Unheld:
    """A generator that writes what it likes: the grammar is not passed on."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    @property
    def fingerprint(self) -> str:
        return f"{self._generator.fingerprint}, no grammar"

    @property
    def context_tokens(self) -> int:
        return self._generator.context_tokens

    def count_tokens(self, text: str) -> int:
        return self._generator.count_tokens(text)

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        return self._generator.stream(messages, None, max_tokens)

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        return self._generator.probabilities(messages, options)

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        return self._generator.judge(opening, endings)


def by_passage(found: Retrieval) -> list[Candidate]:
    """The sentences of all passages found, best passage first, in the order of the text."""
    return sorted(found.ranked, key=lambda c: (-c.passage_score, c.document.path, c.sentence.start))


def as_evidence(chosen: Sequence[Candidate]) -> tuple[Evidence, ...]:
    """Sentences labelled S1 and on, in the order given."""
    return tuple(
        Evidence(
            label=f"S{number}", quote=one.text, document=one.document, start=one.sentence.start,
            end=one.sentence.end, page=None, attribution=None, before=one.before, after=one.after,
            section=one.sentence.section, score=one.score,
        )
        for number, one in enumerate(chosen, 1)
    )  # fmt: skip


def _plain(embedder: str | None, generator: str | None) -> AssistantFactory:
    wanted = generator

    def build(corpus: Path, *, generator: bool, refusal: bool) -> Any:
        place = home()
        ready = as_generator(wanted, place) if generator else None
        return Plain(Corpus(corpus), as_embedder(embedder, place), ready)

    return build


def _without_grammar(embedder: str | None, generator: str | None) -> AssistantFactory:
    wanted = generator

    def build(corpus: Path, *, generator: bool, refusal: bool) -> Any:
        held = Unheld(as_generator(wanted, home())) if generator else None
        return assistant_factory(embedder, held)(corpus, generator=generator, refusal=refusal)

    return build


def _without_calibration(embedder: str | None, generator: str | None) -> AssistantFactory:
    ours = assistant_factory(embedder, generator)

    def build(corpus: Path, *, generator: bool, refusal: bool) -> Any:
        return ours(corpus, generator=generator, refusal=False)

    return build
