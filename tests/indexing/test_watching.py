"""A folder that changes and the index that follows it: real files, real time."""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import contextmanager

import pytest

from rag.errors import InputError
from rag.indexing import Index, PassageSettings, UpdateSummary, check, watch
from rag.indexing.lock import writer_lock
from tests.indexing.support import article, reader, write_corpus

INTERVAL = 0.02


@contextmanager
def watching(directory, corpus, embedder, read=reader):
    stop, told = threading.Event(), []

    def run() -> None:
        watch(directory, [corpus], embedder, stop=stop, report=told.append, interval=INTERVAL,
              passages=PassageSettings(target_tokens=30), reader=read)  # fmt: skip

    thread = threading.Thread(target=run)
    thread.start()
    try:
        until(lambda: told)
        yield told
    finally:
        stop.set()
        thread.join(timeout=20)
        assert not thread.is_alive()


def until(true, seconds=20.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def stored(directory):
    with Index.open(directory, None) as index:
        return {d.path: index.file_text(d.path) for d in index.documents()}


def on_disk(corpus):
    return {str(path): path.read_text() for path in sorted(corpus.glob("*.txt"))}


def test_new_changed_moved_and_gone_files_are_followed(directory, corpus, embedder):
    paths = write_corpus(corpus, 4)
    with watching(directory, corpus, embedder) as told:
        assert told[0].new == 4
        (corpus / "new.txt").write_text(article(9))
        until(lambda: stored(directory) == on_disk(corpus))
        paths[0].write_text(article(0, version=2))
        until(lambda: stored(directory) == on_disk(corpus))
        paths[1].rename(corpus / "moved.txt")
        paths[2].unlink()
        until(lambda: stored(directory) == on_disk(corpus))
    assert all(isinstance(each, UpdateSummary) for each in told)
    assert sum(each.moved for each in told) == 1
    assert check(directory, embedder) == []


def test_a_file_is_not_read_while_it_is_written(directory, corpus, embedder):
    write_corpus(corpus, 1)
    read = []

    def noting(paths, workers):
        for path, outcome in reader(paths, workers):
            read.append((path.name, getattr(outcome, "text", None)))
            yield path, outcome

    with watching(directory, corpus, embedder, noting):
        grows = corpus / "grows.txt"
        text = article(7, 30)
        with grows.open("w") as file:
            for line in text.splitlines(keepends=True):
                file.write(line)
                file.flush()
                time.sleep(INTERVAL / 4)
        until(lambda: stored(directory).get(str(grows)) == text)
    # It may have looked the same twice when this machine was busy, never each time it grew.
    assert len([name for name, _ in read if name == "grows.txt"]) < 10


def test_one_bad_file_and_another_writer_end_nothing(directory, corpus, embedder):
    write_corpus(corpus, 1)
    with watching(directory, corpus, embedder) as told:
        (corpus / "bad.txt").write_bytes(b"\0")
        until(lambda: any(each.skipped for each in told))
        (corpus / "bad.txt").unlink()
        time.sleep(5 * INTERVAL)
        with writer_lock(directory, wait=5):
            (corpus / "late.txt").write_text(article(8))
            time.sleep(5 * INTERVAL)
        until(lambda: stored(directory) == on_disk(corpus))
    assert all(isinstance(each, UpdateSummary) for each in told)
    assert all(each.new or each.skipped for each in told)  # none that tells of nothing


def test_a_folder_that_is_emptied_or_taken_away_empties_no_index(directory, corpus, embedder):
    write_corpus(corpus, 3)
    before = on_disk(corpus)
    with watching(directory, corpus, embedder) as told:
        for path in corpus.iterdir():
            path.unlink()
        until(lambda: isinstance(told[-1], InputError))
        assert "All 3 files" in str(told[-1])
        shutil.rmtree(corpus)
        until(lambda: "No such file or folder" in str(told[-1]))
        count = len(told)
        assert stored(directory) == before
        corpus.mkdir()
        write_corpus(corpus, 4)
        until(lambda: stored(directory) == on_disk(corpus))
    assert len(told) <= count + 2  # each error is told once


def test_what_cannot_begin_says_so(directory, corpus, embedder):
    with pytest.raises(InputError, match="No such file"):
        watch(directory, [corpus / "nowhere"], embedder, stop=threading.Event(), report=print)


def test_it_stops_between_two_files(directory, corpus, embedder):
    write_corpus(corpus, 40)
    stop, seen = threading.Event(), []

    def progress(now) -> None:
        seen.append(now)
        stop.set()

    watch(directory, [corpus], embedder, stop=stop, report=seen.append, progress=progress,
          reader=reader)  # fmt: skip
    assert len(seen) == 1
    assert len(stored(directory)) == 1
    assert check(directory, embedder)[0].severity == "note"
