"""Killed, short of disk, read while written: the last whole generation answers."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import IndexFault, IndexLocked, IndexMissing
from rag.indexing import Index, check, compact, maintenance, update
from rag.indexing.database import database_path
from rag.indexing.lock import writer_lock
from tests.indexing.churn import FILES, PASSAGES
from tests.indexing.support import HashingEmbedder, reader, write_corpus
from tests.indexing.wholeness import require_whole

KILLS = int(os.environ.get("INDEX_KILLS", "60"))
"""Set INDEX_KILLS=1000 and INDEX_SECONDS=600 for the long form."""
SECONDS = float(os.environ.get("INDEX_SECONDS", "2"))


@pytest.fixture
def churner():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.indexing.churn"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        cwd=Path(__file__).parents[2],
    )
    yield process
    process.stdin.close()
    process.wait(timeout=120)
    process.stdout.close()


def start(churner, directory: Path, corpus: Path, seed: int, limit: int = 0) -> int:
    churner.stdin.write(f"{directory} {corpus} {seed} {limit}\n")
    churner.stdin.flush()
    return int(churner.stdout.readline())


def let_run(child: int, seconds: float) -> None:
    """Until a process has had a processor for so long, so that a busy machine does not spare it."""
    account, until = Path(f"/proc/{child}/schedstat"), time.monotonic() + 60
    while account.exists() and time.monotonic() < until:
        if int(account.read_text().split()[0]) >= 1e9 * seconds:
            return
        time.sleep(0.001)
    time.sleep(seconds)  # where the system keeps no such account


def errors(directory: Path) -> list[str]:
    found = check(directory, HashingEmbedder())
    return [f.what for f in found if f.severity != "note"]


def test_a_kill_at_any_instant_leaves_a_whole_generation(churner, directory, corpus):
    generator, generations = random.Random(7), set()
    for kill in range(KILLS):
        child = start(churner, directory, corpus, kill)
        let_run(child, generator.uniform(0.0, 0.12))
        os.kill(child, signal.SIGKILL)
        assert churner.stdout.readline() == "ended\n"
        if not (directory / "index.sqlite").exists():
            continue
        try:
            with Index.open(directory, HashingEmbedder()) as index:
                require_whole(index)
                generations.add(index.generation)
        except IndexMissing:
            continue  # killed before the first table was committed
        assert errors(directory) == []
    assert len(generations) > KILLS // 3
    update(directory, [corpus], HashingEmbedder(), reader=reader, prune=True, passages=PASSAGES)
    assert errors(directory) == []
    with Index.open(directory, HashingEmbedder()) as index:
        assert len(index.documents()) == len(list(corpus.glob("report_*.txt"))) > 0


@pytest.mark.parametrize("limit", [4_000, 60_000, 150_000, 250_000])
def test_a_full_disk_loses_nothing_that_was_stored(churner, directory, corpus, limit):
    update(
        directory,
        write_corpus(corpus, FILES, 8),
        HashingEmbedder(),
        reader=reader,
        passages=PASSAGES,
    )
    start(churner, directory, corpus, 3, limit)
    said = churner.stdout.readline()
    assert re.search("disk of .* is full|could not be written", said), said
    assert churner.stdout.readline() == "ended\n"
    with Index.open(directory, HashingEmbedder()) as index:
        assert len(index.documents()) > 0
        require_whole(index)
    assert errors(directory) == []


def test_readers_see_whole_generations_while_one_writes(churner, directory, corpus):
    update(
        directory,
        write_corpus(corpus, FILES, 8),
        HashingEmbedder(),
        reader=reader,
        passages=PASSAGES,
    )
    child = start(churner, directory, corpus, 11)
    until = time.monotonic() + SECONDS

    def read() -> int:
        seen = set()
        with Index.open(directory, HashingEmbedder()) as index:
            while time.monotonic() < until:
                require_whole(index)
                seen.add(index.generation)
        return len(seen)

    with ThreadPoolExecutor(4) as pool:
        generations = [work.result() for work in [pool.submit(read) for _ in range(4)]]
    os.kill(child, signal.SIGKILL)
    assert churner.stdout.readline() == "ended\n"
    assert min(generations) > 1


def test_the_second_writer_is_told_who_writes_or_waits(directory, corpus, build):
    write_corpus(corpus, 1)
    build()
    with writer_lock(directory), pytest.raises(IndexLocked, match=f"pid {os.getpid()}"):
        build()
    held = threading.Event()

    def hold() -> None:
        with writer_lock(directory):
            held.set()
            time.sleep(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    assert build(wait=10.0).unchanged == 1
    thread.join()


def test_a_snapshot_stays_where_it_is(directory, corpus, build, embedder):
    write_corpus(corpus, 2)
    build()
    with Index.open(directory, embedder) as index:
        with index.snapshot():
            before = index.generation
            write_corpus(corpus, 4)
            build()
            assert index.generation == before
            assert len(index.documents()) == 2
        assert index.generation != before
        assert len(index.documents()) == 4


def test_a_compaction_that_waits_for_a_reader_lets_others_write(
    directory, corpus, build, embedder, monkeypatch
):
    monkeypatch.setattr(maintenance, "_READERS_SECONDS", 3.0)
    write_corpus(corpus, 2)
    build()
    other = sqlite3.connect(database_path(directory), timeout=2, isolation_level=None)
    with Index.open(directory, embedder) as index, index.snapshot():
        assert len(index.documents()) == 2
        thread = threading.Thread(target=compact, args=(directory,))
        thread.start()
        had = 0
        while thread.is_alive():
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            had += 1
            time.sleep(0.05)
    other.close()
    assert had > 3


@pytest.mark.slow
def test_four_readers_beside_a_writer_see_nothing_mixed_or_stale():
    """The long form: python -m tests.tools.soak --seconds 600."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.tools.soak", "--seconds", "30", "--longest-lock", "10"],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in done.stdout.splitlines()[2:]]
    assert Counter(role for role, *_ in rows) == {"reader": 4, "writer": 1, "lock": 1, "doctor": 1}
    generations = [int(seen) for role, _, seen, *_ in rows if role in ("reader", "writer")]
    assert min(generations) > 1


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 3 MB of its own; needs the right to mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True
    )
    if made.returncode:
        pytest.skip("no right to mount a file system")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.slow
def test_a_disk_that_is_really_full_and_then_is_not(small_disk, corpus):
    directory, ballast = small_disk / "index", small_disk / "ballast"

    def bring_up():
        return update(directory, [corpus], HashingEmbedder(), reader=reader, prune=True,
                      passages=PASSAGES)  # fmt: skip

    write_corpus(corpus, FILES, 8)
    bring_up()
    for spare in (0, 40_960):
        ballast.write_bytes(b"\0" * (shutil.disk_usage(small_disk).free - spare))
        write_corpus(corpus, FILES + 20, 8)
        for work in (bring_up, lambda: compact(directory)):
            with pytest.raises(IndexFault, match=r"is full|could not be written"):
                work()
            found = check(directory, HashingEmbedder())
            assert [each for each in found if each.severity == "error"] == []
            with Index.open(directory, HashingEmbedder()) as index:
                require_whole(index)
                assert len(index.documents()) >= FILES
        ballast.unlink()
        assert bring_up().skipped == ()
        with Index.open(directory, HashingEmbedder()) as index:
            assert len(index.documents()) == FILES + 20
        for path in sorted(corpus.iterdir())[FILES:]:
            path.unlink()
        bring_up()
        compact(directory)
