"""An index of two papers, and an assistant over it with whatever generator a test scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.answering.abstention import Confidence
from rag.answering.assistant import Assistant
from rag.indexing import update
from tests.answering.harbour import ALWAYS, HARBOUR, SURVEY
from tests.answering.support import ScriptedGenerator
from tests.indexing.support import HashingEmbedder, read_here


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    (folder / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    (folder / "survey.md").write_text(SURVEY, encoding="utf-8")
    update(folder / "index", [folder], HashingEmbedder(), reader=read_here)
    return folder


@pytest.fixture
def opened(corpus: Path) -> Iterator:
    ready: list[Assistant] = []

    def make(generator: ScriptedGenerator, confidence: Confidence | None = ALWAYS) -> Assistant:
        ready.append(
            Assistant(
                corpus / "index",
                embedder=HashingEmbedder(),
                generator=generator,
                confidence=confidence,
            )
        )
        return ready[-1]

    yield make
    for assistant in ready:
        assistant.close()
