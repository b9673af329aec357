"""Mixed operations in one process: `python -m tests.tools.endurance 10000`.

Adds, changes, asks, forgets, removes, compacts, keeps conversations, as a page that is open for days
would. Open handles, threads and disk must stay, and memory within 5 % after the first fifth.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag.answering.assistant import Assistant
from rag.answering.verify import verify
from rag.documents import read
from rag.errors import UsageError
from rag.indexing import compact, forget, remove
from rag.ui.conversations import Conversations
from rag.ui.forgetting import CONVERSATIONS_FILE, forget_in_state
from tests.answering.support import ScriptedGenerator
from tests.indexing.support import ForgetfulEmbedder, article, write_corpus
from tests.trust.obeying import ALWAYS

FILES = 30
VERSIONS = 8
"""Of each file, so that in the first fifth all texts are met of which the assistant remembers the
vectors, and what grows after it is no memory that has its bound."""
GROWTH = 1.05


@dataclass(frozen=True, slots=True)
class Reading:
    """Bytes of memory and disk, open handles, threads."""

    memory: int
    disk: int
    handles: int
    threads: int


def reading(folder: Path) -> Reading:
    """Of this process, now. Linux."""
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    handles = sum(1 for _ in Path("/proc/self/fd").iterdir())
    return Reading(resident, disk, handles, threading.active_count())


class Forgetful(ScriptedGenerator):
    """What it was asked is not kept, or memory would grow with every question."""

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        self.asked.clear()
        self.judged.clear()
        return super().judge(opening, endings)


class Day:
    """A library that changes while it is asked."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance, self.version = folder, random.Random(seed), 0
        self.index = folder / "index"
        self.paths = write_corpus(folder / "papers", FILES)
        self.conversations = Conversations(folder / "state" / CONVERSATIONS_FILE)
        from rag.indexing import update

        update(self.index, [folder / "papers"], ForgetfulEmbedder())
        self.assistant = Assistant(
            self.index,
            embedder=ForgetfulEmbedder(),
            generator=Forgetful("The reactor near Quito was tested. [S1]"),
            confidence=ALWAYS,
        )

    def step(self) -> None:
        """One operation; asking is the most frequent."""
        act = self.chance.choices(
            (self.ask, self.change, self.drop, self.forget, self.tidy, self.talk),
            (70, 14, 4, 4, 1, 7),
        )[0]
        act()

    def ask(self) -> None:
        answer = self.assistant.ask(f"What of the reactor in case {self.chance.randrange(FILES)}?")
        cited = [("", each) for each in answer.citations]
        wrong = [v for v in verify(cited, lambda path: read(path).text) if v.problem]
        assert not [v for v in wrong if "Run: rag index" not in (v.problem or "")], wrong
        self.last = answer

    def change(self) -> None:
        self.version += 1
        number = self.chance.randrange(FILES)
        self.paths[number].write_text(article(number, version=self.version % VERSIONS))
        self.assistant.add([self.paths[number]])

    def drop(self) -> None:
        self._gone(remove)

    def forget(self) -> None:
        state = self.folder / "state"
        self._gone(partial(forget, before=lambda going: forget_in_state(state, going)))

    def _gone(self, how) -> list:
        number = self.chance.randrange(FILES)
        try:
            return how(self.index, self.paths[number].name)
        except UsageError:  # it was gone already: bring it back
            self.assistant.add([self.paths[number]])
            return []

    def tidy(self) -> None:
        compact(self.index)

    def talk(self) -> None:
        self.ask()
        identifier = self.conversations.append(None, self.last).conversation
        self.conversations.turns(identifier)
        self.conversations.delete(identifier)

    def close(self) -> None:
        self.assistant.close()


def endure(operations: int, seed: int = 5) -> tuple[Reading, Reading]:
    """Readings after the first fifth and at the end, both after compacting."""
    with tempfile.TemporaryDirectory() as name:
        day = Day(Path(name), seed)
        for number in range(operations):
            day.step()
            if number == operations // 5:
                day.tidy()
                first = reading(Path(name))
        day.tidy()
        last = reading(Path(name))
        day.close()
    return first, last


def problems(first: Reading, last: Reading) -> list[str]:
    """What has grown beyond the bounds."""
    found = []
    if last.memory > first.memory * GROWTH:
        found.append(f"memory from {first.memory / 1e6:.1f} to {last.memory / 1e6:.1f} MB")
    if last.disk > first.disk * 1.3:
        found.append(f"disk from {first.disk} to {last.disk} bytes")
    if last.handles > first.handles:
        found.append(f"open handles from {first.handles} to {last.handles}")
    if last.threads > first.threads:
        found.append(f"threads from {first.threads} to {last.threads}")
    return found


def main() -> int:
    first, last = endure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    sys.stdout.write(f"after a fifth: {first}\nat the end:    {last}\n")
    found = problems(first, last)
    sys.stdout.write("".join(f"GREW {each}\n" for each in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
