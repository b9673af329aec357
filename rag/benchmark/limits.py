"""What this machine could do at most: memory read, arithmetic, and the bare model."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from rag.models.llama import Llama
from rag.models.weights import Tokens, Weights

_BUFFER = 1 << 28
"""Bytes that each thread reads: more than a core's caches hold."""


def memory_bandwidth(threads: int, repeats: int = 3) -> float:
    """GB/s that `threads` threads read together, best of `repeats`: sums over 64-bit integers."""
    buffers = [np.ones(_BUFFER // 8, dtype=np.int64) for _ in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        seconds = min(_seconds(lambda: list(pool.map(np.sum, buffers))) for _ in range(repeats))
    return threads * _BUFFER / seconds / 1e9


def arithmetic(size: int = 1536, repeats: int = 3) -> float:
    """GFLOP/s of a square float32 product by NumPy's BLAS, best of `repeats`.

    A lower bound of what quantised kernels can reach: those multiply in 8 bits.
    """
    left = np.random.default_rng(0).standard_normal((size, size), dtype=np.float32)
    seconds = min(_seconds(lambda: left @ left) for _ in range(repeats))
    return 2 * size**3 / seconds / 1e9


class BareModel:
    """llama.cpp's evaluation alone: made-up tokens, no sampling, no grammar, nothing kept.

    Calls the library as its own bench tool does (one batch of a prompt, then single tokens), so it
    stands for that tool, which the Python package does not bring.
    """

    def __init__(self, path: Path, threads: int, context_tokens: int = 1024) -> None:
        self._weights = Weights(path)
        self._llama = Llama(self._weights, context_tokens, threads)
        self._random = np.random.default_rng(0)

    def prefill(self, tokens: int) -> float:
        """Tokens a second of a prompt of that many tokens, at most a block."""
        prompt = self._draw(tokens)
        return tokens / _seconds(lambda: self._llama.evaluate([prompt]))

    def decode(self, after: int, tokens: int) -> float:
        """Tokens a second, one at a time, after a prompt of `after` tokens."""
        blocks = [self._draw(after)]
        self._llama.evaluate(blocks)

        def run() -> None:
            for _ in range(tokens):
                blocks.append(self._draw(1))
                self._llama.evaluate(blocks)

        return tokens / _seconds(run)

    def close(self) -> None:
        self._llama.close()
        self._weights.close()

    def _draw(self, count: int) -> Tokens:
        highest = self._weights.vocabulary_size // 2
        return tuple(self._random.integers(1000, highest, size=count).tolist())


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
