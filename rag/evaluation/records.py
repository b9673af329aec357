"""What a run keeps: one record a question, one header, one footer; all of it plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from rag.evaluation.jsonlines import JsonObject
from rag.evaluation.measures.spans import Span
from rag.evaluation.questions import Exchange
from rag.types import Answer, Evidence, Filters, Hit

OURS = "sourcebound"
"""The system under test when none is named."""
Scores = dict[str, tuple[float, float]]
"""By measure, the numerator and denominator that this question adds to it."""


class Retrieval(Protocol):
    """What retrieval found: passages and evidence sentences, best first."""

    @property
    def hits(self) -> tuple[Hit, ...]: ...

    @property
    def evidence(self) -> tuple[Evidence, ...]: ...


class Answerer(Protocol):
    """The system under test, seen from outside."""

    def ask(
        self, question: str, history: Sequence[Exchange] = (), filters: Filters | None = None
    ) -> Answer: ...

    def retrieve(
        self, question: str, history: Sequence[Exchange] = (), filters: Filters | None = None
    ) -> Retrieval: ...


class AssistantFactory(Protocol):
    """Builds the system under test over a corpus folder, indexing it where needed.

    One that has a `close` is closed when its questions are done.
    """

    def __call__(self, corpus: Path, *, generator: bool, refusal: bool) -> Answerer:
        """`generator` False: `ask` will not be called, so load no model. `refusal` False: answer
        whatever the confidence, as calibration needs to see what a threshold would hold back."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `remaining_s` is None until one question has been timed."""

    done: int
    total: int
    elapsed_s: float
    remaining_s: float | None


ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Result:
    """One question's outcome.

    `passages` and `evidence` are None when retrieval was not part of the run; `answer` (the JSON
    form of an Answer) is None when `asked` is False or the system failed, which `error` then says.
    """

    id: str
    kind: str
    format: str
    answerable: bool
    asked: bool
    passages: tuple[Span, ...] | None
    evidence: tuple[Span, ...] | None
    answer: JsonObject | None
    error: str | None
    retrieve_s: float | None
    scores: Scores
    blame: str | None

    @property
    def answered(self) -> bool:
        return self.answer is not None and self.answer["state"] == "answered"

    @property
    def refused(self) -> bool:
        return self.answer is not None and self.answer["state"] == "abstained"

    @property
    def correct(self) -> bool:
        """Right answer to an answerable question, or an unanswerable one refused."""
        return self.scores.get("correct", (0.0, 1.0))[0] == 1.0

    @property
    def confidence(self) -> float:
        """That of the answer; 0 when there is none."""
        return float(self.answer["confidence"]) if self.answer else 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: what was run, on what, and a result for each question in set order."""

    header: Mapping[str, Any]
    results: tuple[Result, ...]
    footer: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.header["name"])


def result_object(result: Result, texts: bool = True) -> JsonObject:
    """The JSON form; without `texts`, no sentence of a document or an answer is in it."""
    record = asdict(result)
    if not texts and record["answer"] is not None:
        record["answer"] = without_texts(record["answer"])
    return record


def without_texts(answer: JsonObject) -> JsonObject:
    """What of an answer's JSON form may stay where no sentence of it or of a document may."""
    kept = ("state", "reason", "confidence", "timings", "provenance", "signals")
    return {name: answer[name] for name in kept}


def result_from(record: JsonObject) -> Result:
    """The inverse of `result_object`."""

    def spans(name: str) -> tuple[Span, ...] | None:
        return None if record[name] is None else tuple(Span(*one) for one in record[name])

    scores = {
        name: (float(above), float(below)) for name, (above, below) in record["scores"].items()
    }
    return Result(
        **{**record, "passages": spans("passages"), "evidence": spans("evidence"), "scores": scores}
    )
