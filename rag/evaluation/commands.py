"""What `rag eval` does, returning records; `printing` turns them into text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError
from rag.evaluation.check import CheckReport, check_sets, counts_table
from rag.evaluation.compare import Comparison, compare_runs
from rag.evaluation.compile import compile_questions as compile_authored
from rag.evaluation.corpus import Corpus
from rag.evaluation.evaluating import Options, Outcome, Stage, corpus_of, evaluation_folder
from rag.evaluation.evaluating import evaluate as run_set
from rag.evaluation.questions import SPLITS, Question, load_set
from rag.evaluation.records import AssistantFactory
from rag.evaluation.run import load_run

__all__ = [
    "Options", "Outcome", "Stage", "check", "compare", "compile_questions", "evaluate",
    "evaluation_folder",
]  # fmt: skip

COUNTS_BEGIN, COUNTS_END = "<!-- counts: `rag eval check --write` -->", "<!-- end of counts -->"


def evaluate(
    set_name_or_path: str | Path, *, assistant_factory: AssistantFactory, **options: Any
) -> Outcome:
    """Run a set (see `evaluating.evaluate`); `options` are the fields of `Options`."""
    return run_set(set_name_or_path, assistant_factory, Options(**options))


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
    report = check_sets(sets, corpus_of(corpus, place), full)
    readme = place / "README.md"
    if not full or not readme.is_file():
        return report
    current = readme.read_text(encoding="utf-8")
    renewed = _with_counts(current, counts_table(report))
    if write:
        readme.write_text(renewed, encoding="utf-8")
    elif renewed != current:
        stale = f"{readme}: the table of counts is stale. Run `rag eval check --write`."
        return replace(report, problems=(*report.problems, stale))
    return report


def compare(run_a: Path | str, run_b: Path | str, report_dir: Path | None = None) -> Comparison:
    """Two saved runs, question by question; with `report_dir`, also as Markdown there.

    Raises:
        EvaluationError: a file is no finished run, or they are of different questions.
    """
    comparison = compare_runs(load_run(Path(run_a)), load_run(Path(run_b)))
    if report_dir is not None:
        from rag.evaluation.report.markdown import comparison_report

        report_dir.mkdir(parents=True, exist_ok=True)
        path = report_dir / f"{comparison.first}-against-{comparison.second}.md"
        path.write_text(comparison_report(comparison), encoding="utf-8")
    return comparison


def compile_questions(
    *, corpus: Path | Corpus | None = None, folder: Path | None = None
) -> dict[str, list[Question]]:
    """`questions/authored/*.jsonl` to the three split files; what it returns is what it wrote."""
    place = evaluation_folder(folder)
    questions = place / "questions"
    return compile_authored(questions / "authored", corpus_of(corpus, place), questions)


def _with_counts(text: str, table: str) -> str:
    before, begin, rest = text.partition(COUNTS_BEGIN)
    _, end, after = rest.partition(COUNTS_END)
    if not begin or not end:
        raise EvaluationError(f"eval/README.md needs the lines {COUNTS_BEGIN} and {COUNTS_END}.")
    return f"{before}{begin}\n{table}{end}{after}"
