from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rag.answering.assistant import Assistant
from rag.cli import asking, main
from rag.documents import read
from rag.indexing import update
from tests.answering.support import ScriptedGenerator
from tests.indexing.support import HashingEmbedder, read_here

NOTE = "# Corvo hall\n\n2024-03-05\n\nThe Corvo hall has 250 seats. It opened in May.\n"
QUESTION = "How many seats has the Corvo hall?"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text(NOTE, encoding="utf-8")
    return path


@pytest.fixture
def index(note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "index"
    update(directory, [note], HashingEmbedder(), reader=read_here)

    def opened(options: object) -> Assistant:
        return Assistant(
            directory,
            embedder=HashingEmbedder(),
            generator=ScriptedGenerator("The Corvo hall has 250 seats. [S1]"),
        )

    monkeypatch.setattr(asking, "open_assistant", opened)
    return directory


def test_help_and_import_load_nothing_heavy():
    code = (
        "import sys, rag; from rag.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'faiss', 'llama_cpp', 'gradio', 'sentence_transformers', 'trafilatura'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "LOADED []" in run.stdout, run.stdout + run.stderr


def test_inspect_has_the_contracts_shape(note, capsys):
    assert main(["inspect", str(note), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    (article,) = shown["articles"]
    text = read(note).text
    assert {"title", "author", "published", "start", "end", "sentences", "chrome"} <= set(article)
    for sentence in article["sentences"]:
        assert {"text", "start", "end", "attribution"} <= set(sentence)
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]


def test_docs_has_the_contracts_shape(index, note, capsys):
    assert main(["docs", "--json", "--index", str(index)]) == 0
    (listed,) = json.loads(capsys.readouterr().out)["documents"]
    assert {"path", "title", "published"} <= set(listed)
    assert listed["path"] == str(note)
    assert listed["title"] == "Corvo hall"


def test_ask_prints_the_quote_and_its_place(index, note, capsys):
    assert main(["ask", QUESTION]) == 0
    shown = capsys.readouterr().out
    assert "250 seats. [1]" in shown
    assert "[1] “The Corvo hall has 250 seats.”" in shown
    assert str(note) in shown


def test_ask_and_verify(index, note, tmp_path, capsys):
    assert main(["ask", QUESTION, "--json"]) == 0
    kept = tmp_path / "answer.json"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["verify", str(kept)]) == 0
    note.write_text(NOTE.replace("250", "260"), encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", str(kept)]) == 1
    assert "260 seats" in capsys.readouterr().out


def test_verify_reads_what_an_answer_names_in_a_child(index, note, tmp_path, monkeypatch, capsys):
    assert main(["ask", QUESTION, "--json"]) == 0
    kept = tmp_path / "answer.json"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")

    def here(*_: object) -> None:
        raise AssertionError("a file of someone's answer is read in this process")

    monkeypatch.setattr("rag.documents.readers.extract", here)
    assert main(["verify", str(kept)]) == 0
    note.write_bytes(b"%PDF-1.7 cut off")
    capsys.readouterr()
    assert main(["verify", str(kept)]) == 1
    assert "the file cannot be read (" in capsys.readouterr().out


def test_a_batch_gives_one_line_an_answer_with_its_id(index, tmp_path, capsys):
    questions = tmp_path / "questions.jsonl"
    asked = [{"id": "a", "question": QUESTION}, {"id": 7, "question": " "},
             {"id": "座", "question": QUESTION + "\u2028"}]  # fmt: skip
    lines = [json.dumps(row, ensure_ascii=False) for row in asked]
    questions.write_text("\n".join(lines), encoding="utf-8-sig")  # as Notepad writes it
    assert main(["ask", "--batch", str(questions), "--json"]) == 1
    shown = capsys.readouterr()
    rows = [json.loads(line) for line in shown.out.splitlines()]
    assert [row["id"] for row in rows] == ["a", "座"]
    assert "id 7" in shown.err


def test_a_filter_that_names_nothing_is_said_once(index, tmp_path, monkeypatch, capsys):
    questions = tmp_path / "questions.jsonl"
    rows = [json.dumps({"id": name, "question": QUESTION}) for name in "ab"]
    questions.write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.setattr("builtins.input", lambda prompt: QUESTION)
    for command in (["ask", QUESTION], ["ask", "--batch", str(questions)], ["chat"]):
        assert main([*command, "--document", "notes.md"]) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        told = (
            "rag: No document in the index is named 'notes.md'. Nearest: 'note.md'. Run: rag docs"
        )
        assert shown.err.splitlines()[-1] == told and shown.err.count("No document") == 1
    assert main(["ask", QUESTION, "--outlet", "Gazette"]) == 1
    assert "is of the outlet 'Gazette'" in capsys.readouterr().err


def test_paths_and_models_list(isolated, capsys):
    assert main(["paths"]) == 0
    assert str(isolated) in capsys.readouterr().out
    assert main(["models", "list"]) == 0
    assert "not fetched" in capsys.readouterr().out


def test_doctor_says_what_to_run(capsys):
    assert main(["doctor", "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert any("rag models fetch" in each["remedy"] for each in findings)


def test_remove_takes_a_document_out(index, capsys):
    assert main(["remove", "note.md", "--index", str(index)]) == 0
    capsys.readouterr()
    assert main(["docs", "--json", "--index", str(index)]) == 0
    assert json.loads(capsys.readouterr().out) == {"documents": []}
