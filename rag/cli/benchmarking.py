"""`rag bench`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.api import assistant_factory
from rag.api import index as build_index
from rag.benchmark.limits import BareModel
from rag.benchmark.metering import Metered
from rag.benchmark.report import Report, markdown, write_report
from rag.benchmark.starting import folder_mb, run_process
from rag.benchmark.suite import Limits, against, ask_in_turn, measure_limits
from rag.cli.output import Line, put, say
from rag.evaluation.commands import evaluation_folder
from rag.evaluation.corpus import Corpus
from rag.evaluation.machine import commit, machine
from rag.evaluation.plain import Plain
from rag.evaluation.questions import Question, load_set, sample
from rag.home import home
from rag.models.cores import physical_cores
from rag.models.fetch import resolve_generator
from rag.models.loading import as_embedder
from rag.types import Embedder

OURS, PLAIN = "sourcebound", "plain"
_COLD_STARTS = {"rag --help, s": ["-m", "rag", "--help"], "import rag, s": ["-c", "import rag"]}


@dataclass(frozen=True, slots=True)
class _Setting:
    corpus: Path
    questions: tuple[Question, ...]
    embedder: Embedder
    weights: Path


def bench(options: argparse.Namespace) -> int:
    """Measure starts, questions against the plain pipeline, and the model against its limits."""
    place = evaluation_folder()
    line = Line()
    setting = _Setting(
        options.corpus or place / "corpus",
        sample(load_set(options.set, place / "questions").questions, options.questions),
        as_embedder(options.embedder, home()),
        resolve_generator(options.generator, home()),
    )
    starts = _starts(setting, options.embedder, line.show)
    # The generator is loaded last: a process that has it would slow the cold starts down.
    from rag.models.generator import LlamaGenerator

    meter = Metered(LlamaGenerator(setting.weights, states=home().state / "prompts"))
    systems = {
        OURS: assistant_factory(setting.embedder, meter)(
            setting.corpus, generator=True, refusal=True
        ),
        PLAIN: Plain(Corpus(setting.corpus), setting.embedder, meter),
    }
    asked = ask_in_turn(systems, meter, setting.questions, line.show)
    limits = _limits(setting.weights, meter, options.rounds, line.show)
    line.end()
    ratios = against(asked, OURS, PLAIN)
    report = Report(machine(), commit(), starts, tuple(asked), ratios, limits)
    put(markdown(report))
    for path in write_report(options.output or place / "reports", report):
        say(f"Wrote {path}")
    return 0


def _starts(
    setting: _Setting, embedder: str | None, show: Callable[[str], None]
) -> dict[str, float]:
    """Sizes, and what is started as a process of its own: the median of three, or once."""
    found = {
        "installed packages, MB": folder_mb(Path(sys.prefix) / "lib"),
        "weights of the generator, MB": setting.weights.stat().st_size / 1e6,
    }
    for name, arguments in _COLD_STARTS.items():
        show(name)
        found[name] = sorted(run_process(arguments).seconds for _ in range(3))[1]
    with tempfile.TemporaryDirectory() as folder:
        show("indexing the corpus")
        begun = time.perf_counter()
        build_index(setting.corpus, at=folder, embedder=setting.embedder)
        found["reading and indexing the corpus, s"] = time.perf_counter() - begun
        show("rag ask, cold")
        asked = setting.questions[0].question
        ask = ["-m", "rag", "ask", asked, "--index", folder, "--generator", str(setting.weights)]
        cold = run_process([*ask, "--embedder", embedder] if embedder else ask)
    found["rag ask, a process of its own, s"] = cold.seconds
    found["rag ask, largest resident size, MB"] = cold.peak_mb
    return found


def _limits(
    weights: Path, meter: Metered, rounds: int, show: Callable[[str], None]
) -> Limits | None:
    if not rounds:
        return None
    show("the bare model")
    threads = physical_cores()
    bare = BareModel(weights, threads)
    try:
        return measure_limits(meter, bare, weights.stat().st_size, threads, rounds)
    finally:
        bare.close()
