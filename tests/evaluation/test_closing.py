"""An evaluation leaves nothing open: the page runs many in one process, with its own generator."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

import pytest

import rag.models.loading
from rag.answering.assistant import Assistant
from rag.cli.serving import quick_run
from rag.errors import EvaluationError
from rag.evaluation.commands import evaluate
from rag.indexing import update
from tests.answering.support import ScriptedGenerator
from tests.evaluation.fakes import Perfect, make_corpus, make_set
from tests.indexing.support import HashingEmbedder


class Lent(ScriptedGenerator):
    """The page's generator, which must outlive the evaluation."""

    closed = False

    def close(self) -> None:
        self.closed = True


def held(root: Path) -> list[str]:
    """The files below `root` that this process has open or mapped."""
    gc.collect()
    links = Path("/proc/self/fd").iterdir()
    opened = [str(link.readlink()) for link in links if link.is_symlink()]
    mapped = [
        line.split(maxsplit=5)[-1] for line in Path("/proc/self/maps").read_text().split("\n")[:-1]
    ]
    return sorted({Path(each).name for each in (*opened, *mapped) if str(root) in each})


@pytest.fixture
def page(isolated: Path, monkeypatch) -> Assistant:
    """The page's assistant, in a home with a set and a corpus of its own."""
    monkeypatch.setattr(rag.models.loading, "as_embedder", lambda given, home: HashingEmbedder())
    corpus = make_corpus(isolated / "eval" / "corpus")
    make_set(isolated / "eval" / "questions" / "dev.jsonl", corpus)
    update(isolated / "index" / "default", [isolated / "eval" / "corpus"], HashingEmbedder())
    return Assistant(generator=Lent("The quay was closed in May. [S1]"))


def test_a_quick_run_of_the_page_closes_its_index_and_not_the_generator(page, isolated) -> None:
    seen: list[list[str]] = []
    runs = isolated / "index" / "state" / "evaluation"
    options = argparse.Namespace(embedder=None, generator=None)
    quick_run(options)(page, lambda state: seen.append(held(runs)))
    assert any("index.sqlite" in each for each in seen), "it was open while questions were asked"
    assert held(runs) == []
    generator = page.generator()
    assert isinstance(generator, Lent) and not generator.closed
    page.close()
    assert not generator.closed, "it is its maker's to close"


def test_a_run_that_fails_closes_too(tmp_path) -> None:
    corpus = make_corpus(tmp_path / "corpus")
    make_set(tmp_path / "questions" / "dev.jsonl", corpus)
    closed: list[bool] = []

    class Failing(Perfect):
        def ask(self, question, history=(), filters=None):
            raise ValueError("broken")

        def close(self):
            closed.append(True)

    with pytest.raises(EvaluationError):
        evaluate(
            "dev",
            assistant_factory=lambda folder, generator, refusal: Failing(folder),
            corpus=corpus,
            folder=tmp_path,
            run_dir=tmp_path / "runs",
        )
    assert closed == [True]
