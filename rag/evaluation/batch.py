"""Score the lines of `rag ask --batch` against a small file of questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from rag.documents.fold import fold
from rag.errors import EvaluationError
from rag.evaluation.jsonlines import JsonObject, read_json_lines
from rag.evaluation.values import without_markers


def score_batch(questions_path: Path | str, answers_path: Path | str) -> JsonObject:
    """Hold a file of answers against a file of questions.

    A question has `id`, `kind`, `question`, `answers` (groups of regular expressions; none means
    that the documents do not answer it) and `snippets` (one of them must be in a quote; without
    any, no quote is the right one). A question without an answer line counts as wrong. Markers
    such as "[1]" are no part of the answer's text.

    Returns:
        Counts `questions`, `answerable`, `unanswerable`; `right` and `quoted` (of the answerable),
        `right_and_quoted`, `wrong` (answered, not right), `wrongly_refused`, `refused` (of the
        unanswerable, as they should be), `missing`; `kinds`, the same counts by kind; and
        `questions_failed`, one record for each question that was not right and quoted, nor refused
        as it should be, in file order.

    Raises:
        EvaluationError: a file cannot be read, or a line is not such an object.
    """
    questions = read_json_lines(questions_path)
    answers = {str(line.get("id")): line for line in read_json_lines(answers_path)}
    for number, question in enumerate(questions, 1):
        if problem := _problem(question):
            raise EvaluationError(f"{questions_path}, line {number}: {problem}")
    outcomes = [(question, _outcome(question, answers)) for question in questions]
    kinds: dict[str, list[JsonObject]] = {}
    for question, outcome in outcomes:
        kinds.setdefault(str(question["kind"]), []).append(outcome)
    return {
        **_counts([outcome for _, outcome in outcomes]),
        "kinds": {kind: _counts(group) for kind, group in kinds.items()},
        "questions_failed": [
            _failure(question, outcome, answers)
            for question, outcome in outcomes
            if not (outcome["right_and_quoted"] or outcome["refused"])
        ],
    }


def _problem(question: JsonObject) -> str:
    absent = {"id", "kind", "question", "answers"} - question.keys()
    if absent:
        return f"no {', '.join(sorted(absent))}. Each line needs id, kind, question and answers."
    groups, snippets = question["answers"], question.get("snippets", [])
    lists = [groups, snippets, *(groups if isinstance(groups, list) else ())]
    if not all(isinstance(each, list) for each in lists):
        return "answers are a list of lists of expressions, snippets a list of texts."
    try:
        for pattern in (pattern for group in groups for pattern in group):
            re.compile(pattern)
    except (re.error, TypeError) as error:
        return f"{pattern!r} is no regular expression ({error})."
    return ""


def _outcome(question: JsonObject, answers: Mapping[str, JsonObject]) -> JsonObject:
    answerable = bool(question["answers"])
    answer = answers.get(str(question["id"]))
    answered = answer is not None and answer.get("state") == "answered"
    text = without_markers(str((answer or {}).get("text", "")))
    right = answered and answerable and _matches(question["answers"], text)
    quoted = answered and answerable and _quoted(question.get("snippets", []), answer or {})
    abstained = answer is not None and answer.get("state") == "abstained"
    return {
        "answerable": answerable,
        "missing": answer is None or not (answered or abstained),
        "right": right,
        "quoted": quoted,
        "right_and_quoted": right and quoted,
        "wrong": answered and not right,
        "refused": abstained and not answerable,
        "wrongly_refused": abstained and answerable,
    }


def _matches(groups: list[list[str]], text: str) -> bool:
    return all(
        any(re.search(pattern, text, re.IGNORECASE) for pattern in group) for group in groups
    )


def _quoted(snippets: list[str], answer: JsonObject) -> bool:
    quotes = [fold(str(citation.get("quote", ""))) for citation in answer.get("citations") or []]
    return any(fold(snippet) in quote for snippet in snippets for quote in quotes)


def _counts(outcomes: list[JsonObject]) -> JsonObject:
    answerable = sum(outcome["answerable"] for outcome in outcomes)
    names = ("right", "quoted", "right_and_quoted", "wrong", "refused", "wrongly_refused")
    return {
        "questions": len(outcomes),
        "answerable": answerable,
        "unanswerable": len(outcomes) - answerable,
        **{name: sum(outcome[name] for outcome in outcomes) for name in (*names, "missing")},
    }


def _failure(
    question: JsonObject, outcome: JsonObject, answers: Mapping[str, JsonObject]
) -> JsonObject:
    answer = answers.get(str(question["id"]), {})
    return {
        "id": question["id"],
        "kind": question["kind"],
        "question": question["question"],
        "state": answer.get("state", "missing"),
        "reason": answer.get("reason"),
        "right": outcome["right"],
        "quoted": outcome["quoted"],
        "expected": question["answers"],
        "text": answer.get("text", ""),
        "quotes": [citation.get("quote", "") for citation in answer.get("citations") or []],
    }
