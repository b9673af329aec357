"""`rag index --store`, `rag index copy`, `--workers`."""

from __future__ import annotations

import json

import pytest

from rag.cli import main
from rag.cli.parser import build_parser
from tests.indexing.support import write_corpus
from tests.stores.test_every_store import found

URL = "http://memory:1/c"


def test_to_a_store_with_a_copy_back_and_home_again(memory_server, place_at, capsys, tmp_path):
    place = place_at(URL)
    write_corpus(place.corpus, 4)
    place.update()
    before = found(place)
    index, copied = str(place.directory), str(tmp_path / "copied")
    assert main(["index", "--index", index, "--store", URL]) == 0
    assert "8 passages are searched through http://memory:1/c" in capsys.readouterr().err
    assert main(["index", "--index", index, "--info"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["store"] == {"url": URL, "pending": 0}
    assert main(["index", "copy", URL, index]) == 0
    assert main(["index", "copy", index, copied]) == 0
    assert f"Copied 8 passages from {index} to {copied}." in capsys.readouterr().err
    assert main(["index", "copy", index, copied]) == 2
    assert "holds an index already" in capsys.readouterr().err
    assert main(["index", "--index", index, "--store", "local"]) == 0
    assert found(place) == before


def test_no_index_no_store(memory_server, capsys, tmp_path):
    assert main(["index", "--index", str(tmp_path / "none"), "--store", URL]) == 1
    assert "No index in" in capsys.readouterr().err
    assert memory_server.collections == {}


def test_workers_are_a_number_or_a_cluster(capsys):
    parse = build_parser().parse_args
    assert parse(["index", "a", "--workers", "3"]).workers == 3
    assert parse(["index", "a", "--workers", "ray"]).workers == "ray"
    assert parse(["index", "a", "--workers", "ray://h:1"]).workers == "ray://h:1"
    with pytest.raises(SystemExit):
        parse(["index", "a", "--workers", "many"])
    assert "'many' is no number" in capsys.readouterr().err
