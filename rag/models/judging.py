"""Many short texts read against one opening at once, each without the others in sight.

The opening is evaluated once and its keys and values shared by all texts (llama.cpp's sequences),
so reading nine sentences one by one costs no more than reading them in one prompt.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from pathlib import Path

import llama_cpp
import numpy as np

from rag.errors import ModelBroken, ModelError
from rag.models.llama import BLOCK_TOKENS
from rag.models.weights import Tokens, Weights, complaint, require_memory

MOST_TEXTS = 16
"""Texts read together; more are read in turns."""
_CONTEXT_TOKENS = 3072


class Judge:
    """A context of its own over loaded weights, with an adapter if there is one for them.

    Not safe between threads.
    """

    def __init__(self, weights: Weights, threads: int, adapter: Path | None) -> None:
        """Raises:
        ModelBroken: the adapter is not one, or not for these weights.
        ModelError: no room for the context.
        """
        self._weights = weights
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = self.context_tokens = min(_CONTEXT_TOKENS, weights.trained_tokens)
        parameters.n_batch = parameters.n_ubatch = BLOCK_TOKENS
        parameters.n_seq_max = MOST_TEXTS + 1
        parameters.kv_unified = True
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED
        self._context = llama_cpp.llama_init_from_model(weights.model, parameters)
        if not self._context:
            raise ModelError(f"{weights.path}: no second context: {complaint()}")
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(BLOCK_TOKENS, 0, 1)
        if adapter is not None:
            _adapt(weights, self._context, adapter)
        self.evaluated = 0
        """Tokens evaluated since it was made."""

    def margins(
        self, opening: Tokens, endings: Sequence[Tokens], high: int, low: int
    ) -> list[float]:
        """For each ending, the logit of token `high` less that of `low` after opening + ending.

        Raises:
            ModelError: an opening and one ending are longer than the window.
        """
        found: list[float] = []
        for start in range(0, len(endings), MOST_TEXTS):
            for group in self._fitting(opening, endings[start : start + MOST_TEXTS]):
                found += self._read(opening, group, high, low)
        return found

    def close(self) -> None:
        """Free the context; the weights free the adapter. Harmless when done already."""
        if self._context:
            llama_cpp.llama_batch_free(self._batch)
            llama_cpp.llama_free(self._context)
            self._context = None

    def _fitting(self, opening: Tokens, endings: Sequence[Tokens]) -> Iterator[Sequence[Tokens]]:
        """Runs of endings that fit the window beside the opening."""
        group: list[Tokens] = []
        room = self.context_tokens - len(opening)
        for ending in endings:
            if len(ending) > self.context_tokens - len(opening):
                raise ModelError(
                    f"A question and a text of {len(opening) + len(ending)} tokens do not fit the "
                    f"{self.context_tokens} in which texts are judged. Ask a shorter question."
                )
            if len(ending) > room:
                yield group
                group, room = [], self.context_tokens - len(opening)
            group.append(ending)
            room -= len(ending)
        if group:
            yield group

    def _read(self, opening: Tokens, endings: Sequence[Tokens], high: int, low: int) -> list[float]:
        llama_cpp.llama_memory_clear(self._memory, False)
        for start in range(0, len(opening), BLOCK_TOKENS):
            block = opening[start : start + BLOCK_TOKENS]
            self._decode([(token, start + n, 0, False) for n, token in enumerate(block)])
        rows = []
        for sequence, ending in enumerate(endings, start=1):
            llama_cpp.llama_memory_seq_cp(self._memory, 0, sequence, -1, -1)
            rows += [
                (token, len(opening) + n, sequence, n == len(ending) - 1)
                for n, token in enumerate(ending)
            ]
        margins: list[float] = []
        for start in range(0, len(rows), BLOCK_TOKENS):
            block_rows = rows[start : start + BLOCK_TOKENS]
            self._decode(block_rows)
            for place, (_, _, _, last) in enumerate(block_rows):
                if last:
                    margins.append(self._margin(place, high, low))
        return margins

    def _margin(self, place: int, high: int, low: int) -> float:
        pointer = llama_cpp.llama_get_logits_ith(self._context, place)
        logits = np.ctypeslib.as_array(pointer, (self._weights.vocabulary_size,))
        return float(logits[high]) - float(logits[low])

    def _decode(self, rows: Sequence[tuple[int, int, int, bool]]) -> None:
        """Evaluate (token, position, sequence, whether its logits are wanted) rows."""
        batch = self._batch
        batch.n_tokens = len(rows)
        for place, (token, position, sequence, wanted) in enumerate(rows):
            batch.token[place] = token
            batch.pos[place] = position
            batch.n_seq_id[place] = 1
            batch.seq_id[place][0] = sequence
            batch.logits[place] = int(wanted)
        require_memory()
        code = llama_cpp.llama_decode(self._context, batch)
        if code != 0:
            raise ModelError(f"llama.cpp could not evaluate {len(rows)} tokens (code {code}).")
        self.evaluated += len(rows)


def _adapt(weights: Weights, context: object, path: Path) -> None:
    adapter = llama_cpp.llama_adapter_lora_init(weights.model, str(path).encode())
    if not adapter:
        raise ModelBroken(f"{path} does not load as an adapter: {complaint()}")
    adapters = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(adapter)
    scales = (ctypes.c_float * 1)(1.0)
    if llama_cpp.llama_set_adapters_lora(context, adapters, 1, scales) != 0:
        raise ModelBroken(f"{path} cannot be used with {weights.path}: {complaint()}")
