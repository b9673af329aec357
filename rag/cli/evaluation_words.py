"""The words of `rag eval`: a set's name runs it, an action's name does something else with sets."""

from __future__ import annotations

import argparse
from pathlib import Path

from rag.cli.numbers import share, whole
from rag.cli.parser import later

ACTIONS = ("check", "compile", "calibrate", "compare", "score")
SYSTEMS = ("plain", "passages", "no-selection", "no-grammar", "no-checks", "no-calibration")


def add_evaluation(evaluate: argparse.ArgumentParser) -> None:
    """One level only, so that `rag eval dev` and `rag eval check` read alike."""
    evaluate.set_defaults(run=later("evaluating:evaluate"))
    evaluate.add_argument(
        "what",
        nargs="?",
        default="dev",
        help=f"a set (dev, calibration, test, seeds, a path) or one of: {', '.join(ACTIONS)}",
    )
    evaluate.add_argument(
        "files",
        nargs="*",
        type=Path,
        help="for compare and score: two files; for calibrate: saved runs, none to ask now",
    )
    _add_run(evaluate)
    evaluate.add_argument("--write", action="store_true", help="check: renew the table of counts")
    evaluate.add_argument(
        "--risk", type=share, default=0.05, help="calibrate: wrong among answered"
    )
    evaluate.add_argument(
        "--store", type=Path, metavar="FILE", help="calibrate: write it there too"
    )
    evaluate.add_argument("--index", type=Path, metavar="DIR", help="calibrate: keep it there")
    evaluate.add_argument("--generator", metavar="NAME|FILE")
    evaluate.add_argument("--embedder", metavar="NAME|DIR")
    evaluate.add_argument("--json", action="store_true")
    evaluate.add_argument("--debug", action="store_true", default=argparse.SUPPRESS)


def _add_run(evaluate: argparse.ArgumentParser) -> None:
    """What a run over a set asks of whom, and what becomes of it."""
    evaluate.add_argument("--corpus", type=Path, metavar="DIR", help="default: eval/corpus")
    evaluate.add_argument("--split", default="test", help="of a BEIR folder: test, train")
    evaluate.add_argument(
        "--questions", type=Path, metavar="FILE", help="ask those of a parallel SQuAD file"
    )
    evaluate.add_argument("--stage", choices=("retrieval", "answer", "all"), default="all")
    evaluate.add_argument("--quick", action="store_true", help="answers for a fixed 30 only")
    evaluate.add_argument("--sample", type=whole(1), metavar="N", help="only a fixed sample")
    evaluate.add_argument(
        "--system",
        choices=SYSTEMS,
        default="",
        help="another system to compare with: a plain pipeline, or ours with one part left out",
    )
    evaluate.add_argument("--report", type=Path, metavar="DIR", help="write HTML and Markdown")
    evaluate.add_argument("--baseline", type=Path, metavar="FILE", help="gate against it")
    evaluate.add_argument("--write-baseline", type=Path, metavar="FILE")
    evaluate.add_argument("--save", type=Path, metavar="FILE", help="keep the run")
    evaluate.add_argument("--fresh", action="store_true", help="do not go on with a broken-off run")
    evaluate.add_argument(
        "--jobs",
        type=whole(1),
        default=1,
        metavar="N",
        help="--stage retrieval: questions at a time",
    )
