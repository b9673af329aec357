"""An assistant that only searches needs no generator; one that answers loads it when asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answering.assistant import Assistant
from rag.errors import ModelNotFound
from rag.home import Home, home
from rag.indexing import update
from rag.models.loading import LoadingGenerator
from tests.answering.support import ScriptedGenerator
from tests.indexing.support import HashingEmbedder

QUESTION = "How many boats are in Velden?"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "note.txt").write_text("There are 12 boats in Velden harbour.", encoding="utf-8")
    update(tmp_path / "index", [tmp_path / "note.txt"], HashingEmbedder())
    return tmp_path / "index"


def test_without_preloading_weights_are_missed_only_when_a_question_is_answered(
    index: Path, tmp_path: Path
):
    missing = tmp_path / "no-such.gguf"
    with pytest.raises(ModelNotFound):
        Assistant(index, embedder=HashingEmbedder(), generator=missing)
    with Assistant(
        index, embedder=HashingEmbedder(), generator=missing, preload=False
    ) as assistant:
        assert "12 boats" in assistant.retrieve(QUESTION).evidence[0].quote
        assert assistant.describe()["generator"] == "loading"
        with pytest.raises(ModelNotFound):
            assistant.ask(QUESTION)


def test_a_generator_that_is_handed_in_is_left_to_who_made_it(tmp_path: Path):
    class Closing(ScriptedGenerator):
        closed = 0

        def close(self) -> None:
            self.closed += 1

    place: Home = home(tmp_path)
    ready = Closing("")
    loader = LoadingGenerator(ready, place)
    assert not loader.loaded
    assert loader.start() is loader.start()
    assert loader.result() is ready and loader.loaded
    loader.close()
    LoadingGenerator(ready, place).close()
    assert ready.closed == 0
