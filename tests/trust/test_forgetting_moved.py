"""What was quoted of a file where it stood before, and in saved runs, is forgotten with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.answering.serialise import to_json
from rag.cli import main
from rag.evaluation.run import load_run
from rag.indexing import forget, update
from rag.types import Answer
from rag.ui.conversations import Conversations
from rag.ui.feedback import FEEDBACK_FILE, Feedback
from rag.ui.forgetting import CONVERSATIONS_FILE, forget_in_state
from rag.ui.reports import run_html
from tests.evaluation.fakes import Perfect
from tests.evaluation.test_gate import Bench
from tests.indexing.support import HashingEmbedder
from tests.trust.obeying import read_here
from tests.trust.test_forgetting import OTHER, SECRET, TEXT, answer_on, holding


@pytest.mark.parametrize("how", ["moved", "renamed", "moved twice and edited", "moved and pruned"])
def test_what_was_quoted_before_a_move_goes_too(how: str, isolated: Path, tmp_path: Path) -> None:
    """The quote stands under a path that the index no longer lists, of another version even."""
    index, state = isolated / "index" / "default", isolated / "index" / "state"
    folders = made(tmp_path, "first", "second", "third")

    def indexed(**more: bool) -> None:
        update(index, folders, HashingEmbedder(), reader=read_here, **more)

    path = folders[0] / "secret.md"
    path.write_text(TEXT)
    (folders[0] / "other.md").write_text(OTHER)
    indexed()
    for name, text in (("secret.md", TEXT), ("other.md", OTHER)):
        keep(state, answer_on(folders[0] / name, text.split("\n")[2], text.index("The")))
    if how == "moved and pruned":  # what stood there is out of the index before it is in anew
        path.rename(tmp_path / "aside.md")
        indexed(prune=True)
        path = (tmp_path / "aside.md").rename(folders[1] / "secret.md")
    else:
        path = path.rename(folders[1] / ("else.md" if how == "renamed" else "secret.md"))
    indexed()
    if how == "moved twice and edited":
        path = path.rename(folders[2] / "secret.md")
        indexed()
        path.write_text(TEXT.replace(SECRET, "Elmsund"))
        indexed()
        # Another file has the first path by now, and what is quoted of it is its own.
        (folders[0] / "secret.md").write_text(TEXT.replace(SECRET, "Korvik"))
        indexed()
        keep(state, answer_on(folders[0] / "secret.md", "The Korvik treaty was signed.", 14))
    assert {CONVERSATIONS_FILE, FEEDBACK_FILE, "run.jsonl"} <= set(holding(isolated))
    assert main(["forget", str(path)]) == 0
    assert holding(isolated) == []
    left = [each.answer.text for each in Feedback(state / FEEDBACK_FILE).opinions()]
    assert left[0] == OTHER.split("\n")[2] and len(left) == 1 + (how == "moved twice and edited")
    assert len(Conversations(state / CONVERSATIONS_FILE).listed()) == len(left)
    if len(left) == 1:  # else the first path is another file's by now
        assert b"secret.md" not in (index / "index.sqlite").read_bytes()


def made(root: Path, *names: str) -> list[Path]:
    """Empty folders of these names."""
    for name in names:
        (root / name).mkdir()
    return [root / name for name in names]


def keep(state: Path, answer: Answer) -> None:
    """Save an answer wherever one may be saved."""
    Conversations(state / CONVERSATIONS_FILE).append(None, answer)
    Feedback(state / FEEDBACK_FILE).add(answer, "good")
    run = state / "evaluation" / "run.jsonl"
    run.parent.mkdir(exist_ok=True)
    with run.open("a") as file:
        file.write(
            json.dumps({"result": {"id": "q", "answer": json.loads(to_json(answer))}}) + "\n"
        )


def test_a_saved_run_keeps_its_figures_and_loses_the_text(tmp_path: Path) -> None:
    """Runs name documents within their corpus: what is quoted is known by its content."""
    bench, state = Bench(tmp_path), tmp_path / "state"
    path = state / "evaluation" / "run.jsonl"
    bench.run(Perfect, save=path)
    before = load_run(path)
    (cited,) = before.results[0].answer["citations"]
    corpus = next(tmp_path.rglob(cited["document"]))
    update(tmp_path / "index", [corpus], HashingEmbedder(), reader=read_here)
    path.write_bytes(path.read_bytes() + b'{"result": {"id": "x", "answ')
    forget(tmp_path / "index", str(corpus), before=lambda on: forget_in_state(state, on))
    after = load_run(path)
    assert [each.scores for each in after.results] == [each.scores for each in before.results]
    assert cited["quote"] not in path.read_text() and "citations" not in after.results[0].answer
    left = [each.answer for each in after.results if each.answer and "citations" in each.answer]
    assert left, "what quotes other files is as it was"
    assert "Questions that failed" in run_html(path, "en")


def test_an_exact_copy_that_stays_keeps_what_was_quoted_of_it(tmp_path: Path) -> None:
    state, papers = tmp_path / "state", [tmp_path / "one.md", tmp_path / "two.md"]
    quote, start = TEXT.split("\n")[2], TEXT.index("The")
    for path in papers:
        path.write_text(TEXT)
        keep(tmp_path / "state", answer_on(path, quote, start))
    update(tmp_path / "index", papers, HashingEmbedder(), reader=read_here)
    forget(tmp_path / "index", str(papers[0]), before=lambda on: forget_in_state(state, on))
    (opinion,) = Feedback(state / FEEDBACK_FILE).opinions()
    assert opinion.answer.citations[0].document == str(papers[1])
