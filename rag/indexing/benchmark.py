"""How the index behaves at a size: python -m rag.indexing.benchmark 10000 100000 1000000.

Texts and vectors are made up: Zipf-distributed words, and vectors from an anisotropic mixture of
4000 clusters of Zipf-distributed size, as the embeddings of real text are clustered. Everything
else is real: the same update, the same files, the same search. Prints one Markdown table.

A time is given as on the wall, and in brackets as processor time, of a search its thread's and else
of all threads: that tells the work where other programs keep the machine busy.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import ReadError
from rag.indexing import benchmark_peers, faiss_kinds
from rag.indexing.accelerator import all_vectors
from rag.indexing.database import database_path, open_reader
from rag.indexing.lexical import lexical_search
from rag.indexing.maintenance import compact, info
from rag.indexing.reader import Index
from rag.indexing.settings import PassageSettings
from rag.indexing.updating import update
from rag.types import Document, FloatMatrix, Sentence, SourceFile

DIMENSION = 384
PASSAGES_PER_FILE = 20
WORDS = 60
QUERIES = 200
_CLUSTERS = 4000
_VOCABULARY = 50_000


class MixtureEmbedder:
    """Gives the text that contains "p<number>" or "q<number>" the vector of that number."""

    fingerprint = "mixture@1"
    dimension = DIMENSION
    max_tokens = 256

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words."""
        return [len(text.split()) for text in texts]

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """float32 (len(texts), 384), rows of unit length."""
        rows = np.stack([self._draw(text.rsplit("\n", 1)[-1].split(" ", 1)[0]) for text in texts])
        unit: FloatMatrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit.astype(np.float32)

    @cached_property
    def _centres(self) -> FloatMatrix:
        generator = np.random.default_rng(0)
        scale = 1.0 / np.sqrt(1.0 + np.arange(DIMENSION))
        groups = generator.standard_normal((60, DIMENSION)) * scale
        own = generator.standard_normal((_CLUSTERS, DIMENSION)) * scale
        centres: FloatMatrix = groups[generator.integers(60, size=_CLUSTERS)] + own
        return centres

    def _draw(self, name: str) -> FloatMatrix:
        generator = np.random.default_rng([ord(name[0]), int(name[1:])])
        cluster = min(_CLUSTERS, int(generator.zipf(1.3))) - 1
        scale = 0.7 / np.sqrt(1.0 + np.arange(DIMENSION))
        drawn: FloatMatrix = self._centres[cluster] + generator.standard_normal(DIMENSION) * scale
        return drawn


def read_made_up(
    paths: Sequence[Path], workers: int
) -> Iterator[tuple[Path, SourceFile | ReadError]]:
    """Files that hold a number, read as an article of 20 long sentences made from it."""
    for path in paths:
        raw = path.read_bytes()
        number = int(raw)
        lines = [words(f"p{number * PASSAGES_PER_FILE + at}") for at in range(PASSAGES_PER_FILE)]
        ends = np.cumsum([len(line) + 1 for line in lines])
        sentences = tuple(
            Sentence(int(end) - len(line) - 1, int(end) - 1, at)
            for at, (line, end) in enumerate(zip(lines, ends, strict=True))
        )
        text = "\n".join(lines)
        day = f"20{number % 24:02d}-{number % 12 + 1:02d}-01"
        document = Document(f"Article {number}", 0, len(text), sentences, published=day)
        sha256 = hashlib.sha256(raw).hexdigest()
        yield path, SourceFile(str(path), sha256, "made up", text, (document,))


def words(name: str, count: int = WORDS) -> str:
    """A name and words drawn by Zipf's law, always the same ones for a name."""
    generator = np.random.default_rng([ord(name[0]), int(name[1:]), 1])
    drawn = generator.zipf(1.1, size=3 * count)
    kept = drawn[drawn <= _VOCABULARY][: count - 1]
    return " ".join([name, *(f"w{word}" for word in kept)])


def measure(count: int, folder: Path, *, peers: bool = True) -> dict[str, str]:
    """Build an index of `count` passages in `folder`, or take the one there, and measure it.

    `peers` also gives its vectors and words to other libraries.
    """
    directory, corpus = folder / "index", folder / "corpus"
    embedder, settings = MixtureEmbedder(), PassageSettings(target_tokens=WORDS)
    _write(corpus, 0, count // PASSAGES_PER_FILE)

    def bring_up(*paths: Path, prune: bool = False) -> None:
        given = list(paths) or [corpus]
        update(directory, given, embedder, reader=read_made_up, passages=settings, prune=prune)

    kept = database_path(directory).exists()
    built = _seconds(bring_up)  # also what a run that was broken off did not do
    row = {"passages": f"{count:,}", "build s": "kept" if kept else built}
    row["compact s"] = _seconds(lambda: compact(directory))
    told: Any = info(directory)
    row["kind"] = told["dense"]["kind"]
    row["disk B/passage"] = f"{told['bytes'] / count:.0f}"
    row |= _searches(directory, embedder, peers)
    added = _write(corpus, count // PASSAGES_PER_FILE, 5)
    row["add 100 s"] = _seconds(lambda: bring_up(*added))
    for path in added:
        path.unlink()
    row["remove 100 s"] = _seconds(lambda: bring_up(*added, prune=True))
    row["nothing new s"] = _seconds(bring_up)
    return row


def _searches(directory: Path, embedder: MixtureEmbedder, peers: bool) -> dict[str, str]:
    questions = [words(f"q{number}", 8) for number in range(QUERIES)]
    queries = [embedder.encode([question]) for question in questions]
    before = _resident()
    row = {"open s": _seconds(lambda: Index.open(directory, embedder).close())}
    with Index.open(directory, embedder) as index:
        row["first search s"] = _seconds(lambda: index.search(questions[0]))
        row["whole p50/p95 ms"] = _quantiles(lambda at: index.search(questions[at]))
        row["two askers p50/p95 ms"] = _two_askers(directory, embedder, questions)
        connection, dense = open_reader(directory), index._dense

        def nearest(at: int) -> list[int]:
            return [p for p, _ in dense.search(connection, queries[at], benchmark_peers.POOL, None)]

        row["dense p50/p95 ms"] = _quantiles(nearest)
        row["words p50/p95 ms"] = _quantiles(
            lambda at: lexical_search(
                connection, questions[at], benchmark_peers.POOL, None, index.passage_count
            )
        )
        row["resident MB"] = f"{(_resident() - before) / 1e6:.0f}"
        ids, vectors = all_vectors(connection, DIMENSION)
        exact = faiss_kinds.exact_ten(np.concatenate(queries), vectors)
        found = np.array([nearest(at)[:10] for at in range(QUERIES)])
        row["recall@10"] = f"{faiss_kinds.recall_at_10(ids[exact], found):.4f}"
        if peers:
            row |= benchmark_peers.dense_peers(vectors, queries, exact, _quantiles)
            del vectors
            row |= benchmark_peers.word_peers(connection, questions, _quantiles)
        connection.close()
    return row


def _two_askers(directory: Path, embedder: MixtureEmbedder, questions: Sequence[str]) -> str:
    def ask(_: int) -> list[tuple[float, float]]:
        with Index.open(directory, embedder) as index:
            index.search(questions[0])
            return [_timed(lambda at: index.search(questions[at]), at) for at in range(QUERIES)]

    with ThreadPoolExecutor(2) as pool:
        return _told([pair for taken in pool.map(ask, range(2)) for pair in taken])


def _quantiles(work: Callable[[int], object]) -> str:
    return _told([_timed(work, at) for at in range(QUERIES)])


def _timed(work: Callable[[int], object], at: int) -> tuple[float, float]:
    wall, own = time.perf_counter(), time.thread_time()
    work(at)
    return time.perf_counter() - wall, time.thread_time() - own


def _told(taken: Sequence[tuple[float, float]]) -> str:
    half, most = 1000 * np.quantile(np.array(taken), [0.5, 0.95], axis=0)
    return f"{half[0]:.1f} / {most[0]:.1f} ({half[1]:.1f} / {most[1]:.1f})"


def _seconds(work: Callable[[], object]) -> str:
    wall, own = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - wall:.3g} ({time.process_time() - own:.3g})"


def _write(corpus: Path, first: int, count: int) -> list[Path]:
    corpus.mkdir(parents=True, exist_ok=True)
    paths = [corpus / f"{number:08d}.txt" for number in range(first, first + count)]
    for number, path in enumerate(paths, first):
        if not path.exists():
            path.write_text(str(number))
    return paths


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size given and print the table."""
    parser = argparse.ArgumentParser(description="Measure the index on made-up passages.")
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--alone", action="store_true", help="without the other libraries")
    parser.add_argument("--keep", type=Path, help="where to build, once for all later runs")
    given = parser.parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    rows = []
    for size in given.sizes:
        if given.keep:
            rows.append(measure(size, given.keep / str(size), peers=not given.alone))
            continue
        with tempfile.TemporaryDirectory(prefix="bench-index-") as folder:
            rows.append(measure(size, Path(folder), peers=not given.alone))
    names = dict.fromkeys(name for row in rows for name in row)
    lines = [f"| {n} | " + " | ".join(row.get(n, "") for row in rows) + " |" for n in names]
    lines.insert(1, "|---|" + "---:|" * len(rows))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
