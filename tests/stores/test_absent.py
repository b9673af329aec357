"""Without the extras, the command that would install them is named."""

from __future__ import annotations

import sys

import pytest

from rag import distributed
from rag.cli import main
from rag.errors import ExtraMissing
from rag.indexing import use_store
from tests.indexing.support import HashingEmbedder


def test_without_pymilvus(place_at, monkeypatch):
    place = place_at("http://127.0.0.1:1/c")
    place.update()
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'sourcebound\[milvus\]'"):
        use_store(place.directory, place.url)


def test_without_ray(place_at, monkeypatch):
    place = place_at("local")
    (place.corpus / "a.txt").write_text("One sentence.\n")
    for name in ("ray", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ExtraMissing, match=r"pip install 'sourcebound\[ray\]'"):
        distributed.update(place.directory, [place.corpus], HashingEmbedder)


def test_the_command_says_so_in_one_line(place_at, monkeypatch, capsys):
    place = place_at("http://127.0.0.1:1/c")
    place.update()
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    assert main(["index", "--store", place.url, "--index", str(place.directory)]) == 1
    assert "sourcebound[milvus]" in capsys.readouterr().err
