"""What `rag eval` does, returning records; `printing` turns them into text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rag.errors import EvaluationError
from rag.evaluation.calibration import (
    Method,
    Threshold,
    conformal_risk_control,
    learn_then_test,
)
from rag.evaluation.check import CheckReport, check_sets, counts_table
from rag.evaluation.compare import Comparison, compare_runs
from rag.evaluation.compile import compile_questions as compile_authored
from rag.evaluation.compile import compile_seeds
from rag.evaluation.corpus import Corpus
from rag.evaluation.gate import Verdict, gate, load_baseline, make_baseline
from rag.evaluation.gate import write_baseline as store_baseline
from rag.evaluation.machine import commit, machine
from rag.evaluation.questions import SPLITS, Question, QuestionSet, load_set
from rag.evaluation.questions import sample as take_sample
from rag.evaluation.records import AssistantFactory, ProgressCallback, Result, Run
from rag.evaluation.run import Step, load_run, run_steps, save_run
from rag.evaluation.summary import Summary, summarise
from rag.home import home

Stage = Literal["retrieval", "answer", "all"]
QUICK_ANSWERS = 30
COUNTS_BEGIN, COUNTS_END = "<!-- counts: `rag eval check --write` -->", "<!-- end of counts -->"


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


@dataclass(frozen=True, slots=True)
class Selective:
    """What a threshold gives on a set: answered and wrong among them, of `questions`.

    `answerable` of them had an answer; `refused_rightly` counts the others that were held back.
    """

    set_name: str
    questions: int
    answered: int
    wrong: int
    answerable: int
    refused_rightly: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """A threshold, how it does on the calibration set and on the set it is reported on."""

    threshold: Threshold
    on_calibration: Selective
    on_report: Selective | None


def evaluation_folder(folder: Path | None = None) -> Path:
    """The folder with `questions/`, `corpus/`, `baselines/` and `reports/`: eval/ of the home."""
    return folder or home().root / "eval"


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
) -> Outcome:
    """Run a set, measure it, and gate, save and report as asked.

    `quick` retrieves for all questions but asks only a fixed 30. With stage "retrieval" the
    factory is told that no generator is needed. `settings` (names and values that describe the
    system under test) go into the run's header; a run is only gone on with under the same.
    `save` may be a folder: then the file is named by set and commit.

    Raises:
        EvaluationError: the set, corpus or baseline cannot be used.
    """
    place = evaluation_folder(folder)
    question_set = load_set(set_name_or_path, place / "questions")
    documents = _corpus(corpus, place)
    chosen = take_sample(question_set.questions, sample)
    if not chosen:
        raise EvaluationError(f"The set {question_set.name} has no questions.")
    bounds = load_baseline(baseline) if baseline else None
    steps = _steps(chosen, stage, quick)
    header = _header(question_set, stage, sample, quick, refusal, documents, settings)
    answerer = assistant_factory(
        documents.folder, generator=any(step.ask for step in steps), refusal=refusal
    )
    path = (run_dir or home().state / "evaluation") / f"{header['name']}.jsonl"
    run = run_steps(steps, answerer, documents, header, path, resume, progress)
    summary = summarise(run)
    written = [path]
    if write_baseline:
        store_baseline(make_baseline(run, summary), write_baseline)
        written.append(write_baseline)
    if save:
        target = save if save.suffix == ".jsonl" else save / f"{header['name']}.jsonl"
        save_run(run, target, texts=question_set.publishes_text)
        written.append(target)
    verdict = gate(run, summary, bounds, str(baseline)) if bounds is not None else None
    if report_dir:
        from rag.evaluation.report import write_report

        written += write_report(report_dir, run, summary, verdict, question_set, documents)
    return Outcome(run, summary, verdict, tuple(written))


def check(
    *,
    corpus: Path | Corpus | None = None,
    names: Sequence[str] = SPLITS,
    folder: Path | None = None,
    write: bool = False,
) -> CheckReport:
    """Verify the fixed set (or the sets named); its table of counts must be that in README.md.

    With `write`, the table is written there first.
    """
    place = evaluation_folder(folder)
    sets = {name: load_set(name, place / "questions") for name in names}
    full = tuple(names) == SPLITS
    report = check_sets(sets, _corpus(corpus, place), full)
    readme = place / "README.md"
    if not full or not readme.is_file():
        return report
    current = readme.read_text(encoding="utf-8")
    renewed = _with_counts(current, counts_table(report))
    if write:
        readme.write_text(renewed, encoding="utf-8")
    elif renewed != current:
        stale = f"{readme}: the table of counts is stale. Run `rag eval check --write`."
        return CheckReport((*report.problems, stale), report.counts, report.origins, report.formats)
    return report


def compare(run_a: Path | str, run_b: Path | str) -> Comparison:
    """Two saved runs, question by question.

    Raises:
        EvaluationError: a file is no finished run, or they are of different questions.
    """
    return compare_runs(load_run(Path(run_a)), load_run(Path(run_b)))


def calibrate(
    set_name_or_path: str | Path = "calibration",
    *,
    assistant_factory: AssistantFactory,
    corpus: Path | Corpus | None = None,
    risk: float = 0.05,
    delta: float = 0.1,
    method: Method = "learn_then_test",
    report_on: str | Path | None = "test",
    progress: ProgressCallback | None = None,
    resume: bool = True,
    settings: Mapping[str, str] | None = None,
    run_dir: Path | None = None,
    folder: Path | None = None,
) -> Calibration:
    """Fit the refusal threshold with refusal switched off, and say what it gives on another set.

    An unanswerable question that gets an answer counts as wrong. Storing the threshold is the
    caller's part.
    """

    def results_of(name: str | Path) -> tuple[Result, ...]:
        outcome = evaluate(
            name, assistant_factory=assistant_factory, corpus=corpus, stage="answer",
            resume=resume, progress=progress, settings=settings, run_dir=run_dir, folder=folder,
            refusal=False,
        )  # fmt: skip
        return outcome.run.results

    results = results_of(set_name_or_path)
    threshold = fit_threshold(results, risk, delta, method)
    reported = None
    if report_on is not None:
        reported = apply_threshold(results_of(report_on), threshold.value, Path(report_on).stem)
    own = apply_threshold(results, threshold.value, Path(set_name_or_path).stem)
    return Calibration(threshold, own, reported)


def fit_threshold(
    results: Sequence[Result], risk: float, delta: float, method: Method
) -> Threshold:
    """The threshold from results of a system that did not refuse by confidence.

    What it refused for other reasons (nothing retrieved, checks failed) has no answer to be wrong,
    so it enters with confidence -1, below every threshold.
    """
    confidence = [one.confidence if one.answered else -1.0 for one in results]
    wrong = [one.answered and not one.correct for one in results]
    usable = [(c, w) for c, w in zip(confidence, wrong, strict=True) if c >= 0]
    if method == "learn_then_test":
        return learn_then_test([c for c, _ in usable], [w for _, w in usable], risk, delta)
    return conformal_risk_control(confidence, wrong, risk)


def apply_threshold(results: Sequence[Result], threshold: float, name: str) -> Selective:
    """Count what is answered at a threshold and how much of it is wrong."""
    given = [one for one in results if one.answered and one.confidence >= threshold]
    answered = {one.id for one in given}
    held = [one for one in results if not one.answerable and one.id not in answered]
    return Selective(
        name,
        len(results),
        len(given),
        sum(not one.correct for one in given),
        sum(one.answerable for one in results),
        len(held),
    )


def compile_questions(
    *, corpus: Path | Corpus | None = None, folder: Path | None = None
) -> dict[str, list[Question]]:
    """`questions/authored/*.jsonl` to the three split files; what it returns is what it wrote."""
    place = evaluation_folder(folder)
    questions = place / "questions"
    return compile_authored(questions / "authored", _corpus(corpus, place), questions)


def compile_seed_questions(
    source: Path, *, corpus: Path | Corpus, output: Path | None = None, folder: Path | None = None
) -> list[Question]:
    """A file of the `rag eval score` form to `questions/seeds.jsonl`: offsets, no text."""
    place = evaluation_folder(folder)
    return compile_seeds(source, _corpus(corpus, place), output or place / "questions/seeds.jsonl")


def _corpus(corpus: Path | Corpus | None, folder: Path) -> Corpus:
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
) -> dict[str, object]:
    made_by = commit()
    parts = [question_set.name, "" if stage == "all" else stage, "quick" if quick else ""]
    parts += [f"sample{size}" if size else "", "" if refusal else "unrefused", made_by]
    return {
        "name": "-".join(part for part in parts if part),
        "set": question_set.name,
        "set_sha256": question_set.sha256,
        "stage": stage,
        "quick": quick,
        "sample": size,
        "refusal": refusal,
        "commit": made_by,
        "documents": len(corpus.documents()),
        "settings": dict(settings or {}),
        "machine": machine(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _with_counts(text: str, table: str) -> str:
    before, begin, rest = text.partition(COUNTS_BEGIN)
    _, end, after = rest.partition(COUNTS_END)
    if not begin or not end:
        raise EvaluationError(f"eval/README.md needs the lines {COUNTS_BEGIN} and {COUNTS_END}.")
    return f"{before}{begin}\n{table}{end}{after}"
