"""How the index behaves at a size: python -m rag.indexing.benchmark 10000 100000.

Texts and vectors are made up: Zipf-distributed words, and vectors from an anisotropic mixture of
4000 clusters of Zipf-distributed size, as the embeddings of real text are clustered. Everything
else is real: the same update, the same files, the same search. Prints one Markdown table.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import ReadError
from rag.indexing.accelerator import all_vectors
from rag.indexing.database import open_reader
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


def measure(count: int, folder: Path) -> dict[str, str]:
    """Build an index of `count` passages in `folder` and measure it. Times are wall clock."""
    directory, corpus = folder / "index", folder / "corpus"
    embedder, settings = MixtureEmbedder(), PassageSettings(target_tokens=WORDS)
    _write(corpus, 0, count // PASSAGES_PER_FILE)

    def bring_up(*paths: Path, prune: bool = False) -> None:
        given = list(paths) or [corpus]
        update(directory, given, embedder, reader=read_made_up, passages=settings, prune=prune)

    row = {"passages": f"{count:,}", "build s": _seconds(bring_up)}
    row["compact s"] = _seconds(lambda: compact(directory))
    told: Any = info(directory)
    row["kind"] = told["dense"]["kind"]
    row["disk B/passage"] = f"{told['bytes'] / count:.0f}"
    before = _resident()
    started = time.perf_counter()
    with Index.open(directory, embedder) as index:
        row["open ms"] = f"{1000 * (time.perf_counter() - started):.0f}"
        row |= _searches(index, embedder)
        row["resident MB"] = f"{(_resident() - before) / 1e6:.0f}"
    added = _write(corpus, count // PASSAGES_PER_FILE, 5)
    row["add 100 s"] = _seconds(lambda: bring_up(*added))
    for path in added:
        path.unlink()
    row["remove 100 s"] = _seconds(lambda: bring_up(*added, prune=True))
    row["nothing new s"] = _seconds(bring_up)
    return row


def _searches(index: Index, embedder: MixtureEmbedder) -> dict[str, str]:
    questions = [words(f"q{number}", 8) for number in range(QUERIES)]
    queries = [embedder.encode([question]) for question in questions]
    index.search(questions[0])  # the first one opens the FAISS files
    for question in questions:
        index.vector(question)
    connection = open_reader(index.directory)
    ids, vectors = all_vectors(connection, DIMENSION)
    dense = index._dense

    def nearest(at: int) -> list[int]:
        return [p for p, _ in dense.search(connection, queries[at], 100, None)]

    def brute(at: int) -> list[int]:
        scores = vectors @ queries[at][0]
        best = np.argpartition(-scores, 10)[:10]
        return [int(ids[i]) for i in best]

    shared = sum(len(set(nearest(at)[:10]) & set(brute(at))) for at in range(QUERIES))
    whole = {
        "dense": nearest,
        "words": lambda at: lexical_search(connection, questions[at], 100, None),
        "whole": lambda at: index.search(questions[at]),
        "numpy": brute,
    }
    row = {"recall@10": f"{shared / (10 * QUERIES):.4f}"}
    row |= {f"{name} p50/p95 ms": _quantiles(work) for name, work in whole.items()}
    connection.close()
    return row


def _quantiles(work: Callable[[int], object]) -> str:
    taken = []
    for at in range(QUERIES):
        started = time.perf_counter()
        work(at)
        taken.append(1000 * (time.perf_counter() - started))
    return f"{np.quantile(taken, 0.5):.1f} / {np.quantile(taken, 0.95):.1f}"


def _seconds(work: Callable[[], object]) -> str:
    started = time.perf_counter()
    work()
    return f"{time.perf_counter() - started:.2f}"


def _write(corpus: Path, first: int, count: int) -> list[Path]:
    corpus.mkdir(parents=True, exist_ok=True)
    paths = [corpus / f"{number:08d}.txt" for number in range(first, first + count)]
    for number, path in enumerate(paths, first):
        path.write_text(str(number))
    return paths


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size given and print the table."""
    parser = argparse.ArgumentParser(description="Measure the index on made-up passages.")
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    sizes: list[int] = parser.parse_args(arguments).sizes
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    rows = []
    for size in sizes:
        folder = Path(tempfile.mkdtemp(prefix="bench-index-"))
        try:
            rows.append(measure(size, folder))
        finally:
            shutil.rmtree(folder)
    lines = [f"| {name} | " + " | ".join(row[name] for row in rows) + " |" for name in rows[0]]
    lines.insert(1, "|---|" + "---:|" * len(rows))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
