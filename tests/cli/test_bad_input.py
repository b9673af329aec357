"""Every bad input gives one plain line on stderr, an exit code that is not 0, and no traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from rag.cli import main
from rag.indexing import update
from tests.indexing.support import HashingEmbedder, read_here

ENDLESS = "x" * 100_000
LONE = "Wer\udcff?"
"""As a shell gives a byte that is no UTF-8."""


@pytest.fixture
def files(tmp_path: Path, tiny_weights: Path) -> dict[str, str]:
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "note.md").write_text("# Note\n\nIt has six seats.\n")
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + b"\0" * 64)
    (tmp_path / "bad.jsonl").write_text('{"id": 1, "question": "Who?"}\n{"id": 2, \n')
    (tmp_path / "shape.jsonl").write_text('{"question": "Who?"}\n')
    (tmp_path / "history.jsonl").write_text('{"id": 1, "question": "Who?", "history": [3]}\n')
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": 1, "question": "Wo ist M\xfcller?"}')
    (tmp_path / "deep.jsonl").write_text("[" * 5000)
    (tmp_path / "large.jsonl").write_text('{"id": ' + "9" * 5000 + "}")
    (tmp_path / "answer.json").write_text('{"citations": 3}')
    update(tmp_path / "other", [tmp_path / "note.md"], HashingEmbedder(), reader=read_here)
    return {
        "none": str(tmp_path / "no-such"), "empty": str(empty), "note": str(tmp_path / "note.md"),
        "binary": str(tmp_path / "binary.md"), "broken": str(tmp_path / "broken.gguf"),
        "other": str(tmp_path / "other"), "bad": str(tmp_path / "bad.jsonl"),
        "shape": str(tmp_path / "shape.jsonl"), "history": str(tmp_path / "history.jsonl"),
        "latin": str(tmp_path / "latin.jsonl"), "answer": str(tmp_path / "answer.json"),
        "deep": str(tmp_path / "deep.jsonl"), "large": str(tmp_path / "large.jsonl"),
        "tiny": str(tiny_weights), "folder": str(tmp_path),
    }  # fmt: skip


CASES = [
    ("index {none} --embedder {minilm}", 1, "no-such"),
    ("index", 2, "rag index PATH"),
    ("ask", 2, "--batch"),
    ("ask Who? --batch {bad}", 2, "either"),
    ("ask Who? --embedder {minilm} --generator {tiny}", 1, "rag index"),
    ("ask Who? --index {other} --embedder {minilm} --generator {tiny}", 1, "hashing@1"),
    ("ask Who? --embedder {minilm} --generator no-such-model", 1, "no-such-model"),
    ("ask Who? --embedder no-such-model --generator {tiny}", 1, "no-such-model"),
    ("ask Who? --embedder {empty} --generator {tiny}", 1, "empty"),
    ("ask Who?", 1, "rag models fetch"),
    ("ask {endless}", 1, "100,000 characters"),
    ("ask {lone}", 1, "not text in UTF-8"),
    ("ask --batch {none}", 1, "no-such"),
    ("ask Who? --since yesterday", 2, "since yesterday is no date"),
    ("ask Who? --until 2024-13-01", 2, "2024-05-31"),
    ("ask --batch {none} --since 5.3.2024", 2, "since 5.3.2024 is no date"),
    ("chat --until 2024-02-31", 2, "until 2024-02-31 is no date"),
    ("ask --batch {deep}", 1, "line 1"),
    ("ask --batch {large}", 1, "line 1"),
    ("ask --batch {bad}", 1, "line 2"),
    ("ask --batch {shape}", 1, "line 1"),
    ("ask --batch {history}", 1, "line 1"),
    ("ask --batch {latin}", 1, "UTF-8"),
    ("ask --batch {folder}", 1, "directory"),
    ("docs", 1, "rag index"),
    ("docs --index {note}", 1, "note.md"),
    ("remove nothing", 1, "rag index"),
    ("remove nothing --index {other}", 2, "nothing"),
    ("forget nothing --index {other}", 2, "nothing"),
    ("inspect {none}", 1, "no-such"),
    ("inspect {binary}", 1, "binary.md"),
    ("inspect {empty}", 1, "empty"),
    ("verify {none}", 1, "no-such"),
    ("verify {answer}", 1, "citations"),
    ("verify {deep}", 1, "line 1"),
    ("verify {large}", 1, "line 1"),
    ("verify {binary}", 1, "binary.md"),
    ("verify {folder}", 1, "directory"),
    ("models path no-such-model", 1, "no-such-model"),
    ("models fetch no-such-model", 1, "no-such-model"),
    ("index --info", 1, "rag index"),
    ("index --import {note}", 1, "note.md"),
    ("ui --user x", 2, "NAME:PASSWORD"),
]


@pytest.mark.parametrize(("line", "code", "told"), CASES, ids=[case[0] for case in CASES])
def test_bad_input(line, code, told, files, embedder_weights, capsys):
    files = {**files, "minilm": str(embedder_weights), "endless": ENDLESS, "lone": LONE}
    arguments = [word.format(**files) for word in line.split()]
    assert main(arguments) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.strip().splitlines()
    assert len(lines) == 1, shown.err
    assert lines[0].startswith("rag: ")
    assert told in lines[0]
    assert len(lines[0]) < 600


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question(question, capsys):
    assert main(["ask", question]) == 1
    assert capsys.readouterr().err.startswith("rag: The question is empty.")


def test_broken_weights(files, embedder_weights, tmp_path, capsys):
    update_arguments = ["index", files["note"], "--index", str(tmp_path / "i"), "--embedder",
                        str(embedder_weights)]  # fmt: skip
    assert main(update_arguments) == 0
    capsys.readouterr()
    asked = main(["ask", "How many seats?", "--index", str(tmp_path / "i"), "--embedder",
                  str(embedder_weights), "--generator", files["broken"]])  # fmt: skip
    assert asked == 1
    assert "broken.gguf" in capsys.readouterr().err


def test_nothing_readable_is_an_error_that_names_the_file(files, embedder_weights, capsys):
    for given in ("binary", "empty"):
        assert main(["index", files[given], "--embedder", str(embedder_weights)]) == 1
        told = capsys.readouterr().err
        assert given in told or "Files: none" in told
        assert "Traceback" not in told


def test_debug_shows_the_traceback():
    for arguments in (["--debug", "docs"], ["docs", "--debug"]):
        run = subprocess.run(
            [sys.executable, "-m", "rag", *arguments], capture_output=True, text=True, timeout=60
        )
        assert run.returncode == 1
        assert "Traceback" in run.stderr
        assert re.search(r"IndexMissing", run.stderr)


@pytest.mark.parametrize(
    "line",
    [
        "no-such-command", "ask --no-such", "ui --port x", "ui --port 99999", "serve --port -1",
        "serve --rate 0", "serve --waiting -1", "index x --workers 0", "eval dev --sample 0",
        "eval dev --sample -5", "eval calibrate --risk 5", "eval calibrate --risk nan",
        "bench --questions 0", "bench --rounds -1",
    ],
)  # fmt: skip
def test_wrong_usage_exits_with_2(line, capsys):
    with pytest.raises(SystemExit) as raised:
        main(line.split())
    assert raised.value.code == 2
    assert "usage: rag" in capsys.readouterr().err


def test_a_bare_command_prints_help_and_is_wrong_usage(capsys):
    assert main([]) == 2
    assert "ask" in capsys.readouterr().out
