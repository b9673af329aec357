"""Run a question set through a system, keeping each result as it comes."""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from rag.errors import EvaluationError
from rag.evaluation.corpus import Corpus
from rag.evaluation.jsonlines import JsonObject, read_json_lines, write_json_lines
from rag.evaluation.machine import peak_memory_mb
from rag.evaluation.measures.spans import Span
from rag.evaluation.questions import Question
from rag.evaluation.records import (
    Answerer,
    Progress,
    ProgressCallback,
    Result,
    Run,
    Scores,
    result_from,
    result_object,
)
from rag.evaluation.scoring import blame, score_answer, score_retrieval

HOPELESS = 5
"""Failures in a row, from the start, after which a run is given up: nothing would be measured."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a run and what is done with it."""

    question: Question
    retrieve: bool
    ask: bool


def run_steps(
    steps: Sequence[Step],
    answerer: Answerer,
    corpus: Corpus,
    header: Mapping[str, Any],
    path: Path,
    resume: bool = True,
    progress: ProgressCallback | None = None,
    jobs: int = 1,
) -> Run:
    """Do the steps in order; each result is on disk before the next is taken.

    An unfinished run file at `path` with the same header is gone on with when `resume`; a finished
    one is begun anew. With `jobs` above 1 and nothing to ask, as many questions are searched for at
    once; a generator answers one at a time anyhow.

    Raises:
        EvaluationError: the models or settings are not those of the part that is already there, or
            the system fails on every question from the start.
    """
    done = _unfinished(path, header) if resume else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = [{"result": result_object(one)} for one in done.values()]
    write_json_lines(path, [{"header": dict(header)}, *kept])
    with path.open("a", encoding="utf-8") as file:
        for result in _fresh(steps, done, answerer, corpus, progress, jobs):
            _append(file, {"result": result_object(result)})
        footer = {"peak_memory_mb": peak_memory_mb()}
        _append(file, {"footer": footer})
    return Run(dict(header), tuple(done[step.question.id] for step in steps), footer)


def _fresh(
    steps: Sequence[Step],
    done: dict[str, Result],
    answerer: Answerer,
    corpus: Corpus,
    progress: ProgressCallback | None,
    jobs: int,
) -> Iterator[Result]:
    """The results that are not in `done` yet; each enters it when the caller has taken it."""
    begun = time.monotonic()
    broken = 0
    left_over = [step for step in steps if step.question.id not in done]
    for fresh, result in enumerate(_results(left_over, answerer, corpus, jobs), 1):
        _same_provenance(done, result)
        yield result
        done[result.id] = result
        broken += result.error is not None
        if broken == fresh == HOPELESS:
            raise EvaluationError(
                f"The system failed on each of the first {HOPELESS} questions, last with:\n"
                f"{result.error}Mend it, then run again with --fresh."
            )
        if progress:
            elapsed = time.monotonic() - begun
            left = (len(steps) - len(done)) * elapsed / fresh
            progress(Progress(len(done), len(steps), elapsed, left))


def _results(
    steps: Sequence[Step], answerer: Answerer, corpus: Corpus, jobs: int
) -> Iterator[Result]:
    if jobs <= 1 or any(step.ask for step in steps):
        yield from (do_step(step, answerer, corpus) for step in steps)
        return
    pool = ThreadPoolExecutor(jobs)
    try:
        yield from pool.map(lambda step: do_step(step, answerer, corpus), steps)
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass(slots=True)
class _Seen:
    """What the system did with one question; fields stay None where it was not asked or failed."""

    passages: tuple[Span, ...] | None = None
    evidence: tuple[Span, ...] | None = None
    retrieve_s: float | None = None
    answer: JsonObject | None = None
    error: str | None = None


def do_step(step: Step, answerer: Answerer, corpus: Corpus) -> Result:
    """Retrieve and ask as the step says; a failure of the system is kept as its error."""
    question, seen = step.question, _Seen()
    try:
        _observe(step, answerer, corpus, seen)
    except Exception:
        # A crash is an answer that is missing: it counts as wrong, and the report shows it.
        seen.error = _portable(traceback.format_exc(limit=-3), corpus)
    passages, evidence = seen.passages or (), seen.evidence or ()
    scores: Scores = {}
    if step.retrieve:
        scores |= score_retrieval(question, passages, evidence)
    if step.ask:
        scores |= score_answer(question, seen.answer, corpus)
    reason = None
    if step.ask and step.retrieve:
        right = scores["correct"][0] == 1.0
        reason = blame(question, right, seen.answer, passages, evidence, corpus)
    return Result(
        id=question.id,
        kind=question.kind,
        format=_format(question),
        answerable=question.answerable,
        asked=step.ask,
        passages=seen.passages,
        evidence=seen.evidence,
        answer=seen.answer,
        error=seen.error,
        retrieve_s=seen.retrieve_s,
        scores=scores,
        blame=reason,
    )


def _observe(step: Step, answerer: Answerer, corpus: Corpus, seen: _Seen) -> None:
    question = step.question
    if step.retrieve:
        begun = time.perf_counter()
        found = answerer.retrieve(question.question, question.history)
        seen.retrieve_s = time.perf_counter() - begun
        seen.passages = tuple(
            Span(corpus.name(one.document.path), one.sentences[0].start, one.sentences[-1].end)
            for one in found.hits
        )
        seen.evidence = tuple(
            Span(corpus.name(one.document.path), one.start, one.end) for one in found.evidence
        )
    if step.ask:
        seen.answer = asdict(answerer.ask(question.question, question.history))
        for citation in (*seen.answer["citations"], *seen.answer["nearest"]):
            citation["document"] = corpus.name(citation["document"])


def _portable(text: str, corpus: Corpus) -> str:
    """The text without where this machine keeps its files, so that a run can be published."""
    for folder in (corpus.folder, Path(__file__).resolve().parents[2], Path(sys.prefix)):
        text = text.replace(f"{folder}/", "")
    return text


def load_run(path: Path) -> Run:
    """A run as saved.

    Raises:
        EvaluationError: not a run file, or one that was not finished.
    """
    lines = read_json_lines(path)
    if not lines or "header" not in lines[0]:
        raise EvaluationError(f"{path} is not a run: its first line has no header.")
    if "footer" not in lines[-1]:
        raise EvaluationError(f"{path} was not finished. Run the same `rag eval` again to go on.")
    results = tuple(result_from(line["result"]) for line in lines[1:-1])
    return Run(lines[0]["header"], results, lines[-1]["footer"])


def save_run(run: Run, path: Path, texts: bool) -> None:
    """Write a finished run; without `texts`, only places and scores (see `result_object`)."""
    results = [{"result": result_object(one, texts)} for one in run.results]
    write_json_lines(path, [{"header": dict(run.header)}, *results, {"footer": dict(run.footer)}])


def _unfinished(path: Path, header: Mapping[str, Any]) -> dict[str, Result]:
    if not path.is_file():
        return {}
    lines: list[JsonObject] = []
    for line in path.read_bytes().split(b"\n"):  # a kill may have cut a character in two
        try:
            lines.append(json.loads(line))
        except (ValueError, RecursionError):
            break  # the line that was being written when the run was killed
    if not lines or _identity(lines[0].get("header", {})) != _identity(header):
        return {}
    if "footer" in lines[-1]:
        return {}
    results = [result_from(line["result"]) for line in lines[1:]]
    return {one.id: one for one in results}


def _identity(header: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in header.items() if name != "started"}


def _same_provenance(done: Mapping[str, Result], result: Result) -> None:
    if result.answer is None:
        return
    earlier = next((one.answer for one in done.values() if one.answer is not None), None)
    if earlier is not None and earlier["provenance"] != result.answer["provenance"]:
        raise EvaluationError(
            f"The run so far was made with {earlier['provenance']}, this answer with "
            f"{result.answer['provenance']}. Begin anew with --fresh."
        )


def _append(file: IO[str], record: JsonObject) -> None:
    file.write(json.dumps(record, ensure_ascii=False) + "\n")
    file.flush()


def _format(question: Question) -> str:
    endings = {PurePath(name).suffix.lstrip(".").lower() for name in question.documents}
    return "+".join(sorted(endings)) or "none"
