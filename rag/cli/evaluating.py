"""`rag eval`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rag.cli.evaluation_words import ACTIONS
from rag.cli.output import Line, put, say
from rag.errors import UsageError
from rag.evaluation import commands, printing
from rag.evaluation.evaluating import Options
from rag.evaluation.evaluating import evaluate as run_set
from rag.evaluation.records import Progress


def evaluate(options: argparse.Namespace) -> int:
    """Run a set, or one of the actions."""
    actions = {
        "check": _check,
        "compile": _compile,
        "calibrate": _calibrate,
        "compare": _compare,
        "score": _score,
    }
    if options.what in ACTIONS:
        return actions[options.what](options)
    if options.files:
        raise UsageError(f"Unexpected {options.files[0]}: rag eval {options.what} takes no files.")
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    from rag.cli.evaluation_systems import system_factory

    line = Line()
    asked = Options(
        corpus=options.corpus,
        system=options.system,
        stage=options.stage,
        sample=options.sample,
        quick=options.quick,
        report_dir=options.report,
        baseline=options.baseline,
        write_baseline=options.write_baseline,
        save=options.save,
        resume=not options.fresh,
        jobs=options.jobs,
        split=options.split,
        questions_from=options.questions,
        progress=lambda now: _show(line, now),
        settings=_settings(options),
    )
    factory = system_factory(options.system, options.embedder, options.generator)
    outcome = run_set(options.what, factory, asked)
    line.end()
    put(printing.outcome_text(outcome))
    return 0 if outcome.passed else 1


def _settings(options: argparse.Namespace) -> dict[str, str]:
    """What describes the system under test in the run's header."""
    from rag.answering import prompt
    from rag.answering.abstention import default_confidence

    return {
        "generator": Path(options.generator or "default").name,
        "embedder": Path(options.embedder or "default").name,
        "prompt": prompt.fingerprint(),
        "threshold": f"{default_confidence().threshold:.4f}",
    }


def _check(options: argparse.Namespace) -> int:
    report = commands.check(corpus=options.corpus, write=options.write)
    put(printing.check_text(report))
    return 0 if report.sound else 1


def _compile(options: argparse.Namespace) -> int:
    put(printing.compiled_text(commands.compile_questions(corpus=options.corpus)))
    return 0


def _compare(options: argparse.Namespace) -> int:
    first, second = _two(options, "two saved runs")
    put(printing.comparison_text(commands.compare(first, second, options.report)))
    return 0


def _score(options: argparse.Namespace) -> int:
    from rag.evaluation.batch import score_batch

    questions, answers = _two(options, "QUESTIONS and ANSWERS")
    score = score_batch(questions, answers)
    put(json.dumps(score, ensure_ascii=False) if options.json else printing.score_text(score))
    return 0


def _two(options: argparse.Namespace, what: str) -> tuple[Path, Path]:
    if len(options.files) != 2:
        raise UsageError(f"rag eval {options.what} takes {what}; found {len(options.files)} files.")
    first, second = options.files
    return first, second


def _calibrate(options: argparse.Namespace) -> int:
    """Fit the refusal model and threshold, keep them, and say what they give."""
    from rag.cli.calibrating import calibrate

    line = Line()
    kept: dict[str, Any] = calibrate(options, lambda now: _show(line, now))
    line.end()
    put(kept["text"])
    for place in kept["places"]:
        say(f"Stored in {place}")
    return 0


def _show(line: Line, now: Progress) -> None:
    line.show(printing.progress_text(now))
