"""The set's own quality: everything about it that code can verify."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.documents.fold import fold
from rag.errors import RagError
from rag.evaluation.corpus import Corpus
from rag.evaluation.measures.correctness import found_groups, is_spoilt
from rag.evaluation.measures.spans import Span
from rag.evaluation.questions import KINDS, SPLITS, GoldSpan, Question, QuestionSet
from rag.evaluation.values import Word, tokens

LEAST_PER_KIND = 8
LEAST_QUESTIONS = 300
LEAST_FILES, LEAST_FORMATS, LEAST_ARTICLES = 35, 8, 60
LITERAL_KINDS = frozenset({"fact", "number", "date", "who_said", "table", "chinese_term"})
"""Kinds whose accepted answers must stand in the gold sentences, not be drawn from them."""
MAY_BE_SAID = frozenset({"false_premise", "none_near"})
"""Kinds to which the documents, though they do not answer, may say what is fair to pass on: what
is really so, or that it is not disclosed."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found. `problems` names each fault in one line; none means the set is sound.

    `counts` is questions by kind and split; `formats` is files by ending, which
    hold `articles`.
    """

    problems: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    origins: Mapping[str, int]
    formats: Mapping[str, int]
    articles: int

    @property
    def sound(self) -> bool:
        return not self.problems


def check_sets(sets: Mapping[str, QuestionSet], corpus: Corpus, full: bool = True) -> CheckReport:
    """Verify question sets against their corpus.

    Every gold span at its offsets, answers in their gold text where the kind says so and nothing
    that counts as wrong in it, no group or question in two splits, reasons for refusals. With
    `full`, also the numbers of questions, kinds, origins, files and formats that the fixed set must
    reach.
    """
    problems: list[str] = []
    for name, one_set in sets.items():
        for question in one_set.questions:
            problems += [f"{name} {question.id}: {p}" for p in _check_one(question, corpus)]
    problems += _check_apart(sets)
    every = [question for one_set in sets.values() for question in one_set.questions]
    formats = Counter(Path(name).suffix.lstrip(".").lower() for name in corpus.documents())
    counts = {
        kind: {
            name: sum(question.kind == kind for question in one_set.questions)
            for name, one_set in sets.items()
        }
        for kind in KINDS
    }
    origins = Counter(question.origin for question in every)
    articles = sum(len(corpus.file(name).documents) for name in corpus.documents())
    if full:
        problems += _check_numbers(sets, counts, origins, formats, articles)
    return CheckReport(
        tuple(problems), counts, dict(origins), dict(sorted(formats.items())), articles
    )


def counts_table(report: CheckReport) -> str:
    """Questions by kind and split as a Markdown table, with a line of totals."""
    names = list(next(iter(report.counts.values()), {}))
    lines = ["| kind | " + " | ".join(names) + " | all |", "|---|" + "---:|" * (len(names) + 1)]
    rows = {kind: [row[name] for name in names] for kind, row in report.counts.items()}
    rows["**all**"] = [sum(row[place] for row in rows.values()) for place in range(len(names))]
    for kind, numbers in rows.items():
        lines.append(f"| {kind} | " + " | ".join(map(str, [*numbers, sum(numbers)])) + " |")
    formats = ", ".join(f"{number} {ending}" for ending, number in report.formats.items())
    origins = ", ".join(f"{number} from the {name}" for name, number in report.origins.items())
    files = f"{report.articles} articles in {sum(report.formats.values())} files: {formats}."
    return "\n".join([*lines, "", f"{files} Questions: {origins}.", ""])


def _check_one(question: Question, corpus: Corpus) -> list[str]:
    answerable, kind = question.answerable, question.kind
    faults = {
        "answerable, but no gold spans": answerable and not question.gold,
        "unanswerable, but does not say why": not answerable and not question.why,
        "unanswerable, but has accepted answers": (
            not answerable and bool(question.answers) and kind not in MAY_BE_SAID
        ),
        "a follow-up without history": kind == "follow_up" and not question.history,
        "an injection without forbidden text": kind == "injection" and not question.forbidden,
        "two documents needed, but the gold does not name two": (
            kind == "two_document" and len(question.documents) < 2
        ),
    }
    problems = [fault for fault, present in faults.items() if present]
    texts: list[str] = []
    for span in (span for group in question.gold for span in group):
        problem = _fault(span, corpus)
        if problem:
            problems.append(f"{span.document} {span.start}-{span.end}: {problem}")
        else:
            whole = corpus.sentence(Span(span.document, span.start, span.end))
            texts.append(fold(corpus.text(whole.document)[whole.start : whole.end]))
    problems += [
        f"its own gold sentence counts as wrong: {text!r}"
        for text in texts
        if is_spoilt(text, question.forbidden, question.rejected)
    ]
    readable = len(texts) == sum(len(group) for group in question.gold)
    if kind in LITERAL_KINDS and answerable and readable and _publishes_text(question):
        joined = " / ".join(texts)
        missing = len(question.answers) - found_groups(joined, question.answers)
        if missing:
            problems.append(f"{missing} of its answers not in the gold sentences {joined!r}")
    return problems


def _publishes_text(question: Question) -> bool:
    return all(span.quote for group in question.gold for span in group)


def _fault(span: GoldSpan, corpus: Corpus) -> str | None:
    try:
        text = fold(corpus.text(span.document)[span.start : span.end])
    except RagError as problem:
        return str(problem)
    if not text:
        return "nothing there"
    if span.quote and text != span.quote:
        return f"found {text!r}, expected {span.quote!r}"
    return None


def _check_apart(sets: Mapping[str, QuestionSet]) -> list[str]:
    problems: list[str] = []
    asked: dict[tuple[object, ...], str] = {}
    groups: dict[str, str] = {}
    for name, one_set in sets.items():
        for one in one_set.questions:
            place = f"{name} {one.id}"
            key = (_bare(one.question), tuple(_bare(turn.question) for turn in one.history))
            if key in asked:
                problems.append(f"{place}: the same question as {asked[key]}")
            asked.setdefault(key, place)
            if groups.setdefault(one.group, name) != name:
                problems.append(f"{place}: its group {one.group!r} is in {groups[one.group]} too")
    return problems


def _bare(question: str) -> tuple[object, ...]:
    return tuple(t.text if isinstance(t, Word) else t for t in tokens(question))


def _check_numbers(
    sets: Mapping[str, QuestionSet],
    counts: Mapping[str, Mapping[str, int]],
    origins: Mapping[str, int],
    formats: Mapping[str, int],
    articles: int,
) -> list[str]:
    total = sum(len(one_set.questions) for one_set in sets.values())
    found: Sequence[tuple[str, float, float]] = [
        ("questions", total, LEAST_QUESTIONS),
        ("documents", sum(formats.values()), LEAST_FILES),
        ("formats", len(formats), LEAST_FORMATS),
        ("articles", articles, LEAST_ARTICLES),
        *((f"{kind} questions", sum(row.values()), LEAST_PER_KIND) for kind, row in counts.items()),
        *((f"questions from the {o}", origins.get(o, 0), total / 3) for o in ("text", "analyst")),
    ]
    return [
        f"too few {what}: found {have}, expected at least {least:.0f}"
        for what, have, least in found
        if have < least
    ] + [f"no split {name}" for name in SPLITS if name not in sets]
