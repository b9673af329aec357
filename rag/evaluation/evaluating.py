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
from rag.evaluation.gate import Verdict, gate, load_bounds, make_baseline
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a set is run and what is kept of it; as it stands, all questions of one of our sets.

    What is asked: `corpus` takes the place of the folder's own. With `stage` "retrieval" nothing is
    answered. `sample` takes a fixed so many questions; `quick` searches for all but asks a fixed
    30. `split` and `questions_from` are for sets of others (`loaders.load_others`).
    Of whom: without `refusal` the system must answer however unsure. `system` names one that is not
    ours as it ships (`rag eval --system`), in the run's name. `settings` are names and values that
    describe it, in the run's header; a run is only gone on with (`resume`) under the same. `jobs`
    questions are searched for at once in the stage "retrieval".
    What is kept: the figures are held against `baseline`, and become one in `write_baseline`;
    `save` keeps the run in a file, or in a folder by set and commit; `report_dir` gets the report.
    Where: `folder` holds questions, corpus and baselines (`evaluation_folder`), `run_dir` runs.
    """

    corpus: Path | Corpus | None = None
    stage: Stage = "all"
    sample: int | None = None
    quick: bool = False
    split: str = "test"
    questions_from: Path | None = None
    refusal: bool = True
    system: str = ""
    settings: Mapping[str, str] | None = None
    resume: bool = True
    jobs: int = 1
    progress: ProgressCallback | None = None
    baseline: Path | None = None
    write_baseline: Path | None = None
    save: Path | None = None
    report_dir: Path | None = None
    folder: Path | None = None
    run_dir: Path | None = None

    @property
    def runs(self) -> Path:
        """The folder of runs, finished or not, and of the texts of sets of others."""
        return self.run_dir or home().state / "evaluation"


DEFAULTS = Options()


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
    set_name_or_path: str | Path, factory: AssistantFactory, options: Options = DEFAULTS
) -> Outcome:
    """Run a set, measure it, and gate, save and report as asked.

    A set is named ("dev"), or the path of a question file, or of a set of others (`open_set`). The
    factory is told when no generator is needed. What it made is closed, if it can be.

    Raises:
        EvaluationError: the set, corpus or baseline cannot be used.
    """
    question_set, corpus = open_set(set_name_or_path, options)
    steps = _steps(_chosen(question_set, options), options)
    header = _header(question_set, corpus, options)
    bounds = load_bounds(options.baseline, header) if options.baseline else None
    answerer = factory(
        corpus.folder, generator=any(step.ask for step in steps), refusal=options.refusal
    )
    path = options.runs / f"{header['name']}.jsonl"
    try:
        run = run_steps(
            steps, answerer, corpus, header, path, options.resume, options.progress, options.jobs
        )
    finally:
        if (close := getattr(answerer, "close", None)) is not None:
            close()
    summary = summarise(run)
    verdict = None if bounds is None else gate(summary, bounds)
    kept = _keep(run, summary, verdict, question_set, corpus, options)
    return Outcome(run, summary, verdict, (path, *kept))


def open_set(name_or_path: str | Path, options: Options) -> tuple[QuestionSet, Corpus]:
    """A set and its corpus: one of ours by name, a question file, or a set of others by path.

    The texts of a set of others (see `loaders.load_others`) are written below the runs, in a folder
    named by their content, where the next run finds them unchanged.
    """
    path = Path(name_or_path)
    if path.is_dir() or path.suffix == ".json" or is_rgb(path):
        source = path / "corpus.jsonl" if path.is_dir() else path
        content = source.read_bytes() if source.is_file() else b""
        texts = options.runs / "texts" / f"{path.stem}-{hashlib.sha256(content).hexdigest()[:8]}"
        loaded = load_others(path, texts, options.split, options.questions_from)
        return loaded.questions, Corpus(loaded.corpus)
    folder = evaluation_folder(options.folder)
    return load_set(name_or_path, folder / "questions"), corpus_of(options.corpus, folder)


def corpus_of(corpus: Path | Corpus | None, folder: Path) -> Corpus:
    """The corpus given, or `corpus/` of the evaluation folder."""
    return corpus if isinstance(corpus, Corpus) else Corpus(corpus or folder / "corpus")


def _chosen(question_set: QuestionSet, options: Options) -> tuple[Question, ...]:
    chosen = take_sample(question_set.questions, options.sample)
    if not chosen:
        raise EvaluationError(f"The set {question_set.name} has no questions.")
    if options.stage != "retrieval" and all(one.answers == NO_ANSWERS for one in chosen):
        raise EvaluationError(
            f"The set {question_set.name} names documents and no answers. Add: --stage retrieval"
        )
    return chosen


def _steps(questions: Sequence[Question], options: Options) -> list[Step]:
    asked = take_sample(questions, QUICK_ANSWERS) if options.quick else questions
    names = {one.id for one in asked} if options.stage != "retrieval" else set()
    return [Step(one, options.stage != "answer", one.id in names) for one in questions]


def _header(question_set: QuestionSet, corpus: Corpus, options: Options) -> dict[str, object]:
    made_by = commit()
    stage = "" if options.stage == "all" else options.stage
    parts = [question_set.name, options.system, stage, "quick" if options.quick else ""]
    parts += [f"sample{options.sample}" if options.sample else ""]
    parts += ["" if options.refusal else "unrefused", made_by]
    return {
        "name": "-".join(part for part in parts if part),
        "set": question_set.name,
        "set_sha256": question_set.sha256,
        "stage": options.stage,
        "quick": options.quick,
        "sample": options.sample,
        "refusal": options.refusal,
        "system": options.system or OURS,
        "commit": made_by,
        "documents": len(corpus.documents()),
        "settings": dict(options.settings or {}),
        "machine": machine(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _keep(
    run: Run,
    summary: Summary,
    verdict: Verdict | None,
    question_set: QuestionSet,
    corpus: Corpus,
    options: Options,
) -> list[Path]:
    """Write what the options ask for; the files written."""
    written: list[Path] = []
    if options.write_baseline:
        store_baseline(make_baseline(run, summary), options.write_baseline)
        written.append(options.write_baseline)
    if options.save:
        named = options.save.suffix == ".jsonl"
        written.append(options.save if named else options.save / f"{run.name}.jsonl")
        save_run(run, written[-1], texts=question_set.publishes_text)
    if options.report_dir:
        from rag.evaluation.report import write_report

        written += write_report(options.report_dir, run, summary, verdict, question_set, corpus)
    return written
