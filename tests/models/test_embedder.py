"""The embedder: unit rows in the order given, whatever the batches."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelBroken, ModelNotFound
from rag.models.embedder import SentenceTransformerEmbedder, batches_by_length


def test_rows_are_unit_float32_in_order(embedder: SentenceTransformerEmbedder) -> None:
    texts = ["a harbour crane", "short", "the ship left the harbour " * 30, "", "a harbour crane"]
    rows = embedder.encode(texts)
    assert rows.dtype == np.float32
    assert rows.shape == (5, embedder.dimension) == (5, 384)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert rows[0] == pytest.approx(rows[4], abs=1e-6)
    alone = np.vstack([embedder.encode([text]) for text in texts])
    assert np.einsum("nd,nd->n", rows, alone) == pytest.approx(np.ones(5), abs=1e-5)


def test_near_meanings_are_nearer(embedder: SentenceTransformerEmbedder) -> None:
    port, harbour, algebra = embedder.encode(
        ["The port was closed.", "The harbour shut down.", "A ring is a set with two operations."]
    )
    assert port @ harbour > port @ algebra + 0.3


def test_no_text_gives_no_rows(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.encode([]).shape == (0, 384)
    assert embedder.count_tokens([]) == []


def test_tokens_are_counted_before_any_is_cut(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.max_tokens == 256
    assert embedder.count_tokens(["", "port", "port " * 400]) == [2, 3, 402]


def test_the_fingerprint_names_the_weights(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.fingerprint == "all-minilm-l6-v2@53aa5117"


def test_threads_do_not_mix(embedder: SentenceTransformerEmbedder) -> None:
    """One thread counts, uncut, what another embeds, cut and padded."""
    texts = ["port", "a sentence about harbours and cranes " * 60]
    alone = embedder.encode(texts)
    done = threading.Event()

    def count() -> set[int]:
        found: set[int] = set()
        while not done.wait(0.001):
            found.update(embedder.count_tokens([texts[1] * 2]))
        return found

    with ThreadPoolExecutor(2) as pool:
        counts = [pool.submit(count) for _ in range(2)]
        try:
            rows = [embedder.encode(texts) for _ in range(4)]
        finally:
            done.set()
    assert all(np.allclose(row, alone, atol=1e-5) for row in rows)
    assert len(set.union(*(each.result() for each in counts))) == 1


@given(st.lists(st.integers(1, 300)), st.integers(1, 1000))
def test_batches_hold_each_text_once_and_keep_the_budget(lengths: list[int], budget: int) -> None:
    batches = list(batches_by_length(lengths, budget))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= budget


def test_a_damaged_folder_is_named(tmp_path: Path, embedder_weights: Path) -> None:
    with pytest.raises(ModelNotFound):
        SentenceTransformerEmbedder(tmp_path / "none")
    folder = tmp_path / "model"
    shutil.copytree(embedder_weights, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(ModelBroken, match="has 90867376 bytes, expected 90868376"):
        SentenceTransformerEmbedder(folder)
    weights.unlink()
    with pytest.raises(ModelBroken, match=r"lacks model\.safetensors"):
        SentenceTransformerEmbedder(folder)
