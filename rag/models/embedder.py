"""The embedding model in this process: a sentence-transformers folder run by torch."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import ModelBroken, ModelError, ModelNotFound
from rag.models import stamps
from rag.models.cores import physical_cores
from rag.types import FloatMatrix

_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
}
_VERIFY = "Run: rag models verify"
_CODE = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".py"})
_BATCH_TOKENS = 4096
"""Tokens of a batch, padding included. Larger batches were not faster on a CPU."""


class SentenceTransformerEmbedder:
    """Implements `Embedder`. Loads safetensors only: no code and no pickle of the folder is run.

    Safe between threads: one batch at a time, so that a question need not wait for an indexing.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        threads: int | None = None,
        dimension: int | None = None,
    ) -> None:
        """Load the folder. The prompts that its publisher saved for questions and texts are used.

        Args:
            path: a sentence-transformers folder (modules.json and model.safetensors).
            name: how the fingerprint calls it; the folder's own name when None.
            threads: torch's threads for the whole process; physical cores when None.
            dimension: keep the first so many; for models trained so that these mean most
                (Matryoshka representation learning). All when None.

        Raises:
            ModelNotFound: no such folder.
            ModelBroken: a file of it is missing or damaged.
            ModelError: it has fewer dimensions.
        """
        weights = check_folder(path)
        self._model = _load(path, threads or physical_cores(), dimension)
        # The tokenizer keeps how to cut and pad: two calls at once would read each other's.
        self._lock = threading.Lock()
        self._dimension = int(self._model.get_embedding_dimension() or 0)
        if dimension is not None and not 0 < dimension <= self._dimension:
            raise ModelError(
                f"{path} has {self._dimension} dimensions, asked for were {dimension}."
            )
        self._query_prompt, self._text_prompt = _prompts(self._model)
        bare, *prompted = self.count_tokens(["", self._query_prompt, self._text_prompt])
        self._max_tokens = int(self._model.max_seq_length or 512) - (max(prompted) - bare)
        named = f"{name or path.resolve().name}@{stamps.stamp(weights).sha256[:8]}"
        self._fingerprint = named + self._variant(dimension)

    @property
    def fingerprint(self) -> str:
        """The name and the first eight hex digits of the SHA-256 of model.safetensors; prompts and
        a cut dimension are marked, since vectors made with others do not fit.
        """
        return self._fingerprint

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def max_tokens(self) -> int:
        """The window in tokens, the two special tokens included, a prompt's left out."""
        return self._max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, the special tokens included, before any is cut off."""
        if not texts:
            return []
        with self._lock:
            found = self._model.tokenizer(
                list(texts), truncation=False, padding=False, verbose=False
            )
        return [len(ids) for ids in found["input_ids"]]

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """float32 (len(texts), dimension), rows of unit length, in the order given, for texts that
        are searched.

        Texts are batched by length, so that little is spent on padding.

        Raises:
            ModelError: the model gave a row that is not finite.
        """
        return self._encode(texts, self._text_prompt)

    def encode_queries(self, questions: Sequence[str]) -> FloatMatrix:
        """As `encode`, for questions: the same unless the model has a prompt for these."""
        return self._encode(questions, self._query_prompt)

    def _variant(self, dimension: int | None) -> str:
        prompts = f"{self._query_prompt}\0{self._text_prompt}"
        mark = hashlib.sha256(prompts.encode()).hexdigest()[:4]
        return (f"+{mark}" if len(prompts) > 1 else "") + (f"/{dimension}" if dimension else "")

    def _encode(self, texts: Sequence[str], prompt: str) -> FloatMatrix:
        rows = np.empty((len(texts), self._dimension), dtype=np.float32)
        lengths = [min(length, self._max_tokens) for length in self.count_tokens(texts)]
        for batch in batches_by_length(lengths, _BATCH_TOKENS):
            with self._lock:
                rows[batch] = self._model.encode(
                    [texts[i] for i in batch],
                    prompt=prompt,
                    batch_size=len(batch),
                    show_progress_bar=False,
                    convert_to_numpy=True,
                    normalize_embeddings=True,
                )
        if not np.isfinite(rows).all():
            raise ModelError(f"{self._fingerprint} gave a vector that is not finite.")
        return rows

    def warm(self) -> None:
        """Run one short text, so that the first question does not pay for the set-up of torch."""
        self.encode(["warm"])


def batches_by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Positions of `lengths` in batches, longest first, each padded to at most `budget` tokens.

    A text longer than the budget is a batch of its own.
    """
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def check_folder(path: Path) -> Path:
    """The weights file of a sentence-transformers folder.

    Raises:
        ModelNotFound: no such folder.
        ModelBroken: it lacks modules.json or model.safetensors, or one is not what it should be.
    """
    if not path.is_dir():
        raise ModelNotFound(f"No embedding model at {path}. Run: rag models list")
    weights = path / "model.safetensors"
    for needed in (path / "modules.json", weights):
        if not needed.is_file():
            raise ModelBroken(
                f"{path} is not a sentence-transformers folder: it lacks {needed.name}. "
                f"Run: rag models verify"
            )
    _check_modules(path)
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        head = file.read(length) if length < weights.stat().st_size else b""
    try:
        tensors = json.loads(head)
        end = max(value["data_offsets"][1] for key, value in tensors.items() if key[0] != "_")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise ModelBroken(f"{weights} has a damaged header. Run: rag models verify") from None
    if weights.stat().st_size != 8 + length + end:
        raise ModelBroken(
            f"{weights} has {weights.stat().st_size} bytes, expected {8 + length + end}. "
            f"Run: rag models verify"
        )
    return weights


def _check_modules(path: Path) -> None:
    """Refuse whatever could run code on loading: foreign classes, pickled weights, Python files."""
    try:
        modules = json.loads((path / "modules.json").read_text("utf-8"))
        types = [str(module["type"]) for module in modules]
        parts = [path / str(module["path"]) for module in modules]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise ModelBroken(f"{path / 'modules.json'} is not as expected. {_VERIFY}") from None
    foreign = [name for name in types if not name.startswith("sentence_transformers.")]
    if foreign:
        raise ModelBroken(
            f"{path / 'modules.json'} names {foreign[0]!r}; only parts of sentence_transformers "
            "are loaded. Use another model."
        )
    root = path.resolve()
    for part in parts:
        if root not in (part.resolve(), *part.resolve().parents):
            raise ModelBroken(f"{path / 'modules.json'} leads out of its folder. {_VERIFY}")
        code = [file for file in part.glob("*") if file.suffix in _CODE]
        if code and not (part / "model.safetensors").is_file():
            raise ModelBroken(
                f"{code[0]} can run code when it is loaded; only safetensors are read. "
                "Convert the weights, or use another model."
            )


def _load(path: Path, threads: int, dimension: int | None) -> Any:
    """The model of a folder that has been checked, without a word and without the network."""
    os.environ.update(_QUIET)
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    torch.set_num_threads(threads)
    try:
        model = SentenceTransformer(
            str(path.resolve()),
            device="cpu",
            local_files_only=True,
            truncate_dim=dimension,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )
    except Exception as error:  # the libraries below raise whatever they meet first
        raise ModelBroken(f"{path} does not load: {_first_line(error)}") from error
    return model.eval()


def _prompts(model: Any) -> tuple[str, str]:
    """The prompts for questions and for texts, under the names that sentence-transformers takes."""
    known: dict[str, str] = model.prompts or {}
    usual = known.get(model.default_prompt_name or "", "")
    text = next(
        (known[name] for name in ("document", "passage", "corpus") if known.get(name)), usual
    )
    return known.get("query") or usual, text


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:300]
