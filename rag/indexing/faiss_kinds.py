"""Which FAISS index for how many vectors, and how well it finds. The only importer of faiss."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from rag.types import FloatMatrix, IntArray

faiss: Any = import_module("faiss")  # its type stubs lack half of the names it exports
_THREADS = faiss.omp_get_max_threads()

QUANTISE_FROM = 100_000
"""Below this many passages an exact scan takes milliseconds, so nothing is approximated."""
WANTED_RECALL = 0.98
SAMPLED_QUERIES = 200
_POINTS_PER_LIST = 64
_LEAST_POINTS_PER_LIST = 39  # fewer and FAISS warns
_MOST_LISTS = 4096


@dataclass(frozen=True, slots=True)
class Made:
    """A FAISS index in memory; `recall` is recall@10 against an exact scan of the same vectors."""

    index: Any
    kind: str
    probes: int
    recall: float
    trained_on: int


@dataclass(frozen=True, slots=True)
class Trained:
    """Inverted lists of an earlier build, whose centres can be used again."""

    index: Any
    kind: str
    trained_on: int


def make(
    vectors: FloatMatrix, quantise_from: int = QUANTISE_FROM, trained: Trained | None = None
) -> Made:
    """Exact inner product while that is fast, then inverted lists with 8-bit codes.

    Inverted lists widen their search until recall@10 reaches 0.98 on sampled stored vectors
    (disturbed, so that a vector is not simply its own answer). With `trained` they are filled
    anew but not trained again, which is most of the work.
    """
    count, dimension = vectors.shape
    faiss.omp_set_num_threads(_THREADS)
    if count < quantise_from:
        flat = faiss.IndexFlatIP(dimension)
        flat.add(vectors)
        return Made(flat, "Flat", 0, 1.0, 0)
    if trained is None:
        trained = _train(vectors)
    trained.index.reset()
    trained.index.add(vectors)
    probes, recall = _widen(trained.index, vectors)
    return Made(trained.index, trained.kind, probes, recall, trained.trained_on)


def _train(vectors: FloatMatrix) -> Trained:
    count, dimension = vectors.shape
    wanted = min(_MOST_LISTS, 4 * np.sqrt(count), count / _LEAST_POINTS_PER_LIST)
    lists = 1 << max(0, int(np.log2(wanted)))
    kind = f"IVF{lists},SQ8"
    index = faiss.index_factory(dimension, kind, faiss.METRIC_INNER_PRODUCT)
    index.cp.max_points_per_centroid = _POINTS_PER_LIST
    size = min(count, lists * _POINTS_PER_LIST)
    sample = np.random.default_rng(0).choice(count, size, replace=False)
    index.train(vectors[np.sort(sample)])
    return Trained(index, kind, count)


def _widen(index: Any, vectors: FloatMatrix) -> tuple[int, float]:
    generator, lists = np.random.default_rng(1), int(index.nlist)
    rows = generator.choice(len(vectors), min(SAMPLED_QUERIES, len(vectors)), replace=False)
    noise = generator.standard_normal((len(rows), vectors.shape[1])).astype(np.float32)
    queries = vectors[rows] + 0.5 * noise / np.sqrt(np.float32(vectors.shape[1]))
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    exact = exact_ten(queries, vectors)
    probes, recall = 8, 0.0
    while True:
        parameters = faiss.SearchParametersIVF(nprobe=probes)
        _, found = index.search(queries, 40, params=parameters)
        recall = recall_at_10(exact, _rescored(found, queries, vectors))
        if recall >= WANTED_RECALL or probes >= lists:
            return probes, recall
        probes = min(lists, probes + probes // 2)


def exact_ten(queries: FloatMatrix, vectors: FloatMatrix) -> IntArray:
    """The rows of `vectors` with the highest inner product, int64 (n, 10), best first."""
    _, rows = faiss.knn(queries, vectors, 10, faiss.METRIC_INNER_PRODUCT)
    return np.asarray(rows, dtype=np.int64)


def _rescored(found: IntArray, queries: FloatMatrix, vectors: FloatMatrix) -> IntArray:
    kept = np.full((len(found), 10), -1, dtype=np.int64)
    for at, (row, query) in enumerate(zip(found, queries, strict=True)):
        real = row[row >= 0]
        order = np.argsort(-(vectors[real] @ query), kind="stable")[:10]
        kept[at, : len(order)] = real[order]
    return kept


def recall_at_10(exact: IntArray, found: IntArray) -> float:
    """Share of the exact ten that were found, over all queries. Both (n, 10) of identifiers."""
    shared = sum(len(set(e) & set(f)) for e, f in zip(exact.tolist(), found.tolist(), strict=True))
    return float(shared / exact.size)


def to_bytes(index: Any) -> Any:
    """uint8 (n,): the index as FAISS writes it to a file."""
    return faiss.serialize_index(index)


def load(path: Path) -> Any:
    """Read into memory, to be changed."""
    return faiss.read_index(str(path))


def read(path: Path) -> Any:
    """Open memory-mapped: nothing is read before it is searched.

    `IO_FLAG_MMAP` would map inverted lists as well, and start a thread for each list of a search to
    read ahead: five times the processor time of the search itself.
    """
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)


def search(
    index: Any, query: FloatMatrix, count: int, probes: int, positions: IntArray | None, keep: bool
) -> IntArray:
    """Positions of the best `count` rows for `query` (1, dimension), best first, on one thread.

    With `positions`, only those rows are looked at (`keep`) or all but those (not `keep`). The
    fewer rows may be found, the more lists are looked at, so that none are missed for it.
    """
    faiss.omp_set_num_threads(1)
    selector, left = None, int(index.ntotal)
    if positions is not None:
        batch = faiss.IDSelectorBatch(positions)
        selector = batch if keep else faiss.IDSelectorNot(batch)
        left = len(positions) if keep else left - len(positions)
    count = min(count, left)
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    if not probes:
        parameters = faiss.SearchParameters(sel=selector)
        return np.asarray(index.search(query, count, params=parameters)[1][0], dtype=np.int64)
    lists = int(index.nlist)
    probes = min(lists, probes * int(index.ntotal) // left)
    while True:
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)
        row = index.search(query, count, params=parameters)[1][0]
        best: IntArray = np.asarray(row[row >= 0], dtype=np.int64)
        if len(best) == count or probes == lists:
            return best
        probes = min(lists, 4 * probes)
