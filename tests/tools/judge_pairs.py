"""Questions with sentences that answer them or only look as if: what the judge is trained on.

From pairs of look-alike articles written for it (`models/training/`), from SQuAD-style files (their
questions without an answer name the sentence that misleads) and from the development questions of
`eval/`. Nothing of other people's texts is kept in the repository.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.answering.prompt import judge_ending
from rag.answering.questions import wants_several
from rag.documents.fold import fold
from rag.documents.sentences import split
from rag.evaluation.questions import Question
from rag.indexing.terms import question_terms, terms
from rag.types import Evidence, StoredDocument

LOOK_ALIKES = 2
MOST_OF_ONE_ANSWER = 2
UNTRAINED_KINDS = ("false_premise", "injection")
"""Kinds whose gold sentences correct or bait: neither a yes nor a no."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question and the texts to be judged, each with whether it answers."""

    question: str
    texts: tuple[tuple[str, bool], ...]


def written_rows(path: Path, random_: random.Random) -> list[Row]:
    """Of one file of `models/training/`: each question with the sentences that answer it (two where
    several are asked for) and one that misleads; two that mislead where nothing answers it.
    """
    content = json.loads(path.read_text("utf-8"))
    articles = content["articles"]
    rows = []
    for item in content["questions"]:
        most = MOST_OF_ONE_ANSWER if wants_several(item["q"]) else 1
        answering = random_.sample(item["yes"], min(len(item["yes"]), most))
        misleading = item["near"] or _nearest(articles, item)
        wrong = random_.sample(misleading, min(len(misleading), 1 if answering else LOOK_ALIKES))
        listed = [*item["yes"], *item["near"], *item.get("skip", [])]
        besides = [_written_evidence(articles, place) for place in listed]
        texts = [
            (
                judge_ending(_written_evidence(articles, place), item["q"], besides),
                place in answering,
            )
            for place in [*answering, *wrong]
        ]
        rows.append(_shuffled(Row(item["q"], tuple(texts)), random_))
    return rows


def _nearest(articles: Sequence[dict[str, Any]], item: dict[str, Any]) -> list[list[int]]:
    """The sentence that shares most words with a question, of those that do not answer it."""
    asked = set(question_terms(item["q"]))
    excluded = [*item["yes"], *item.get("skip", [])]
    places = [
        [number, sentence]
        for number, article in enumerate(articles)
        for sentence in range(len(article["sentences"]))
        if [number, sentence] not in excluded
    ]
    return [max(places, key=lambda place: len(asked & set(terms(_sentence(articles, place)))))]


def _sentence(articles: Sequence[dict[str, Any]], place: Sequence[int]) -> str:
    sentence: str = articles[place[0]]["sentences"][place[1]]
    return sentence


def _written_evidence(articles: Sequence[dict[str, Any]], place: Sequence[int]) -> Evidence:
    article, number = articles[place[0]], place[1]
    before = article["sentences"][number - 1] if number else ""
    return _evidence(article["title"], article["sentences"][number], before, article["published"])


def squad_rows(
    path: Path, random_: random.Random, questions: dict[str, str] | None = None
) -> list[Row]:
    """Each question with the sentence of its (or its plausible) answer and the nearest others.

    `questions` replaces the wording by identifier: a parallel set in another language.
    """
    rows = []
    for article in json.loads(path.read_text("utf-8"))["data"]:
        title = str(article.get("title", "")).replace("_", " ")
        for paragraph in article["paragraphs"]:
            spans = split(paragraph["context"], 0, len(paragraph["context"]))
            for item in paragraph["qas"]:
                asked = (questions or {}).get(item["id"], item["question"])
                row = _squad_row(title, paragraph["context"], spans, item, asked)
                if row is not None:
                    rows.append(_shuffled(row, random_))
    return rows


def _squad_row(
    title: str, text: str, spans: Sequence[tuple[int, int]], item: dict[str, Any], asked: str
) -> Row | None:
    impossible = bool(item.get("is_impossible", False))
    answers = item.get("plausible_answers", []) if impossible else item["answers"]
    places = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers]
    deciding = next(
        (n for n, (start, end) in enumerate(spans)
         if any(start <= first and last <= end for first, last in places)),
        None,
    )  # fmt: skip
    if deciding is None:
        return None
    said = {text[first:last] for first, last in places}
    sentences = [fold(text[start:end]) for start, end in spans]
    wanted = set(question_terms(item["question"]))
    others = [
        n for n in range(len(spans)) if n != deciding and not any(s in sentences[n] for s in said)
    ]
    others.sort(key=lambda n: -len(wanted & set(terms(sentences[n]))))
    chosen = [deciding, *others[: LOOK_ALIKES if impossible else LOOK_ALIKES - 1]]
    return Row(
        asked,
        tuple(
            (
                judge_ending(_evidence(title, sentences[n], sentences[n - 1] if n else "")),
                n == deciding and not impossible,
            )
            for n in chosen
        ),
    )


def development_rows(
    found: Iterable[tuple[Question, Sequence[Evidence]]], corpus: Path
) -> list[Row]:
    """Each question with its gold sentences (two at most) and the best-ranked other ones."""
    rows = []
    for question, evidence in found:
        if question.kind in UNTRAINED_KINDS:
            continue
        gold = [span for group in question.gold for span in group]
        judged = [
            (
                judge_ending(item),
                any(
                    str(Path(item.document.path).resolve().relative_to(corpus)) == span.document
                    and item.start < span.end
                    and span.start < item.end
                    for span in gold
                ),
            )
            for item in evidence
        ]
        right = [one for one in judged if one[1]]
        wrong = [one for one in judged if not one[1]]
        rows.append(Row(question.question, tuple(right[:2] + wrong[: 2 if right else 3])))
    return rows


def _evidence(title: str, quote: str, before: str, published: str | None = None) -> Evidence:
    document = StoredDocument(
        0, "", "", "", title, None, None, published, None, "en", 0, len(quote)
    )
    return Evidence("S1", quote, document, 0, len(quote), None, None, before, "", None, 0.0)


def _shuffled(row: Row, random_: random.Random) -> Row:
    texts = list(row.texts)
    random_.shuffle(texts)
    return Row(row.question, tuple(texts))
