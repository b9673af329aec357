"""Any sequence of changes leaves the index equal to a dictionary of files.

STATE_EXAMPLES=500 tries other and longer sequences each time (`make soak`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rag.indexing import Index, PassageSettings, check, compact, forget, remove, update
from tests.indexing.support import HashingEmbedder, article, reader

NUMBERS = st.integers(0, 5)
EXAMPLES = int(os.environ.get("STATE_EXAMPLES", "0"))


class IndexMachine(RuleBasedStateMachine):
    """`disk` is what the folder holds, `held` what the index should hold."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.corpus = self.root / "corpus"
        self.corpus.mkdir()
        self.directory = self.root / "index"
        self.embedder = HashingEmbedder(16)
        self.disk: dict[Path, str] = {}
        self.held: dict[Path, str] = {}
        self.update(prune=False)
        self.index = Index.open(self.directory, self.embedder)

    def teardown(self) -> None:
        self.index.close()
        shutil.rmtree(self.root)

    def path(self, number: int) -> Path:
        return self.corpus / f"{number}.txt"

    @rule(number=NUMBERS, version=st.integers(0, 3), lines=st.integers(1, 6))
    def write(self, number: int, version: int, lines: int) -> None:
        text = article(number, lines, version)
        self.path(number).write_text(text)
        self.disk[self.path(number)] = text

    @precondition(lambda self: self.disk)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.disk)))
        path.unlink()
        del self.disk[path]

    @precondition(lambda self: self.disk)
    @rule(data=st.data(), number=st.integers(6, 8))
    def move(self, data: st.DataObject, number: int) -> None:
        path = data.draw(st.sampled_from(sorted(self.disk)))
        path.rename(self.path(number))
        self.disk[self.path(number)] = self.disk.pop(path)

    @rule(prune=st.booleans())
    def update(self, prune: bool) -> None:
        gone = {path: text for path, text in self.held.items() if path not in self.disk}
        moved = {text for path, text in self.disk.items() if path not in self.held}
        passages = PassageSettings(target_tokens=30)
        summary = update(
            self.directory,
            [self.corpus],
            self.embedder,
            reader=reader,
            prune=prune,
            passages=passages,
        )
        # Of two gone files with equal text, one of them is the one that moved.
        stays = {path: text for path, text in gone.items() if text not in moved and not prune}
        self.held = {**stays, **self.disk}
        assert summary.skipped == ()

    @precondition(lambda self: self.held)
    @rule(data=st.data(), how=st.sampled_from([remove, forget]))
    def remove(self, data: st.DataObject, how: Callable[[Path, str], object]) -> None:
        path = data.draw(st.sampled_from(sorted(self.held)))
        how(self.directory, str(path))
        del self.held[path]

    @rule()
    def compact(self) -> None:
        compact(self.directory)

    @rule()
    def reopen(self) -> None:
        self.index.close()
        self.index = Index.open(self.directory, self.embedder)

    @invariant()
    def equals_the_model(self) -> None:
        with self.index.snapshot():
            stored = {Path(d.path): self.index.file_text(d.path) for d in self.index.documents()}
            assert stored == self.held
            hits = self.index.search("the glacier near Porto was tested", limit=100)
        for hit in hits:
            assert hit.text in self.held[Path(hit.document.path)]
        assert bool(hits) == bool(self.held)
        errors = [f for f in check(self.directory, self.embedder) if f.severity != "note"]
        assert errors == []


IndexMachine.TestCase.settings = settings(
    max_examples=EXAMPLES or 12,
    stateful_step_count=30 if EXAMPLES else 12,
    deadline=None,
    derandomize=not EXAMPLES,
)
TestIndexMachine = IndexMachine.TestCase
