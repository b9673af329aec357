"""An answer names what it was made from, also when that has changed before it is complete."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.answering.assistant import Assistant
from rag.indexing import update
from tests.answering.harbour import ALWAYS, HARBOUR, QUESTION, RIGHT, SURVEY
from tests.answering.support import ScriptedGenerator
from tests.indexing.support import HashingEmbedder, read_here


def test_the_generation_named_is_the_one_that_was_searched(tmp_path: Path):
    (tmp_path / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    index = tmp_path / "index"
    update(index, [tmp_path / "harbour.md"], HashingEmbedder(), reader=read_here)

    class Growing(ScriptedGenerator):
        """While it reads, a file is added to the index."""

        def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
            (tmp_path / "survey.md").write_text(SURVEY, encoding="utf-8")
            update(index, [tmp_path / "survey.md"], HashingEmbedder(), reader=read_here)
            return super().judge(opening, endings)

    with Assistant(
        index, embedder=HashingEmbedder(), generator=Growing(RIGHT), confidence=ALWAYS
    ) as assistant:
        before = assistant.provenance().index
        found = assistant.retrieve(QUESTION)
        answer = assistant.ask(QUESTION)
        after = assistant.provenance().index
    assert found.generation == answer.provenance.index == before
    assert before.startswith("g1-") and after.startswith("g2-")
