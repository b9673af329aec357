"""From questions as written, with quotes, to the fixed splits, with offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from rag.documents.fold import fold
from rag.errors import EvaluationError, RagError
from rag.evaluation.corpus import Corpus, find_all
from rag.evaluation.jsonlines import JsonObject, read_json_lines, write_json_lines
from rag.evaluation.measures.correctness import found_groups
from rag.evaluation.measures.spans import Span
from rag.evaluation.questions import SPLITS, Question, parse_lines, to_object

SHARES = {"dev": 120, "calibration": 80, "test": 100}
"""The splits' sizes in proportion."""


def compile_questions(authored: Path, corpus: Corpus, output: Path) -> dict[str, list[Question]]:
    """Read `authored/*.jsonl`, place every gold quote, split by group, write the split files.

    A gold item is {"document", "quote"} with an optional "sentence": the longer quote in which the
    quote must be looked for when it occurs more than once.

    Raises:
        EvaluationError: lists every line at fault: a quote that is not in its document or is there
            more than once, a field missing, an id used twice.
    """
    problems: list[str] = []
    placed: list[JsonObject] = []
    for path in sorted(authored.glob("*.jsonl")):
        for number, line in enumerate(read_json_lines(path), 1):
            try:
                one = {**line, "gold": _place(line.get("gold", []), corpus)}
                parse_lines([one], path.name)
            except RagError as problem:
                detail = str(problem).removeprefix(f"{path.name}, line 1: ")
                problems.append(f"{path.name}, line {number} ({line.get('id', 'no id')}): {detail}")
            else:
                placed.append(one)
    if not placed and not problems:
        raise EvaluationError(f"No questions in {authored}: expected .jsonl files there.")
    if problems:
        raise EvaluationError(
            f"{len(problems)} of the authored questions cannot be used:\n" + "\n".join(problems)
        )
    splits = split(parse_lines(placed, str(authored)))
    for name, questions in splits.items():
        write_json_lines(output / f"{name}.jsonl", [to_object(one) for one in questions])
    return splits


def split(questions: Sequence[Question]) -> dict[str, list[Question]]:
    """The questions by split; those of one group stay together.

    Groups in the order of their names' SHA-256 fill dev, then calibration, then test to their
    share; a group goes over the edge when that leaves the split nearer to its size.
    """
    groups: dict[str, list[Question]] = {}
    for one in questions:
        groups.setdefault(one.group, []).append(one)
    splits: dict[str, list[Question]] = {name: [] for name in SPLITS}
    total, names = sum(SHARES.values()), list(SPLITS)
    for group in sorted(groups, key=lambda name: hashlib.sha256(name.encode()).hexdigest()):
        members = groups[group]
        while len(names) > 1:
            target = len(questions) * SHARES[names[0]] / total
            have = len(splits[names[0]])
            if abs(have + len(members) - target) <= abs(have - target):
                break
            names.pop(0)
        splits[names[0]].extend(members)
    return {name: sorted(members, key=lambda one: one.id) for name, members in splits.items()}


def compile_seeds(questions: Path, corpus: Corpus, output: Path) -> list[Question]:
    """Turn questions with regular expressions and snippets into a set with offsets and no text.

    A line has `id`, `kind`, `question`, `answers` (groups of expressions; none: unanswerable),
    `document` and `snippets`. Gold is the whole sentence round each snippet; where a snippet occurs
    more than once, the sentences that hold most of the answers. Only offsets are written.

    Raises:
        EvaluationError: no snippet of a question is in its document.
    """
    placed: list[JsonObject] = []
    for line in read_json_lines(questions):
        answerable = bool(line["answers"])
        document = line.get("document") or ""
        spans = [
            corpus.sentence(Span(document, start, end))
            for snippet in line.get("snippets", [])
            for start, end in find_all(corpus.text(document), snippet)
        ]
        if answerable and not spans:
            raise EvaluationError(f"{line['id']}: none of its snippets is in {document}.")
        groups = [["re:" + pattern for pattern in group] for group in line["answers"]]
        gold = [span._asdict() for span in _fullest(sorted(set(spans)), groups, corpus)]
        placed.append(
            {
                "id": line["id"],
                "group": document or "none",
                "kind": "none_near" if line["kind"] == "none" else line["kind"],
                "question": line["question"],
                "answers": groups,
                "gold": [gold] if gold else [],
                "answerable": answerable,
                "why": "" if answerable else "the documents do not say",
                "origin": "analyst",
            }
        )
    result = parse_lines(placed, str(questions))
    write_json_lines(output, [to_object(one) for one in result])
    return result


def _fullest(spans: list[Span], groups: list[list[str]], corpus: Corpus) -> list[Span]:
    found = [
        found_groups(corpus.text(span.document)[span.start : span.end], groups) for span in spans
    ]
    most = max(found, default=0)
    return [span for span, number in zip(spans, found, strict=True) if number == most]


def _place(groups: Sequence[Sequence[Mapping[str, str]]], corpus: Corpus) -> list[list[JsonObject]]:
    return [[_place_one(item, corpus) for item in group] for group in groups]


def _place_one(item: Mapping[str, str], corpus: Corpus) -> JsonObject:
    document, quote = item.get("document", ""), item.get("quote", "")
    if not document or not quote:
        raise EvaluationError(f"a gold item needs a document and a quote, found {dict(item)!r}.")
    text = corpus.text(document)
    places = find_all(text, quote)
    if len(places) != 1 and "sentence" in item:
        frames = find_all(text, item["sentence"])
        if len(frames) == 1:
            (low, high) = frames[0]
            places = [(start, end) for start, end in places if low <= start and end <= high]
    if len(places) != 1:
        raise EvaluationError(
            f"the quote {quote!r} is {len(places)} times in {document}, expected once. Copy it "
            'from `rag inspect`, make it longer, or add "sentence" with the sentence it is in.'
        )
    return {"document": document, "start": places[0][0], "end": places[0][1], "quote": fold(quote)}
