"""Question sets of others, by path: their questions as records, their texts as a corpus folder.

Nothing of theirs is kept: the caller names the folder the texts are written to, usually a temporary
one. Every text file is `<number>.txt`, so that no name of theirs becomes a path.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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


def load_others(path: Path, corpus: Path, language_of_questions: Path | None = None) -> LoadedSet:
    """Load by the look of the path: a folder with qrels is BEIR, one with questions.jsonl is
    RGB-style, a .json file is SQuAD. `language_of_questions` is as in `load_squad`.

    Raises:
        EvaluationError: it looks like none of these.
    """
    if path.is_dir() and list(path.glob("qrels*")):
        return load_beir(path, corpus)
    if (path / "questions.jsonl").is_file():
        return load_news(path, corpus)
    if path.suffix == ".json" and path.is_file():
        return load_squad(path, corpus, language_of_questions)
    raise EvaluationError(
        f"{path} is no set that can be loaded. Expected a SQuAD .json file, a BEIR folder "
        "(corpus.jsonl, queries*.jsonl, qrels*), or a folder with questions.jsonl and corpus.jsonl."
    )


def load_squad(path: Path, corpus: Path, questions_from: Path | None = None) -> LoadedSet:
    """SQuAD 1.1 or 2.0 JSON (Rajpurkar et al. 2018, arXiv 1806.03822), one file a paragraph.

    With `questions_from`, a parallel file with the same ids, its questions are asked of the
    paragraphs of `path` (as XQuAD allows, Artetxe et al. 2020, arXiv 1910.11856).

    Raises:
        EvaluationError: not such a file.
    """
    asked = {item["id"]: item["question"] for _, item in _squad_items(questions_from or path)}
    numbers: dict[str, int] = {}
    questions: list[Question] = []
    for text, item in _squad_items(path):
        if item["id"] not in asked:
            continue
        number = numbers.setdefault(text, len(numbers))
        name = _name(number)
        answers = {(one["text"], int(one["answer_start"])) for one in item.get("answers", [])}
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
    return LoadedSet(QuestionSet(path.stem, tuple(questions)), corpus)


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
        for row in csv.DictReader(file, delimiter="\t"):
            if float(row["score"]) > 0 and row["corpus-id"] in names:
                relevant.setdefault(row["query-id"], []).append(names[row["corpus-id"]])
    questions = [
        Question(
            id=str(line["_id"]),
            group=str(line["_id"]),
            kind="paraphrase",
            question=line["text"],
            answers=(("re:.",),),
            gold=tuple((GoldSpan(name, 0, len(texts[name])),) for name in relevant[line["_id"]]),
            answerable=True,
        )
        for line in read_json_lines(queries)
        if line["_id"] in relevant
    ]
    _write(corpus, texts)
    return LoadedSet(QuestionSet(f"{path.name}-{split}", tuple(questions)), corpus)


def load_news(path: Path, corpus: Path) -> LoadedSet:
    """A folder of news questions in the manner of RGB (Chen et al. 2023, arXiv 2309.01431).

    questions.jsonl has `id`, `question`, `gold` (accepted answers), `gold_docs`, and for those
    whose articles were taken out `removed_answer` or a `task` other than "answerable"; corpus.jsonl
    has `id`, `title`, `text`. Any gold article suffices, anywhere in it: no sentence is marked, so
    only document measures and correctness mean something. A `date` is set before the question.

    Raises:
        EvaluationError: a file is missing or not of that form.
    """
    texts, names = _texts(path / "corpus.jsonl", "id")
    questions: list[Question] = []
    for line in read_json_lines(path / "questions.jsonl"):
        documents = [names[one] for one in line.get("gold_docs") or [] if one in names]
        answerable = line.get("task", "answerable") == "answerable" and bool(documents)
        asked = f"({line['date']}) {line['question']}" if line.get("date") else line["question"]
        questions.append(
            Question(
                id=str(line["id"]),
                group=str(line["id"]),
                kind="fact" if answerable else "none_near",
                question=asked,
                answers=(tuple(map(str, line["gold"])),) if answerable else (),
                gold=(tuple(GoldSpan(one, 0, len(texts[one])) for one in documents),)
                if answerable
                else (),
                answerable=answerable,
                why="" if answerable else "its articles were taken out",
            )
        )
    _write(corpus, texts)
    return LoadedSet(QuestionSet(path.name, tuple(questions)), corpus)


def only(loaded: LoadedSet, questions: Iterable[Question]) -> LoadedSet:
    """The same corpus with fewer questions."""
    return replace(loaded, questions=replace(loaded.questions, questions=tuple(questions)))


def _squad_items(path: Path) -> Iterable[tuple[str, JsonObject]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
        return [
            (paragraph["context"], item)
            for article in data
            for paragraph in article["paragraphs"]
            for item in paragraph["qas"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise EvaluationError(
            f"{path} is not SQuAD JSON ({type(problem).__name__}: {problem})."
        ) from None


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
