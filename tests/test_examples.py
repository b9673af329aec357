"""The example runs over answers of the public shape, and uses nothing but public names."""

from __future__ import annotations

import ast
import os
import re
import runpy
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

import rag
from rag.documents.fold import fold
from rag.indexing import update
from rag.types import Answer, Checks, Citation, Conflict, Provenance, Statement, Timings
from tests.indexing.support import HashingEmbedder
from tests.server.support import open_assistant

EXAMPLES = Path(__file__).parents[1] / "examples"
SCRIPT = EXAMPLES / "weekly_brief.py"
CORPUS = EXAMPLES.parent / "eval" / "corpus"
QUESTIONS = (EXAMPLES / "questions.txt").read_text("utf-8").splitlines()
SINCE = "2025-01-01"


def citation(number: int, quote: str, published: str | None = "2025-05-27") -> Citation:
    return Citation(
        number=number, quote=quote, document=f"/notes/week{number}.md", title=f"Note {number}",
        published=published, url=None, page=None, start=10, end=10 + len(quote),
        file_sha256="0" * 64, attribution=None, before="", after="",
    )  # fmt: skip


def answer(question: str, statements: tuple[Statement, ...], *cited: Citation, **more) -> Answer:
    fields = {
        "question": question, "state": "answered", "reason": None, "text": "", "conflicts": (),
        "confidence": 0.9, "nearest": (), "timings": Timings(0.1, 0.1, 0.2, 0.3),
        "provenance": Provenance("g1-0", "e", "g", "p", "0"),
    }  # fmt: skip
    return Answer(**{**fields, "statements": statements, "citations": cited, **more})


SCRIPTED = {
    "What was let?": answer(
        "What was let?",
        (Statement("Forty machines were let.", (1,), Checks()),
         Statement("Another passage gives a different value: 38.", (2,), Checks())),
        citation(1, "Forty machines were let in May."), citation(2, "It let 38.", None),
        conflicts=(Conflict("What was let", (1, 2)),),
    ),
    "Who won?": answer(
        "Who won?", (), state="abstained", reason="no_support",
        text="The documents do not answer this question.",
    ),
    "Where is it?": answer(
        "Where is it?", (Statement("It is in Chur.", (1,), Checks()),), citation(1, "In Chur it stands.")
    ),
}  # fmt: skip

BRIEF = """# The week since 2025-05-26

## What was let?

Forty machines were let.[^1] Another passage gives a different value: 38.[^2] **The sources disagree.**

## Where is it?

It is in Chur.[^3]

## Not in the documents

- Who won? *The documents do not answer this question.*

[^1]: “Forty machines were let in May.” *Note 1*, 2025-05-27 (week1.md, 10-41)
[^2]: “It let 38.” *Note 2*, undated (week2.md, 10-20)
[^3]: “In Chur it stands.” *Note 1*, 2025-05-27 (week1.md, 10-28)
"""


def test_a_brief_numbers_its_sources_through_and_keeps_refusals_apart() -> None:
    brief = runpy.run_path(str(SCRIPT))["brief"]
    assert brief(SCRIPTED.__getitem__, SCRIPTED, "The week since 2025-05-26") == BRIEF


def test_the_whole_program_runs_over_the_parts_of_a_user(tmp_path, monkeypatch, capsys) -> None:
    seen = []

    class Scripted:
        def __enter__(self):
            return self

        def __exit__(self, *_) -> None:
            seen.append("closed")

        def ask(self, question, history=(), filters=None) -> Answer:
            seen.append(filters)
            return SCRIPTED[question]

    questions = tmp_path / "questions.txt"
    questions.write_text("\n".join([*SCRIPTED, "", ""]), "utf-8")
    monkeypatch.setattr(sys, "argv", ["weekly_brief.py", str(questions), "2025-05-26"])
    monkeypatch.setattr(rag, "Assistant", Scripted, raising=False)

    runpy.run_path(str(SCRIPT), run_name="__main__")

    assert capsys.readouterr().out == BRIEF
    assert seen == [rag.Filters(since="2025-05-26")] * 3 + ["closed"]


NOTE = re.compile(r"^\[\^(\d+)\]: “(.+)” \*.+\*, (undated|[\d-]+) \((.+), (\d+)-(\d+)\)$", re.M)


def require_a_true_brief(text: str, questions: list[str], text_of, least: int) -> None:
    """Each question once; each mark a source and each source a mark; each quote at its place."""
    for question in questions:
        headings = text.count(f"\n## {question}\n") + text.count(f"\n- {question} *")
        assert headings == 1, question
    body = text.split("\n[^1]: ")[0]
    notes = NOTE.findall(text)
    numbers = [int(number) for number, *_ in notes]
    assert numbers == list(range(1, len(notes) + 1))
    assert {int(mark) for mark in re.findall(r"\[\^(\d+)\](?!:)", body)} == set(numbers)
    assert len(numbers) >= least
    for _, quote, published, name, start, end in notes:
        assert fold(text_of(name)[int(start) : int(end)]) == quote
        # A document may be dated by its month or year alone.
        assert published == "undated" or published >= SINCE[: len(published)]


def test_ten_questions_over_the_sample_corpus(tmp_path, monkeypatch, capsys) -> None:
    update(tmp_path / "index", [CORPUS], HashingEmbedder())
    with open_assistant(tmp_path / "index") as opened:
        paths = {Path(document.path).name: document.path for document in opened.documents()}
        monkeypatch.setattr(rag, "Assistant", lambda: nullcontext(opened), raising=False)
        monkeypatch.setattr(
            sys, "argv", ["weekly_brief.py", str(EXAMPLES / "questions.txt"), SINCE]
        )
        runpy.run_path(str(SCRIPT), run_name="__main__")
        text = capsys.readouterr().out
        require_a_true_brief(text, QUESTIONS, lambda name: opened.file_text(paths[name]), 5)


@pytest.mark.model
@pytest.mark.timeout(1200)
def test_ten_questions_by_the_default_models(
    isolated, weights_home, default_weights, embedder_weights
) -> None:
    (isolated / "models").symlink_to(weights_home.models)
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLES.parent)}

    def run(*words: str) -> str:
        done = subprocess.run([sys.executable, *words], env=environment, cwd=isolated,
                              capture_output=True, text=True, timeout=1100)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("-m", "rag", "index", str(CORPUS))
    text = run(str(SCRIPT), str(EXAMPLES / "questions.txt"), SINCE)
    with rag.Assistant(
        isolated / "index" / "default", embedder=embedder_weights, generator=default_weights
    ) as opened:
        paths = {Path(document.path).name: document.path for document in opened.documents()}
        require_a_true_brief(text, QUESTIONS, lambda name: opened.file_text(paths[name]), 3)


def test_it_is_a_program_of_forty_lines() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"))
    words = [node.body[0] for node in ast.walk(tree)
             if isinstance(node, ast.Module | ast.FunctionDef) and ast.get_docstring(node)]  # fmt: skip
    told = {line for each in words for line in range(each.lineno, each.end_lineno + 1)}
    lines = enumerate(SCRIPT.read_text("utf-8").splitlines(), start=1)
    assert sum(bool(line.strip()) and number not in told for number, line in lines) <= 40


def test_without_arguments_it_says_how_it_is_used() -> None:
    child = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, timeout=60,
                           cwd=EXAMPLES.parent, env={"PYTHONPATH": str(EXAMPLES.parent)})  # fmt: skip
    assert child.returncode == 1
    assert child.stderr.startswith("usage:")


def test_only_public_names_are_used() -> None:
    for node in ast.walk(ast.parse(SCRIPT.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("rag"):
            assert node.module == "rag"
            assert {alias.name for alias in node.names} <= set(rag.__all__)


def test_there_are_ten_questions() -> None:
    lines = (EXAMPLES / "questions.txt").read_text("utf-8").splitlines()
    assert len(lines) == len(set(lines)) == 10
    assert all(re.fullmatch(r"[A-Z].*\?", line) for line in lines)
