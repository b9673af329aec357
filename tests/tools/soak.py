"""Readers beside a writer for a while: python -m tests.tools.soak --seconds 600.

Each reader is a process that asks without a pause; the writer keeps changing files and bringing the
index in step. Every article tells its version in each sentence, so a mixed or stale result shows.
Prints a table; ends with 1 when anything was wrong or a lock was held for more than a second.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.indexing import Index, check, compact, faiss_kinds, remove, update
from rag.indexing.database import database_path
from tests.indexing.churn import FILES, PASSAGES
from tests.indexing.support import HashingEmbedder, article, reader, write_corpus
from tests.indexing.wholeness import require_whole

assert faiss_kinds.faiss  # loaded before the processes are forked
_QUESTION = "the reactor near Quito was tested"


@dataclass(frozen=True, slots=True)
class Told:
    """What one process saw: rounds done, generations seen, its slowest call in seconds."""

    role: str
    rounds: int
    generations: int
    slowest: float
    wrong: str = ""


def soak(folder: Path, seconds: float, readers: int = 4) -> list[Told]:
    """One writer, `readers` readers and one that tries the database's write lock."""
    directory, corpus = folder / "index", folder / "corpus"
    update(directory, write_corpus(corpus, FILES, 8), HashingEmbedder(), reader=reader,
           passages=PASSAGES)  # fmt: skip
    context = multiprocessing.get_context("fork")  # what is imported is shared
    told = context.SimpleQueue()
    given = (directory, corpus, seconds, told)
    tasks = [_write, _try_lock, *[_read] * readers]
    children = [context.Process(target=_told, args=(task, *given)) for task in tasks]
    for child in children:
        child.start()
    found = sorted((told.get() for _ in children), key=lambda each: each.role)
    for child in children:
        child.join()
    errors = [f.what for f in check(directory, HashingEmbedder()) if f.severity != "note"]
    return [*found, Told("doctor", 1, 0, 0.0, "; ".join(errors))]


def _told(task, directory: Path, corpus: Path, seconds: float, told) -> None:
    try:
        told.put(task(directory, corpus, time.time() + seconds))
    except BaseException as error:
        told.put(Told(task.__name__, 0, 0, 0.0, repr(error)))


def _write(directory: Path, corpus: Path, until: float) -> Told:
    generator, slowest, rounds = random.Random(1), 0.0, 0
    generations = set()
    with Index.open(directory, HashingEmbedder()) as index:
        while time.time() < until:
            for number in generator.sample(range(FILES), 3):
                path = corpus / f"report_{number:03d}.txt"
                if generator.random() < 0.2:
                    path.unlink(missing_ok=True)
                else:
                    path.write_text(article(number, 8, rounds))
            started = time.perf_counter()
            _change(directory, corpus, generator.random())
            slowest = max(slowest, time.perf_counter() - started)
            # A reader opened before the change sees it at its next question.
            require_whole(index)
            stored = {document.path for document in index.documents()}
            if not stored <= {str(path) for path in corpus.glob("*.txt")}:
                return Told("writer", rounds, 0, slowest, "a reader saw a stale generation")
            generations.add(index.generation)
            rounds += 1
    return Told("writer", rounds, len(generations), slowest)


def _change(directory: Path, corpus: Path, choice: float) -> None:
    update(directory, [corpus], HashingEmbedder(), reader=reader, prune=True, passages=PASSAGES)
    present = sorted(corpus.glob("report_*.txt"))
    if choice < 0.1:
        compact(directory)
    elif choice < 0.2 and present:
        remove(directory, str(present[0]))


def _read(directory: Path, corpus: Path, until: float) -> Told:
    seen, rounds, slowest = set(), 0, 0.0
    with Index.open(directory, HashingEmbedder()) as index:
        while time.time() < until:
            started = time.perf_counter()
            index.search(_QUESTION)
            slowest = max(slowest, time.perf_counter() - started)
            require_whole(index)
            seen.add(index.generation)
            rounds += 1
    return Told("reader", rounds, len(seen), slowest)


def _try_lock(directory: Path, corpus: Path, until: float) -> Told:
    """The longest that the write lock of the database could not be had without a commit between."""
    connection = sqlite3.connect(database_path(directory), timeout=0, isolation_level=None)
    slowest, rounds = 0.0, 0
    since = version = None
    while time.time() < until:
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            since = None
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            now, found = time.perf_counter(), connection.execute("PRAGMA data_version").fetchone()
            if since is None or found != version:
                since, version = now, found
            slowest = max(slowest, now - since)
        rounds += 1
        time.sleep(0.005)
    connection.close()
    return Told("lock", rounds, 0, slowest)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description="Readers beside a writer for a while.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--longest-lock", type=float, default=1.0, help="seconds, more is wrong")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        found = soak(Path(folder), given.seconds, given.readers)
    lines = ["| process | rounds | generations seen | slowest call s | wrong |",
             "|---|---:|---:|---:|---|"]  # fmt: skip
    lines += [
        f"| {each.role} | {each.rounds} | {each.generations} | {each.slowest:.2f} | {each.wrong} |"
        for each in found
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    held = max(each.slowest for each in found if each.role == "lock")
    return int(any(each.wrong for each in found) or held > given.longest_lock)


if __name__ == "__main__":
    raise SystemExit(main())
