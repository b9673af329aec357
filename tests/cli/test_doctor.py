"""`rag doctor`: what it says of models, versions and the index, and its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.cli import main
from rag.home import home
from rag.indexing import PassageSettings, update
from rag.models import catalogue, fetch
from tests.indexing.support import HashingEmbedder, reader, write_corpus


@pytest.fixture
def directory(isolated: Path) -> Path:
    folder = isolated / "index" / "default"
    update(folder, write_corpus(isolated / "corpus", 2), HashingEmbedder(), reader=reader,
           passages=PassageSettings(target_tokens=30))  # fmt: skip
    return folder


def told(capsys, *options) -> tuple[int, dict]:
    code = main(["doctor", "--json", *options])
    return code, json.loads(capsys.readouterr().out)


def test_versions_and_findings_in_one_object(directory, capsys):
    code, found = told(capsys)
    assert code == 1  # no model is fetched in a test's home
    assert set(found) == {"sourcebound", "python", "sqlite", "system", "index", "findings"}
    assert found["index"] == str(directory)
    assert {f["severity"] for f in found["findings"]} == {"error", "note"}
    assert any("hashing@1" in f["what"] for f in found["findings"])


def test_weights_of_the_right_size_and_other_bytes_are_an_error(directory, capsys):
    entry = catalogue.find("smollm2-135m")
    folder = fetch.folder_of(entry, home())
    folder.mkdir(parents=True)
    for file in entry.files:
        with (folder / file.name).open("wb") as written:
            written.truncate(file.bytes)
    code, found = told(capsys)
    assert code == 1
    (finding,) = [f for f in found["findings"] if "not what was published" in f["what"]]
    assert finding["remedy"] == f"Run: rag models fetch {entry.name}"


def test_an_index_that_is_not_there_is_an_error(directory, isolated, capsys):
    code = main(["doctor", "--index", str(isolated / "nowhere")])
    shown = capsys.readouterr()
    assert code == 1
    assert "sourcebound" in shown.err
    assert "Run: rag index PATH" in shown.out
