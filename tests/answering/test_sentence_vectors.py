"""Each sentence is embedded once, and what is remembered is what would be embedded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.sentence_vectors import SentenceVectors
from rag.types import FloatMatrix
from tests.indexing.support import HashingEmbedder

BATCHES = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6), max_size=12)


class Counting:
    """An embedder that keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        self.given.append(list(texts))
        return HashingEmbedder().encode(texts)


@given(BATCHES, st.integers(1, 12))
def test_remembered_vectors_are_those_of_the_embedder(batches: list[list[str]], most: int) -> None:
    counting = Counting()
    vectors = SentenceVectors(counting.encode, most)
    for batch in batches:
        found = vectors.encode(batch)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, HashingEmbedder().encode(batch))
    if most >= 8:
        given_ = [text for texts in counting.given for text in texts]
        assert len(given_) == len(set(given_))


def test_the_longest_unread_is_forgotten_first() -> None:
    counting = Counting()
    vectors = SentenceVectors(counting.encode, most=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        vectors.encode([text])
    assert counting.given == [["a"], ["b"], ["c"], ["b"]]
