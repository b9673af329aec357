"""Embedders of others: prompts as their publisher saved them, and fewer dimensions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError, ModelNotFound
from rag.indexing import Index, update
from rag.models import fetch
from rag.models.embedder import SentenceTransformerEmbedder
from rag.models.loading import as_embedder
from tests.indexing.support import HashingEmbedder, reader, write_corpus


class Apart(HashingEmbedder):
    """Puts questions otherwise than texts."""

    def encode_queries(self, questions):
        return self.encode([f"query: {each}" for each in questions])


def test_a_question_is_put_as_the_model_wants_questions(tmp_path: Path) -> None:
    update(tmp_path / "index", write_corpus(tmp_path / "papers", 2), Apart(), reader=reader)
    for embedder, text in ((Apart(), "query: probe"), (HashingEmbedder(), "probe")):
        with Index.open(tmp_path / "index", embedder) as index:
            index.vector("probe")
        assert embedder.encoded == [text]


@pytest.mark.slow
def test_the_prompts_of_the_folder_are_used(
    tmp_path: Path, embedder_weights: Path, embedder: SentenceTransformerEmbedder
) -> None:
    folder = tmp_path / "all-minilm-l6-v2"
    shutil.copytree(embedder_weights, folder, copy_function=lambda a, b: Path(b).symlink_to(a))
    settings = folder / "config_sentence_transformers.json"
    saved = json.loads(settings.read_text()) | {
        "prompts": {"query": "query: ", "passage": "text to search: "}
    }
    settings.unlink()
    settings.write_text(json.dumps(saved))

    prompted = SentenceTransformerEmbedder(folder)

    texts = ["The port was closed.", "Rates rose."]
    for found, expected in (
        (prompted.encode(texts), [f"text to search: {each}" for each in texts]),
        (prompted.encode_queries(texts), [f"query: {each}" for each in texts]),
    ):
        assert found == pytest.approx(embedder.encode(expected), abs=1e-5)
    assert embedder.encode_queries(texts) == pytest.approx(embedder.encode(texts), abs=0)
    assert prompted.max_tokens == embedder.max_tokens - 4
    assert prompted.fingerprint.startswith(f"{embedder.fingerprint}+")


@pytest.mark.slow
def test_dimensions_are_cut_and_marked(
    embedder_weights: Path, embedder: SentenceTransformerEmbedder, weights_home
) -> None:
    cut = as_embedder(f"{embedder_weights}#64", weights_home)
    rows, whole = cut.encode(["The port was closed."]), embedder.encode(["The port was closed."])
    assert rows.shape == (1, 64) == (1, cut.dimension)
    first = whole[:, :64] / np.linalg.norm(whole[:, :64])
    assert rows == pytest.approx(first, abs=1e-5)
    assert cut.fingerprint == f"{embedder.fingerprint}/64"
    with pytest.raises(ModelError, match="384 dimensions"):
        as_embedder(f"{embedder_weights}#9999", weights_home)


@pytest.mark.slow
def test_the_larger_embedder_serves_too(weights_home) -> None:
    try:
        fetch.path("all-mpnet-base-v2", weights_home)
    except ModelNotFound as error:  # 438 MB that nothing else needs: `make test` leaves it out
        pytest.skip(str(error))
    larger = as_embedder("all-mpnet-base-v2", weights_home)
    port, harbour, algebra = larger.encode(
        ["The port was closed.", "The harbour shut down.", "A ring is a set with two operations."]
    )
    assert larger.dimension == 768
    assert port @ harbour > port @ algebra + 0.3
