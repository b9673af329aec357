"""Passages a second of a whole `rag index` beside plain encoding: python -m tests.tools.bench_embedding.

The same passages, in one run: sentence-transformers as its documentation shows it, our embedder, our
embedder in 16-bit brain floats and with 8-bit weights, and the whole way from files to an index. The
ratio to the first is what matters; processor time is given since the wall knows of other programs.
"""

from __future__ import annotations

import argparse
import copy
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rag.home import home
from rag.indexing import update
from rag.models.embedder import SentenceTransformerEmbedder
from rag.models.fetch import resolve_embedder
from rag.types import FloatMatrix

CORPUS = Path(__file__).parents[2] / "eval" / "corpus"


class Collecting:
    """Hands on to an embedder and keeps the texts; implements `Embedder`."""

    def __init__(self, embedder: SentenceTransformerEmbedder) -> None:
        self.fingerprint, self.dimension = embedder.fingerprint, embedder.dimension
        self.max_tokens, self.count_tokens = embedder.max_tokens, embedder.count_tokens
        self._embedder = embedder
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """As the embedder."""
        self.texts += texts
        return self._embedder.encode(texts)


def measured(count: int, work: Callable[[], object]) -> tuple[float, float]:
    """Passages a second by the wall and by processor time."""
    wall, own = time.perf_counter(), time.process_time()
    work()
    return count / (time.perf_counter() - wall), count / (time.process_time() - own)


def compare(
    paths: Sequence[Path], embedder: SentenceTransformerEmbedder, smaller: bool
) -> list[str]:
    """The rows of the table; `smaller` adds those in fewer bits."""
    collecting = Collecting(embedder)
    embedder.warm()
    with tempfile.TemporaryDirectory() as folder:
        whole = time.perf_counter(), time.process_time()
        update(Path(folder) / "index", paths, collecting)
        taken = time.perf_counter() - whole[0], time.process_time() - whole[1]
    texts, model = collecting.texts, embedder._model
    count = len(texts)
    found = {
        "plain SentenceTransformer.encode": measured(count, lambda: model.encode(texts)),
        "our embedder": measured(count, lambda: embedder.encode(texts)),
    }
    found["files to index, all included"] = (count / taken[0], count / taken[1])
    close: dict[str, str] = {}
    if smaller:
        compare_smaller(texts, embedder, found, close)
    base = found["plain SentenceTransformer.encode"]
    return [
        f"| {name} | {wall:.1f} | {wall / base[0]:.2f} | {own / base[1]:.2f} | "
        f"{close.get(name, '')} |"
        for name, (wall, own) in found.items()
    ]


def compare_smaller(
    texts: Sequence[str],
    embedder: SentenceTransformerEmbedder,
    found: dict[str, tuple[float, float]],
    close: dict[str, str],
) -> None:
    """Add brain floats and 8-bit weights, and how close their vectors are to those in 32 bits."""
    import torch

    count, model, exact = len(texts), embedder._model, embedder.encode(texts)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        embedder.warm()
        found["our embedder, bf16"] = measured(count, lambda: embedder.encode(texts))
        close["our embedder, bf16"] = least_cosine(exact, embedder.encode(texts))
    embedder._model = torch.quantization.quantize_dynamic(
        copy.deepcopy(model), {torch.nn.Linear}, dtype=torch.qint8
    )
    embedder.warm()
    found["our embedder, int8 weights"] = measured(count, lambda: embedder.encode(texts))
    close["our embedder, int8 weights"] = least_cosine(exact, embedder.encode(texts))
    embedder._model = model


def least_cosine(one: FloatMatrix, other: FloatMatrix) -> str:
    """Of the rows of unit length of two matrices."""
    return f"{np.min(np.sum(one * other, axis=1)):.4f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="Compare indexing with plain encoding.")
    parser.add_argument("paths", nargs="*", type=Path, default=[CORPUS])
    parser.add_argument("--threads", type=int)
    parser.add_argument("--exact", action="store_true", help="without those in fewer bits")
    given = parser.parse_args(arguments)
    embedder = SentenceTransformerEmbedder(resolve_embedder(None, home()), threads=given.threads)
    lines = ["| | passages/s | ratio | ratio by processor time | least cosine with 32 bits |",
             "|---|---:|---:|---:|---:|"]  # fmt: skip
    sys.stdout.write("\n".join([*lines, *compare(given.paths, embedder, not given.exact)]) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
