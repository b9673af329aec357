"""Other libraries on the same vectors and words as the index: what `benchmark` compares with.

hnswlib and bm25s come with the extra `bench`; what is not installed is said to be absent.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from rag.indexing.faiss_kinds import faiss, recall_at_10
from rag.indexing.terms import question_terms
from rag.types import FloatMatrix, IntArray

POOL = 100
_LINKS = 32
_EFFORT_BUILDING = 80
_EFFORT_SEARCHING = 64

Search = Callable[[int], Any]
Timer = Callable[[Search], str]


def dense_peers(
    vectors: FloatMatrix, queries: Sequence[FloatMatrix], exact: IntArray, timed: Timer
) -> dict[str, str]:
    """numpy, FAISS flat and hnswlib searching the best 100 of `vectors`, one thread each.

    `exact` holds the best ten rows of each query, int64 (n, 10), by which recall is measured.
    """
    count, dimension = vectors.shape

    def brute(at: int) -> IntArray:
        scores = vectors @ queries[at][0]
        best = np.argpartition(-scores, POOL)[:POOL]
        return np.asarray(best[np.argsort(-scores[best])], dtype=np.int64)

    row = {"numpy p50/p95 ms": timed(brute)}
    row["faiss flat p50/p95 ms"] = _flat(vectors, queries, timed)
    try:
        hnswlib: Any = import_module("hnswlib")
    except ImportError:
        return row | {"hnswlib p50/p95 ms": "absent"}
    graph = hnswlib.Index(space="ip", dim=dimension)
    started = time.process_time()
    graph.init_index(max_elements=count, ef_construction=_EFFORT_BUILDING, M=_LINKS)
    graph.add_items(vectors, num_threads=1)
    row["hnswlib build CPU s"] = f"{time.process_time() - started:.0f}"
    graph.set_ef(max(POOL, _EFFORT_SEARCHING))

    def walked(at: int) -> IntArray:
        labels = graph.knn_query(queries[at], k=POOL, num_threads=1)[0][0]
        return np.asarray(labels, dtype=np.int64)

    row["hnswlib p50/p95 ms"] = timed(walked)
    found = np.stack([walked(at)[:10] for at in range(len(queries))])
    return row | {"hnswlib recall@10": f"{recall_at_10(exact, found):.4f}"}


def _flat(vectors: FloatMatrix, queries: Sequence[FloatMatrix], timed: Timer) -> str:
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    faiss.omp_set_num_threads(1)
    return timed(lambda at: flat.search(queries[at], POOL))


def word_peers(
    connection: sqlite3.Connection, questions: Sequence[str], timed: Timer
) -> dict[str, str]:
    """bm25s over the terms that the index holds, for the best 100 of each question."""
    try:
        bm25s: Any = import_module("bm25s")
    except ImportError:
        return {"bm25s p50/p95 ms": "absent"}
    rows = connection.execute("SELECT heading, body FROM lexical ORDER BY rowid")
    started = time.process_time()
    model = bm25s.BM25()
    model.index([f"{heading} {body}".split() for heading, body in rows], show_progress=False)
    asked = [question_terms(question) for question in questions]
    built = time.process_time() - started

    def ranked(at: int) -> object:
        return model.retrieve([asked[at]], k=POOL, show_progress=False, n_threads=1)

    return {"bm25s build CPU s": f"{built:.0f}", "bm25s p50/p95 ms": timed(ranked)}
