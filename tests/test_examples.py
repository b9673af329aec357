"""The example runs over answers of the public shape, and uses nothing but public names."""

from __future__ import annotations

import ast
import re
import runpy
import subprocess
import sys
from pathlib import Path

import rag
from rag.types import Answer, Checks, Citation, Conflict, Provenance, Statement, Timings

EXAMPLES = Path(__file__).parents[1] / "examples"
SCRIPT = EXAMPLES / "weekly_brief.py"


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
