"""The FAISS files are never the truth: without them, or with stale ones, answers are the same."""

from __future__ import annotations

import os
import resource

import numpy as np
import pytest

from rag.indexing import Index, accelerator, check, compact, faiss_kinds, info
from rag.indexing.dense import DenseSearcher, exact_scores
from rag.indexing.selection import Allowed
from rag.types import Filters
from tests.indexing.support import write_corpus

QUESTIONS = ["radar near Hanoi", "the alloy was approved", "quota doubled in Porto"]


def answers(directory, embedder):
    with Index.open(directory, embedder) as index:
        return [[(h.passage, h.score) for h in index.search(q, limit=30)] for q in QUESTIONS]


def files(directory):
    return sorted(directory.glob("dense-*"))


def delete(path):
    path.unlink()


def truncate(path):
    path.write_bytes(path.read_bytes()[:100])


def overwrite_head(path):
    path.write_bytes(b"\xff" * 64 + path.read_bytes()[64:])


def flip_bits(path):
    """The file opens, and holds other vectors."""
    data = bytearray(path.read_bytes())
    data[-64:] = bytes(byte ^ 0xFF for byte in data[-64:])
    path.write_bytes(data)


@pytest.mark.parametrize("suffix", [".faiss", ".ids"])
@pytest.mark.parametrize("harm", [delete, truncate, overwrite_head, flip_bits])
def test_harmed_files_change_no_answer_and_are_mended(
    harm, suffix, build, corpus, directory, embedder
):
    write_corpus(corpus, 12)
    build()
    expected = answers(directory, embedder)
    built = files(directory)
    harm(next(path for path in built if path.suffix == suffix))
    assert answers(directory, embedder) == expected
    (finding,) = check(directory, embedder)
    assert finding.remedy == "Run: rag index --compact"
    build()  # any writer mends it
    assert not set(files(directory)) & set(built)
    assert check(directory, embedder) == []
    assert answers(directory, embedder) == expected


def test_what_came_after_the_build_is_found_and_what_went_is_not(
    build, corpus, directory, embedder
):
    paths = write_corpus(corpus, 12)
    build()
    built = files(directory)
    paths[3].unlink()
    write_corpus(corpus, 15)
    paths[3].unlink()
    paths[5].write_text("# Volcano | 2020\nA volcano was mapped by nobody before.\n")
    with Index.open(directory, embedder) as index:
        index.search(QUESTIONS[0])
        build(prune=True)
        assert files(directory) == built  # too little has changed for a new build
        assert index.search("volcano mapped")[0].document.title == "Volcano"
        titles = {h.document.title for h in index.search("case 3-0-0", limit=200)}
        assert titles >= {"Report 14"}
        assert not titles & {"Report 3", "Report 5"}
    stale = answers(directory, embedder)
    compact(directory)
    assert files(directory) != built
    assert info(directory)["dense_pending"] == 0
    assert answers(directory, embedder) == stale


def test_copied_files_are_read_once_more_and_kept(build, corpus, directory, embedder):
    write_corpus(corpus, 12)
    build()
    built = files(directory)
    for path in built:
        os.utime(path, (1, 1))
    with Index.open(directory, embedder) as index:
        index.search(QUESTIONS[0])
        assert index._dense._covering.covered > 0
    build()
    assert files(directory) == built
    with Index.open(directory, embedder) as index:
        named = accelerator.current_build(index._connection)
        assert named.changed == named.times(directory) == (10**9, 10**9)


def test_left_over_files_are_swept(build, corpus, directory):
    write_corpus(corpus, 2)
    build()
    (directory / "dense-0123.faiss.tmp").write_bytes(b"half")
    build()
    assert len(files(directory)) == 2


def mixture(count: int, dimension: int = 32) -> np.ndarray:
    generator = np.random.default_rng(1)
    centres = generator.standard_normal((60, dimension))
    rows = centres[generator.integers(60, size=count)]
    rows = rows + 0.6 * generator.standard_normal((count, dimension))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_inverted_lists_reach_the_wanted_recall_and_obey_selectors():
    vectors = mixture(6000)
    made = faiss_kinds.make(vectors, quantise_from=1000)
    assert made.kind == "IVF128,SQ8"
    assert made.recall >= faiss_kinds.WANTED_RECALL
    query = vectors[17:18]
    allowed = np.arange(0, 6000, 3)
    found = faiss_kinds.search(made.index, query, 50, made.probes, allowed, True)
    assert len(found) == 50
    assert set(found.tolist()) <= set(allowed.tolist())
    without = faiss_kinds.search(made.index, query, 50, made.probes, np.array([17]), False)
    assert 17 not in without
    assert 17 in faiss_kinds.search(made.index, query, 50, made.probes, None, True)


def test_a_mapped_file_finds_the_same_and_starts_no_threads(tmp_path):
    vectors = mixture(6000)
    made = faiss_kinds.make(vectors, quantise_from=1000)
    path = tmp_path / "dense.faiss"
    path.write_bytes(bytes(faiss_kinds.to_bytes(made.index)))
    mapped = faiss_kinds.read(path)

    def search(index, at):
        found = faiss_kinds.search(index, vectors[at : at + 1], 20, made.probes, None, True)
        return found.tolist()

    assert search(mapped, 0) == search(made.index, 0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
    for at in range(60):
        search(mapped, at)
    # A thread for each list, to read it ahead, costs more than the search: each is waited for.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw - before < 30


def test_lists_are_filled_anew_without_training():
    vectors = mixture(6000)
    first = faiss_kinds.make(vectors[:5000], quantise_from=1000)
    trained = faiss_kinds.Trained(first.index, first.kind, first.trained_on)
    made = faiss_kinds.make(vectors[1000:], quantise_from=1000, trained=trained)
    assert (made.index.ntotal, made.kind, made.trained_on) == (5000, first.kind, 5000)
    assert made.recall >= faiss_kinds.WANTED_RECALL
    assert 4999 in faiss_kinds.search(made.index, vectors[5999:], 10, made.probes, None, True)


def test_recall_is_a_share_of_the_exact_ten():
    exact = np.arange(20).reshape(2, 10)
    found = exact.copy()
    found[1, :5] = 99
    assert faiss_kinds.recall_at_10(exact, found) == 0.75


def test_a_narrow_filter_scans_exactly(build, corpus, directory, embedder):
    write_corpus(corpus, 40)
    build()
    with Index.open(directory, embedder) as index:
        connection = index._connection
        searcher = DenseSearcher(directory, embedder.dimension)
        searcher.refresh(connection)
        documents = [document.identifier for document in index.documents()]
        query = embedder.encode(["tariff in Accra"])
        for part in (documents[:1], documents[::2], documents[-25:]):
            allowed = Allowed(connection, part, Filters())
            scores = exact_scores(connection, query, allowed.passages)
            best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:10]
            assert searcher.search(connection, query, 10, allowed) == best
