"""The default embedder on a few real sentences; skipped where its weights are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.home import home
from rag.indexing import Index, check, update

ARTICLES = {
    "orbit.txt": "Crew arrives at the orbital outpost\n\nThree crew members docked with the station on "
    "Friday after a flight of six and a half hours.\n\nThey will stay for half a year and "
    "carry out more than a hundred experiments.\n",
    "trade.txt": "Tariffs on bicycles extended\n\nThe commission extended the duty on imported "
    "bicycles by five years.\n\nMakers at home had complained about prices below cost.\n",
    "月球.txt": "月球背面采样\n\n探测器在月球背面采集了近两公斤样品，并带回地球。\n",
}


def weights() -> Path | None:
    named = os.environ.get("RAG_TEST_EMBEDDER")
    folders = [Path(named)] if named else list(home().models.glob("*"))
    return next((folder for folder in folders if (folder / "modules.json").is_file()), None)


WEIGHTS = weights()


@pytest.mark.skipif(WEIGHTS is None, reason="no sentence-transformers folder in models/")
def test_meaning_and_words_find_the_right_article(tmp_path):
    from rag.models.embedder import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder(WEIGHTS, threads=1)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in ARTICLES.items():
        (corpus / name).write_text(text)
    summary = update(tmp_path / "index", [corpus], embedder)
    assert (summary.new, summary.skipped) == (3, ())
    with Index.open(tmp_path / "index", embedder) as index:
        for question, name in (
            ("How long was the astronauts' trip?", "orbit.txt"),
            ("Which levy on two-wheelers was prolonged?", "trade.txt"),
            ("采集了多少样品？", "月球.txt"),
        ):
            hit = index.search(question)[0]
            assert Path(hit.document.path).name == name
            assert (
                hit.text
                == index.file_text(hit.document.path)[
                    hit.sentences[0].start : hit.sentences[-1].end
                ]
            )
    assert check(tmp_path / "index", embedder) == []
