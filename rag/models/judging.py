"""Many short texts read against one opening at once, each without the others in sight.

What texts begin with alike, the opening first and then a heading, is evaluated once and its keys
and values shared (llama.cpp's sequences), so reading nine sentences one by one costs no more than
reading them in one prompt.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import llama_cpp
import numpy as np

from rag.errors import ModelBroken, ModelError
from rag.models.llama import BLOCK_TOKENS
from rag.models.weights import Tokens, Weights, complaint, require_memory

MOST_TEXTS = 16
"""Texts read together; more are read in turns."""
_CONTEXT_TOKENS = 3072


class _Row(NamedTuple):
    """One token to be evaluated, for all the texts that begin like this up to it."""

    token: int
    position: int
    sequences: tuple[int, ...]
    wanted: bool


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
        self._batch = llama_cpp.llama_batch_init(BLOCK_TOKENS, 0, MOST_TEXTS)
        if adapter is not None:
            _adapt(weights, self._context, adapter)
        self.evaluated = 0
        """Tokens evaluated since it was made."""
        self._opened: list[Tokens] = []

    def margins(
        self, opening: Sequence[Tokens], endings: Sequence[Tokens], high: int, low: int
    ) -> list[float]:
        """For each ending, the logit of token `high` less that of `low` after opening + ending.

        `opening` comes in the blocks in which it is evaluated: those with which the last opening
        began too are not evaluated again, and rounding does not depend on whether they were.

        Raises:
            ModelError: an opening and one ending are longer than the window.
        """
        room = self.context_tokens - sum(map(len, opening))
        found: list[float] = []
        for start in range(0, len(endings), MOST_TEXTS):
            for group in self._fitting(room, endings[start : start + MOST_TEXTS]):
                self._open(opening)
                found += self._read(self.context_tokens - room, group, high, low)
        return found

    def close(self) -> None:
        """Free the context; the weights free the adapter. Harmless when done already."""
        if self._context:
            llama_cpp.llama_batch_free(self._batch)
            llama_cpp.llama_free(self._context)
            self._context = None

    def _fitting(self, window: int, endings: Sequence[Tokens]) -> Iterator[Sequence[Tokens]]:
        """Runs of endings that fit the window beside the opening."""
        group: list[Tokens] = []
        room = window
        for ending in endings:
            if len(ending) > window:
                raise ModelError(
                    f"A question and a text of {self.context_tokens - window + len(ending)} tokens "
                    f"do not fit the {self.context_tokens} in which texts are judged. "
                    "Ask a shorter question."
                )
            if len(ending) > room:
                yield group
                group, room = [], window
            group.append(ending)
            room -= len(ending)
        if group:
            yield group

    def _open(self, opening: Sequence[Tokens]) -> None:
        """Have the opening, and nothing else, evaluated in sequence 0."""
        kept = 0
        for block, held in zip(opening, self._opened, strict=False):
            if block != held:
                break
            kept += 1
        position = sum(map(len, opening[:kept]))
        for sequence in range(1, MOST_TEXTS + 1):
            llama_cpp.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        llama_cpp.llama_memory_seq_rm(self._memory, 0, position, -1)
        self._opened = list(opening[:kept])
        for block in opening[kept:]:
            rows = [_Row(token, position + n, (0,), False) for n, token in enumerate(block)]
            for start in range(0, len(rows), BLOCK_TOKENS):
                self._decode(rows[start : start + BLOCK_TOKENS])
            position += len(block)
            self._opened.append(block)

    def _read(self, position: int, endings: Sequence[Tokens], high: int, low: int) -> list[float]:
        for sequence in range(1, len(endings) + 1):
            llama_cpp.llama_memory_seq_cp(self._memory, 0, sequence, -1, -1)
        rows = _rows(list(enumerate(endings, start=1)), position)
        margins: dict[int, float] = {}
        for start in range(0, len(rows), BLOCK_TOKENS):
            block = rows[start : start + BLOCK_TOKENS]
            self._decode(block)
            for place, row in enumerate(block):
                if row.wanted:
                    margin = self._margin(place, high, low)
                    margins |= dict.fromkeys(row.sequences, margin)
        return [margins[sequence] for sequence in range(1, len(endings) + 1)]

    def _margin(self, place: int, high: int, low: int) -> float:
        pointer = llama_cpp.llama_get_logits_ith(self._context, place)
        logits = np.ctypeslib.as_array(pointer, (self._weights.vocabulary_size,))
        return float(logits[high]) - float(logits[low])

    def _decode(self, rows: Sequence[_Row]) -> None:
        batch = self._batch
        batch.n_tokens = len(rows)
        for place, row in enumerate(rows):
            batch.token[place] = row.token
            batch.pos[place] = row.position
            batch.n_seq_id[place] = len(row.sequences)
            for number, sequence in enumerate(row.sequences):
                batch.seq_id[place][number] = sequence
            batch.logits[place] = int(row.wanted)
        require_memory()
        code = llama_cpp.llama_decode(self._context, batch)
        if code != 0:
            raise ModelError(f"llama.cpp could not evaluate {len(rows)} tokens (code {code}).")
        self.evaluated += len(rows)


def _rows(texts: Sequence[tuple[int, Tokens]], position: int) -> list[_Row]:
    """The tokens of (sequence, text) pairs, those they begin with alike only once.

    No text may be the beginning of another, unless they are equal.
    """
    sequences = tuple(sequence for sequence, _ in texts)
    first = texts[0][1]
    shared = 0
    while shared < len(first) and len({text[shared : shared + 1] for _, text in texts}) == 1:
        shared += 1
    rows = [
        _Row(token, position + n, sequences, n == len(first) - 1)
        for n, token in enumerate(first[:shared])
    ]
    branches: dict[int, list[tuple[int, Tokens]]] = {}
    for sequence, text in texts:
        if rest := text[shared:]:
            branches.setdefault(rest[0], []).append((sequence, rest))
    for branch in branches.values():
        rows += _rows(branch, position + shared)
    return rows


def _adapt(weights: Weights, context: object, path: Path) -> None:
    adapter = llama_cpp.llama_adapter_lora_init(weights.model, str(path).encode())
    if not adapter:
        raise ModelBroken(f"{path} does not load as an adapter: {complaint()}")
    adapters = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(adapter)
    scales = (ctypes.c_float * 1)(1.0)
    if llama_cpp.llama_set_adapters_lora(context, adapters, 1, scales) != 0:
        raise ModelBroken(f"{path} cannot be used with {weights.path}: {complaint()}")
