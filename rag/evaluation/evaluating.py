"""One evaluation from end to end: set, run, figures, gate, report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rag.errors import EvaluationError
from rag.evaluation.corpus import Corpus
from rag.evaluation.gate import Verdict, gate, load_baseline, make_baseline
from rag.evaluation.gate import write_baseline as store_baseline
from rag.evaluation.loaders import NO_ANSWERS, is_rgb, load_others
from rag.evaluation.machine import commit, machine
from rag.evaluation.questions import Question, QuestionSet, load_set
from rag.evaluation.questions import sample as take_sample
from rag.evaluation.records import OURS, AssistantFactory, ProgressCallback, Run
from rag.evaluation.run import Step, run_steps, save_run
from rag.evaluation.summary import Summary, summarise
from rag.home import home

Stage = Literal["retrieval", "answer", "all"]
QUICK_ANSWERS = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run, its figures, the verdict when there was a baseline, and the files written."""

    run: Run
    summary: Summary
    verdict: Verdict | None
    written: tuple[Path, ...]

    @property
    def passed(self) -> bool:
        return self.verdict is None or self.verdict.passed


def evaluation_folder(folder: Path | None = None) -> Path:
    """The folder with `questions/`, `corpus/`, `baselines/` and `reports/`: eval/ of the home."""
    if folder is not None:
        return folder
    own = home().root / "eval"
    checkout = Path(__file__).resolve().parents[2] / "eval"
    return own if own.is_dir() or not checkout.is_dir() else checkout


def evaluate(
    set_name_or_path: str | Path,
    *,
    assistant_factory: AssistantFactory,
    corpus: Path | Corpus | None = None,
    stage: Stage = "all",
    sample: int | None = None,
    quick: bool = False,
    report_dir: Path | None = None,
    baseline: Path | None = None,
    write_baseline: Path | None = None,
    save: Path | None = None,
    resume: bool = True,
    progress: ProgressCallback | None = None,
    settings: Mapping[str, str] | None = None,
    run_dir: Path | None = None,
    folder: Path | None = None,
    refusal: bool = True,
    system: str = "",
    jobs: int = 1,
    split: str = "test",
    questions_from: Path | None = None,
) -> Outcome:
    """Run a set, measure it, and gate, save and report as asked.

    A set is named ("dev"), or the path of a question file, or of a set of others (`open_set`).

    `quick` retrieves for all questions but asks only a fixed 30. With stage "retrieval" the
    factory is told that no generator is needed. `settings` (names and values that describe the
    system under test) go into the run's header; a run is only gone on with under the same.
    `jobs` questions are searched for at once in the stage "retrieval". `split` and `questions_from`
    are for sets of others: see `loaders.load_others`.
    `system` names one that is not ours as it ships (see `rag eval --system`), in the run's name.
    `save` may be a folder: then the file is named by set and commit.

    Raises:
        EvaluationError: the set, corpus or baseline cannot be used.
    """
    place = evaluation_folder(folder)
    runs = run_dir or home().state / "evaluation"
    question_set, documents = open_set(
        set_name_or_path, corpus, place, runs / "texts", split, questions_from
    )
    chosen = take_sample(question_set.questions, sample)
    if not chosen:
        raise EvaluationError(f"The set {question_set.name} has no questions.")
    if stage != "retrieval" and all(one.answers == NO_ANSWERS for one in chosen):
        raise EvaluationError(
            f"The set {question_set.name} names documents and no answers. Add: --stage retrieval"
        )
    bounds = load_baseline(baseline) if baseline else None
    steps = _steps(chosen, stage, quick)
    header = _header(question_set, stage, sample, quick, refusal, documents, settings, system)
    answerer = assistant_factory(
        documents.folder, generator=any(step.ask for step in steps), refusal=refusal
    )
    path = runs / f"{header['name']}.jsonl"
    run = run_steps(steps, answerer, documents, header, path, resume, progress, jobs)
    summary = summarise(run)
    verdict = gate(run, summary, bounds, str(baseline)) if bounds is not None else None
    written = [path]
    if write_baseline:
        store_baseline(make_baseline(run, summary), write_baseline)
        written.append(write_baseline)
    if save:
        written.append(save if save.suffix == ".jsonl" else save / path.name)
        save_run(run, written[-1], texts=question_set.publishes_text)
    if report_dir:
        from rag.evaluation.report import write_report

        written += write_report(report_dir, run, summary, verdict, question_set, documents)
    return Outcome(run, summary, verdict, tuple(written))


def open_set(
    name_or_path: str | Path,
    corpus: Path | Corpus | None,
    folder: Path,
    texts: Path,
    split: str = "test",
    questions_from: Path | None = None,
) -> tuple[QuestionSet, Corpus]:
    """A set and its corpus: one of ours by name, a question file, or a set of others by path.

    The texts of a set of others (see `loaders.load_others`) are written below `texts`, in a folder
    named by their content, where the next run finds them unchanged.
    """
    path = Path(name_or_path)
    if path.is_dir() or path.suffix == ".json" or is_rgb(path):
        source = path / "corpus.jsonl" if path.is_dir() else path
        content = source.read_bytes() if source.is_file() else b""
        mark = hashlib.sha256(content).hexdigest()[:8]
        loaded = load_others(path, texts / f"{path.stem}-{mark}", split, questions_from)
        return loaded.questions, Corpus(loaded.corpus)
    return load_set(name_or_path, folder / "questions"), corpus_of(corpus, folder)


def corpus_of(corpus: Path | Corpus | None, folder: Path) -> Corpus:
    """The corpus given, or `corpus/` of the evaluation folder."""
    return corpus if isinstance(corpus, Corpus) else Corpus(corpus or folder / "corpus")


def _steps(questions: Sequence[Question], stage: Stage, quick: bool) -> list[Step]:
    asked = {one.id for one in (take_sample(questions, QUICK_ANSWERS) if quick else questions)}
    return [
        Step(one, retrieve=stage != "answer", ask=stage != "retrieval" and one.id in asked)
        for one in questions
    ]


def _header(
    question_set: QuestionSet,
    stage: Stage,
    size: int | None,
    quick: bool,
    refusal: bool,
    corpus: Corpus,
    settings: Mapping[str, str] | None,
    system: str,
) -> dict[str, object]:
    made_by = commit()
    parts = [question_set.name, system, "" if stage == "all" else stage, "quick" if quick else ""]
    parts += [f"sample{size}" if size else "", "" if refusal else "unrefused", made_by]
    return {
        "name": "-".join(part for part in parts if part),
        "set": question_set.name,
        "set_sha256": question_set.sha256,
        "stage": stage,
        "quick": quick,
        "sample": size,
        "refusal": refusal,
        "system": system or OURS,
        "commit": made_by,
        "documents": len(corpus.documents()),
        "settings": dict(settings or {}),
        "machine": machine(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }
