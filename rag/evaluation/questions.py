"""Question records: what is asked, what counts as right, and where the documents say it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rag.errors import EvaluationError
from rag.evaluation.jsonlines import JsonObject, read_json_lines

KINDS = (
    "fact", "number", "date", "list", "yesno", "comparison", "two_document", "follow_up",
    "conflict", "as_of", "who_said", "chinese_term", "chinese_question", "table", "paraphrase",
    "none_near", "none_far", "false_premise", "injection",
)  # fmt: skip
SPLITS = ("dev", "calibration", "test")


class Exchange(NamedTuple):
    """One earlier turn of a conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """Characters [start, end) of a document's extracted text that suffice for one group.

    `document` is the file's path relative to the corpus. `quote` is the folded text there, or ""
    in a set whose texts are not ours to publish.
    """

    document: str
    start: int
    end: int
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One item of an evaluation set.

    An answer is right when every group of `answers` has an alias in it (see `values.contains`) and
    nothing of `forbidden` or `rejected` is; `rejected` is written as aliases are, for what only a
    wrong answer says. An unanswerable question is right when refused; it may have `answers` too,
    which say what is really so (a false premise) or that it is not disclosed: right as well.
    Every group of `gold` is needed; any span of a group suffices.
    `group` is the unit of splitting: questions on the same documents share it.
    """

    id: str
    group: str
    kind: str
    question: str
    answers: tuple[tuple[str, ...], ...]
    gold: tuple[tuple[GoldSpan, ...], ...]
    answerable: bool
    history: tuple[Exchange, ...] = ()
    forbidden: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    why: str = ""
    origin: str = "text"

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents of the gold spans, sorted."""
        return tuple(sorted({span.document for group in self.gold for span in group}))


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one file. `sha256` is of the questions, whatever their order in the file."""

    name: str
    questions: tuple[Question, ...]

    @property
    def sha256(self) -> str:
        lines = sorted(json.dumps(to_object(one), sort_keys=True) for one in self.questions)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def publishes_text(self) -> bool:
        """False when gold spans come without their quotes: then no text of theirs may be saved."""
        spans = [span for one in self.questions for group in one.gold for span in group]
        return all(span.quote for span in spans)


def load_set(name_or_path: str | Path, folder: Path) -> QuestionSet:
    """A set by name ("dev" is `folder/dev.jsonl`) or by the path of its file.

    Raises:
        EvaluationError: no such set, or a line that is not a question; names file and line.
    """
    path = folder / f"{name_or_path}.jsonl"
    if not path.is_file():
        path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.jsonl"))) or "none"
        raise EvaluationError(
            f"No question set {str(name_or_path)!r}: found {known} in {folder}. "
            "Name one of these or a .jsonl file; `rag eval compile` builds the splits."
        )
    return QuestionSet(path.stem, tuple(parse_lines(read_json_lines(path), str(path))))


def parse_lines(objects: Iterable[JsonObject], where: str) -> list[Question]:
    """Questions from JSON objects, in order; ids must differ.

    Raises:
        EvaluationError: names `where` and the line.
    """
    questions: list[Question] = []
    seen: set[str] = set()
    for number, one in enumerate(objects, 1):
        try:
            question = _parse(one)
        except (KeyError, TypeError, ValueError) as problem:
            raise EvaluationError(
                f"{where}, line {number}: not a question ({type(problem).__name__}: {problem}). "
                "eval/README.md describes the fields."
            ) from None
        if question.id in seen:
            raise EvaluationError(f"{where}, line {number}: the id {question.id!r} occurs twice.")
        seen.add(question.id)
        questions.append(question)
    return questions


def _parse(one: JsonObject) -> Question:
    if one["kind"] not in KINDS:
        raise ValueError(f"kind {one['kind']!r} is none of {', '.join(KINDS)}")
    answerable = one["answerable"]
    if not isinstance(answerable, bool):
        raise TypeError("answerable must be true or false")
    question = Question(
        id=_text(one["id"]),
        group=_text(one["group"]),
        kind=one["kind"],
        question=_text(one["question"]),
        answers=tuple(tuple(_text(alias) for alias in group) for group in one.get("answers", [])),
        gold=tuple(tuple(_span(span) for span in group) for group in one.get("gold", [])),
        answerable=answerable,
        history=tuple(
            Exchange(turn["question"], turn["answer"]) for turn in one.get("history", [])
        ),
        forbidden=tuple(_text(word) for word in one.get("forbidden", [])),
        rejected=tuple(_text(alias) for alias in one.get("rejected", [])),
        why=one.get("why", ""),
        origin=one.get("origin", "text"),
    )
    if answerable and not question.answers:
        raise ValueError("answerable, but no accepted answers")
    if not all(question.answers) or not all(question.gold):
        raise ValueError("an empty group in answers or gold")
    return question


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"expected a text, found {value!r}")
    return value


def _span(value: JsonObject) -> GoldSpan:
    start, end = int(value["start"]), int(value["end"])
    if not 0 <= start < end:
        raise ValueError(f"a span from {start} to {end}")
    return GoldSpan(_text(value["document"]), start, end, value.get("quote", ""))


def to_object(question: Question) -> JsonObject:
    """The JSON form of a question; optional fields only where they say something."""
    spans = [[_span_object(span) for span in group] for group in question.gold]
    optional: JsonObject = {}
    if question.history:
        optional["history"] = [turn._asdict() for turn in question.history]
    if question.forbidden:
        optional["forbidden"] = list(question.forbidden)
    if question.rejected:
        optional["rejected"] = list(question.rejected)
    if question.why:
        optional["why"] = question.why
    return {
        "id": question.id,
        "group": question.group,
        "kind": question.kind,
        "question": question.question,
        **optional,
        "answers": [list(group) for group in question.answers],
        "gold": spans,
        "answerable": question.answerable,
        "origin": question.origin,
    }


def _span_object(span: GoldSpan) -> JsonObject:
    place: JsonObject = {"document": span.document, "start": span.start, "end": span.end}
    return {**place, "quote": span.quote} if span.quote else place


def sample(questions: Sequence[Question], size: int | None) -> tuple[Question, ...]:
    """`size` questions, the kinds in turn, within a kind by the hash of the id; file order kept.

    The same questions every time; None or a larger size gives all of them.
    """
    if size is None or size >= len(questions):
        return tuple(questions)
    by_kind: dict[str, list[Question]] = {}
    for one in sorted(questions, key=lambda one: hashlib.sha256(one.id.encode()).digest()):
        by_kind.setdefault(one.kind, []).append(one)
    turns = [(turn, kind, one) for kind, group in by_kind.items() for turn, one in enumerate(group)]
    chosen = {one.id for _, _, one in sorted(turns, key=lambda item: item[:2])[:size]}
    return tuple(one for one in questions if one.id in chosen)
