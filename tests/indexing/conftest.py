from __future__ import annotations

from pathlib import Path

import pytest

from rag.indexing import PassageSettings, UpdateSummary, update
from tests.indexing.support import HashingEmbedder, reader


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def build(directory: Path, corpus: Path, embedder: HashingEmbedder):
    def run(*paths: Path, **options) -> UpdateSummary:
        options.setdefault("passages", PassageSettings(target_tokens=30))
        return update(directory, list(paths) or [corpus], embedder, reader=reader, **options)

    return run
