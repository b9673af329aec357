"""Question sets of others, by path: their questions as records, their texts as a corpus folder.

Nothing of theirs is kept: the caller names the folder the texts are written to, usually a temporary
one. Every text file is `<number>.txt`, so that no name of theirs becomes a path.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluation.jsonlines import JsonObject, read_json_lines
from rag.evaluation.questions import GoldSpan, Question, QuestionSet


@dataclass(frozen=True, slots=True)
class LoadedSet:
    """A set and the folder with the texts its gold spans are in.

    Gold spans carry no quotes, so a saved run of it holds none of the texts.
    """

    questions: QuestionSet
    corpus: Path


NO_ANSWERS = (("re:.",),)
"""The accepted answers of a question that only names its documents."""


def load_others(
    path: Path, corpus: Path, split: str = "test", questions_from: Path | None = None
) -> LoadedSet:
    """Load by the look of the path: a folder with qrels is BEIR, one with questions.jsonl is news,
    lines with queries and passages are RGB, a .json file is SQuAD. `split` is that of
    `load_beir`, `questions_from` of `load_squad`.

    Raises:
        EvaluationError: it looks like none of these, or is not what it looks like.
    """
    if path.is_dir() and list(path.glob("qrels*")):
        return _sound(load_beir(path, corpus, split), path)
    if (path / "questions.jsonl").is_file():
        return _sound(load_news(path, corpus), path)
    if is_rgb(path):
        return _sound(load_rgb(path, corpus), path)
    if path.suffix == ".json" and path.is_file():
        return _sound(load_squad(path, corpus, questions_from), path)
    raise EvaluationError(
        f"{path} is no set that can be loaded. Expected a SQuAD .json file, RGB lines, a BEIR "
        "folder (corpus.jsonl, queries*.jsonl, qrels*), or one with questions.jsonl, corpus.jsonl."
    )


def load_squad(path: Path, corpus: Path, questions_from: Path | None = None) -> LoadedSet:
    """SQuAD 1.1 or 2.0 JSON (Rajpurkar et al. 2018, arXiv 1806.03822), one file a paragraph.

    With `questions_from`, a parallel file with the same ids, its questions are asked of the
    paragraphs of `path` (as XQuAD allows, Artetxe et al. 2020, arXiv 1910.11856).

    Raises:
        EvaluationError: not such a file.
    """
    asked = {item["id"]: item["question"] for _, item in _squad_items(questions_from or path)}
    name_of_set = f"{path.stem}-asked-{questions_from.stem}" if questions_from else path.stem
    numbers: dict[str, int] = {}
    questions: list[Question] = []
    for text, item in _squad_items(path):
        if item["id"] not in asked:
            continue
        number = numbers.setdefault(text, len(numbers))
        name = _name(number)
        answers = set(item["answers"])
        answerable = bool(answers) and not item.get("is_impossible", False)
        spans = tuple(GoldSpan(name, start, start + len(a)) for a, start in sorted(answers))
        aliases = tuple(sorted({answer for answer, _ in answers}))
        questions.append(
            Question(
                id=item["id"],
                group=name,
                kind="fact" if answerable else "none_near",
                question=asked[item["id"]],
                answers=(aliases,) if answerable else (),
                gold=(spans,) if answerable else (),
                answerable=answerable,
                why="" if answerable else "not in the paragraph",
            )
        )
    _write(corpus, {_name(number): text for text, number in numbers.items()})
    return LoadedSet(QuestionSet(name_of_set, tuple(questions)), corpus)


def load_beir(path: Path, corpus: Path, split: str = "test") -> LoadedSet:
    """A BEIR folder (Thakur et al. 2021, arXiv 2104.08663): for retrieval only.

    Reads corpus.jsonl, `queries_<split>.jsonl` or queries.jsonl, and `qrels_<split>.tsv` or
    `qrels/<split>.tsv`. Each relevant document is a group of its own, so that `document_ndcg_10`
    is BEIR's nDCG@10 for binary relevance. Accepted answers are empty of meaning here.

    Raises:
        EvaluationError: a file is missing or not of that form.
    """
    texts, names = _texts(path / "corpus.jsonl", "_id")
    queries = _first(path, f"queries_{split}.jsonl", "queries.jsonl")
    relevant: dict[str, list[str]] = {}
    qrels = _first(path, f"qrels_{split}.tsv", f"qrels/{split}.tsv")
    with qrels.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t"), 2):
            _need(row, ("query-id", "corpus-id", "score"), f"{qrels}, line {number}")
            if _positive(row["score"], f"{qrels}, line {number}") and row["corpus-id"] in names:
                relevant.setdefault(row["query-id"], []).append(names[row["corpus-id"]])
    questions: list[Question] = []
    for number, line in enumerate(read_json_lines(queries), 1):
        _need(line, ("_id", "text"), f"{queries}, line {number}")
        identifier = str(line["_id"])
        spans = [(GoldSpan(one, 0, len(texts[one])),) for one in relevant.get(identifier, [])]
        if spans:
            gold = tuple(spans)
            questions.append(_question(identifier, line["text"], NO_ANSWERS, gold, "paraphrase"))
    _write(corpus, texts)
    return LoadedSet(QuestionSet(f"{path.name}-{split}", tuple(questions)), corpus)


def load_news(path: Path, corpus: Path) -> LoadedSet:
    """A folder of questions on the news, some with their articles taken out.

    questions.jsonl has `id`, `question`, `gold` (accepted answers), `gold_docs`, and for those
    whose articles were taken out `removed_answer` or a `task` other than "answerable"; corpus.jsonl
    has `id`, `title`, `text`. Any gold article suffices, anywhere in it: no sentence is marked, so
    only document measures and correctness mean something. A `date` is set before the question.

    Raises:
        EvaluationError: a file is missing or not of that form.
    """
    texts, names = _texts(path / "corpus.jsonl", "id")
    questions: list[Question] = []
    for number, line in enumerate(read_json_lines(path / "questions.jsonl"), 1):
        _need(line, ("id", "question", "gold"), f"{path / 'questions.jsonl'}, line {number}")
        documents = [names[one] for one in line.get("gold_docs") or [] if one in names]
        answerable = line.get("task", "answerable") == "answerable" and bool(documents)
        asked = f"({line['date']}) {line['question']}" if line.get("date") else line["question"]
        spans = tuple(GoldSpan(one, 0, len(texts[one])) for one in documents)
        gold, why = ((spans,) if answerable else ()), "its articles were taken out"
        answers = (_flat(line["gold"]),)
        questions.append(_question(str(line["id"]), asked, answers, gold, why=why))
    _write(corpus, texts)
    return LoadedSet(QuestionSet(path.name, tuple(questions)), corpus)


def is_rgb(path: Path) -> bool:
    """Whether the file's first line is one of RGB's."""
    if not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        first = file.readline()
    return all(f'"{name}"' in first for name in ("query", "answer", "positive", "negative"))


def load_rgb(path: Path, corpus: Path) -> LoadedSet:
    """Lines of RGB (Chen et al. 2023, arXiv 2309.01431): `id`, `query`, `answer`, `positive`,
    `negative`.

    The passages of all lines are one corpus. As in RGB's own scoring every element of `answer` is
    needed, a list by any of its aliases. Any positive passage suffices; none: unanswerable.

    Raises:
        EvaluationError: not such a file.
    """
    numbers: dict[str, int] = {}
    questions: list[Question] = []
    for number, line in enumerate(read_json_lines(path), 1):
        _need(line, ("id", "query", "answer", "positive", "negative"), f"{path}, line {number}")
        positive, negative = _flat(line["positive"]), _flat(line["negative"])
        for text in (*positive, *negative):
            numbers.setdefault(text, len(numbers))
        given = line["answer"] if isinstance(line["answer"], list) else [line["answer"]]
        spans = tuple(GoldSpan(_name(numbers[one]), 0, len(one)) for one in positive)
        answers = tuple(_flat(one) for one in given)
        gold, why = ((spans,) if spans else ()), "only noise is given"
        questions.append(_question(str(line["id"]), line["query"], answers, gold, why=why))
    _write(corpus, {_name(number): text for text, number in numbers.items()})
    return LoadedSet(QuestionSet(path.stem, tuple(questions)), corpus)


def _question(
    identifier: str,
    asked: str,
    answers: tuple[tuple[str, ...], ...],
    gold: tuple[tuple[GoldSpan, ...], ...],
    kind: str = "fact",
    why: str = "",
) -> Question:
    """A question in a group of its own; without gold it is unanswerable, for the reason `why`."""
    known = bool(gold)
    return Question(
        id=identifier,
        group=identifier,
        kind=kind if known else "none_near",
        question=asked,
        answers=answers if known else (),
        gold=gold,
        answerable=known,
        why="" if known else why,
    )


def _squad_items(path: Path) -> Iterable[tuple[str, JsonObject]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
        return [
            (str(paragraph["context"]), _squad_item(item))
            for article in data
            for paragraph in article["paragraphs"]
            for item in paragraph["qas"]
        ]
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as problem:
        raise EvaluationError(
            f"{path} is not SQuAD JSON ({type(problem).__name__}: {problem})."
        ) from None


def _squad_item(item: JsonObject) -> JsonObject:
    """The item, its answers as (text, place); those of no length cannot be found again."""
    if not item["question"]:
        raise ValueError(f"the question {item['id']!r} has no text")
    given = item.get("answers") or []
    answers = [(str(one["text"]), int(one["answer_start"])) for one in given if one["text"]]
    return {**item, "answers": answers}


def _texts(path: Path, key: str) -> tuple[dict[str, str], dict[str, str]]:
    """Texts by file name, and file names by the documents' own ids."""
    texts: dict[str, str] = {}
    names: dict[str, str] = {}
    for number, line in enumerate(read_json_lines(path)):
        _need(line, (key, "text"), f"{path}, line {number + 1}")
        name = names.setdefault(str(line[key]), _name(number))
        title = str(line.get("title") or "").strip()
        texts[name] = f"{title}\n\n{line['text']}\n" if title else f"{line['text']}\n"
    return texts, names


def _need(line: Mapping[str, Any], fields: Iterable[str], where: str) -> None:
    absent = [name for name in fields if name not in line]
    if absent:
        raise EvaluationError(f"{where}: no {', '.join(absent)}.")


def _positive(score: str, where: str) -> bool:
    try:
        return float(score) > 0
    except (TypeError, ValueError):
        raise EvaluationError(f"{where}: the score is {score!r}, expected a number.") from None


def _flat(given: Any) -> tuple[str, ...]:
    """Texts that are given as one, as a list, or as lists of lists."""
    if not isinstance(given, list):
        return (str(given),)
    return tuple(text for one in given for text in _flat(one))


def _sound(loaded: LoadedSet, path: Path) -> LoadedSet:
    """The set, when it has questions whose ids differ."""
    identifiers = [one.id for one in loaded.questions.questions]
    if not identifiers:
        raise EvaluationError(f"{path} has no question with a text that is there.")
    twice = [one for one, number in Counter(identifiers).items() if number > 1]
    if twice:
        raise EvaluationError(f"{path}: the question id {twice[0]!r} occurs more than once.")
    return loaded


def _first(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise EvaluationError(f"{folder} has neither {' nor '.join(names)}.")


def _name(number: int) -> str:
    return f"{number:06d}.txt"


def _write(corpus: Path, texts: Mapping[str, str]) -> None:
    corpus.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        # Bytes, so that line ends stay as they are and offsets hold.
        (corpus / name).write_bytes(text.encode("utf-8"))
