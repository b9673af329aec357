"""Runs that can be repeated, broken off and published."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from rag.evaluation.run import load_run
from tests.evaluation.fakes import NeverRefuses, Perfect
from tests.evaluation.test_gate import Bench

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def without_times(path):
    """What is saved of each question, less the times."""
    results = []
    for line in path.read_text(encoding="utf-8").splitlines():
        result = json.loads(line).get("result")
        if result:
            result.pop("retrieve_s")
            if result["answer"]:
                result["answer"].pop("timings")
            results.append(result)
    return results


def test_two_saved_runs_differ_in_their_times_alone(bench):
    for name in ("a", "b"):
        bench.run(NeverRefuses, save=bench.folder / f"{name}.jsonl")
    first, second = (without_times(bench.folder / f"{name}.jsonl") for name in ("a", "b"))
    assert len(first) == 12
    assert first == second


class Fails(NeverRefuses):
    def ask(self, question, history=(), filters=None):
        if question == "Who signed the duty?":
            (self.folder / "absent.txt").read_text()
        return replace(super().ask(question), nearest=(self.cite(9, "orbit.txt", 0, 5),))


def test_a_saved_run_and_its_report_do_not_tell_where_files_lie(bench):
    outcome = bench.run(Fails, save=bench.folder / "a.jsonl", report_dir=bench.folder / "out")
    saved, page, table = (path.read_text(encoding="utf-8") for path in outcome.written[1:])
    assert "FileNotFoundError" in saved
    assert '"document": "tariff.txt"' in saved
    assert 'href="../corpus/tariff.txt"' in page
    for text in (saved, page, table):
        assert str(bench.folder) not in text
        assert str(ROOT) not in text
    again = load_run(bench.folder / "a.jsonl")
    assert [one.scores for one in again.results] == [one.scores for one in outcome.run.results]


def test_searching_for_several_at_once_changes_nothing(bench):
    one = bench.run(Perfect, stage="retrieval")
    several = bench.run(Perfect, stage="retrieval", jobs=4)
    assert [replace(r, retrieve_s=0.0) for r in one.run.results] == [
        replace(r, retrieve_s=0.0) for r in several.run.results
    ]


SLOW_RUN = """
import sys, time
from pathlib import Path
from tests.evaluation.fakes import Perfect, make_corpus
from tests.evaluation.test_gate import Bench

class Slow(Perfect):
    def ask(self, question, history=(), filters=None):
        time.sleep(float(sys.argv[2]))
        return super().ask(question)

bench = Bench.__new__(Bench)
bench.folder = Path(sys.argv[1])
bench.factory_calls = []
from rag.evaluation.corpus import Corpus
from tests.evaluation.fakes import read_plain
bench.corpus = Corpus(bench.folder / "corpus", read_plain)
print(len(bench.run(Slow, resume=True).run.results), flush=True)
"""


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on(bench):
    def start(seconds):
        command = [sys.executable, "-c", SLOW_RUN, str(bench.folder), seconds]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def lines():
        paths = list((bench.folder / "runs").glob("*.jsonl"))
        return paths[0].read_text().splitlines() if paths else []

    child = start("0.3")
    while len(lines()) < 4 and child.poll() is None:
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    kept = lines()
    assert 4 <= len(kept) < 13
    finished, _ = start("0").communicate()
    assert finished.strip() == "12"
    # What was measured before the kill was not measured again.
    assert lines()[1 : len(kept)] == kept[1:]
    assert "footer" in json.loads(lines()[-1])
