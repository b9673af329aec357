"""What readers thought of answers: kept on this machine, and turned into draft questions."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from rag.answering.serialise import from_dict, to_dict, to_json
from rag.errors import InputError
from rag.evaluation.questions import GoldSpan, Question
from rag.evaluation.values import without_markers
from rag.types import Answer, Citation

_LOG = logging.getLogger(__name__)
FEEDBACK_FILE = "feedback.jsonl"
RATINGS = ("good", "bad")
LONGEST_NOTE = 2000
UNWRITTEN = "TO BE WRITTEN: the right answer"


@dataclass(frozen=True, slots=True)
class Opinion:
    """The last word of one reader on one answer. `at` is ISO 8601 in UTC."""

    rating: str
    note: str
    at: str
    answer: Answer


class Feedback:
    """One JSON object a line, appended; a later line on the same answer replaces an earlier one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, answer: Answer, rating: str, note: str = "", owner: str = "") -> None:
        """Keep an opinion; the rating "" takes an earlier one back."""
        line = {
            "key": key_of(answer),
            "owner": owner,
            "rating": rating if rating in RATINGS else "",
            "note": note.strip()[:LONGEST_NOTE],
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "answer": to_dict(answer),
        }
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            with self._path.open("ab+") as file:
                # A line that a full disk or a kill cut off must not take this one with it.
                file.seek(max(0, self._path.stat().st_size - 1))
                torn = file.read(1) not in (b"", b"\n")
                told = json.dumps(line, ensure_ascii=False) + "\n"
                file.write(("\n" * torn + told).encode("utf-8"))

    def ratings(self, owner: str = "") -> dict[str, str]:
        """The rating of each answer, by `key_of`."""
        return {key: line["rating"] for (key, who), line in self._last().items() if who == owner}

    def opinions(self) -> list[Opinion]:
        """All that stand, in the order in which the answers were first rated."""
        kept = []
        for line in self._last().values():
            if not line["rating"]:
                continue
            try:
                answer = from_dict(line["answer"])
            except InputError as problem:
                _LOG.warning("feedback on an answer of another version is left out: %s", problem)
                continue
            kept.append(Opinion(line["rating"], line["note"], line["at"], answer))
        return kept

    def _last(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(line["key"], line["owner"]): line for line in self._lines()}

    def _lines(self) -> Iterator[dict[str, Any]]:
        if not self._path.is_file():
            return
        # As bytes: a kill may have cut a character in two, which costs its line alone.
        for number, text in enumerate(self._path.read_bytes().split(b"\n"), 1):
            if not text:
                continue
            try:
                yield json.loads(text)
            except ValueError:
                _LOG.warning("%s, line %d is not JSON and is left out", self._path, number)


def key_of(answer: Answer) -> str:
    """Names an answer by content."""
    return hashlib.sha256(to_json(answer).encode()).hexdigest()[:16]


def draft(opinion: Opinion, corpus: Path) -> Question:
    """A question of the evaluation's form, for a person to finish.

    A good answer gives its text and quotes as what is right; a good refusal an unanswerable
    question. After a bad one only the question is sure: it comes with `UNWRITTEN` as its answer,
    and the note and what was answered in `why`. Paths below `corpus` are made relative to it.
    """
    answer, good = opinion.answer, opinion.rating == "good"
    answered = answer.state == "answered"
    right: tuple[tuple[str, ...], ...] = ((UNWRITTEN,),)
    if good and answered:
        right = tuple((without_markers(one.text),) for one in answer.statements)
    spans = [_span(citation, corpus) for citation in answer.citations] if good else []
    told = f"answered: {answer.text}" if answered else f"refused: {answer.reason}"
    why = "; ".join(part for part in (opinion.note, "" if good and answered else told) if part)
    key = key_of(answer)
    return Question(
        id=f"feedback-{key}",
        group=PurePath(spans[0].document).stem if spans else f"feedback-{key}",
        kind="fact" if answered or not good else "none_near",
        question=answer.understood or answer.question,
        answers=() if good and not answered else right,
        gold=tuple((span,) for span in spans),
        answerable=answered or not good,
        why=why,
        origin="analyst",
    )


def _span(citation: Citation, corpus: Path) -> GoldSpan:
    path = Path(citation.document)
    inside = path.is_relative_to(corpus)
    name = str(path.relative_to(corpus)) if inside else citation.document
    return GoldSpan(name, citation.start, citation.end, citation.quote)
