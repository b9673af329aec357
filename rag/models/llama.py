"""One sequence of tokens under a model, and the grammar it is held to.

Uses the C functions of llama-cpp-python below its `Llama` class: logits of the last position
only, no copy of the candidates of the whole vocabulary at each step, and a cache that is a pure
function of the prompt (see `evaluate`).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt

from rag.errors import ModelError
from rag.models.weights import Tokens, Weights, complaint, require_memory

Logits = npt.NDArray[np.float32]

BLOCK_TOKENS = 512
"""The largest number of tokens evaluated by one call."""

_SHORTLIST = 256
_CANDIDATE = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])


_STDERR = threading.Lock()
"""The descriptor is the process's: of two that swap it, the later one would put back the box of the
earlier one, and all that is said to stderr from then on would be lost."""


@contextlib.contextmanager
def _stderr_of_c() -> Iterator[Callable[[], str]]:
    """Catch what C prints to file descriptor 2: the parser of grammars knows no other way."""
    with _STDERR, tempfile.TemporaryFile() as box:
        kept = os.dup(2)
        os.dup2(box.fileno(), 2)

        def said() -> str:
            box.seek(0)
            return box.read().decode("utf-8", "replace").split("\n")[0] or complaint()

        try:
            yield said
        finally:
            os.dup2(kept, 2)
            os.close(kept)


class Grammar:
    """A GBNF grammar and how far into it the text is."""

    def __init__(self, vocabulary: Any, text: str) -> None:
        """Raises ModelError when llama.cpp cannot parse the grammar."""
        with _stderr_of_c() as said:
            self._sampler = llama_cpp.llama_sampler_init_grammar(vocabulary, text.encode(), b"root")
            reason = said()
        if not self._sampler:
            raise ModelError(f"The grammar does not parse: {reason}. Grammar: {text[:200]!r}")

    def admits(self, tokens: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """bool, same shape as `tokens`: which of them may come next."""
        candidates = np.zeros(len(tokens), dtype=_CANDIDATE)
        candidates["id"] = tokens
        array = llama_cpp.llama_token_data_array(
            data=candidates.ctypes.data_as(llama_cpp.llama_token_data_p),
            size=len(tokens),
            selected=-1,
            sorted=False,
        )
        llama_cpp.llama_sampler_apply(self._sampler, ctypes.byref(array))
        return np.asarray(candidates["logit"] == 0)

    def accept(self, token: int) -> None:
        """Move on by a token that `admits` allowed."""
        llama_cpp.llama_sampler_accept(self._sampler, token)

    def close(self) -> None:
        if self._sampler:
            llama_cpp.llama_sampler_free(self._sampler)
            self._sampler = None


class Llama:
    """One sequence of evaluated tokens over loaded weights. Not safe between threads."""

    def __init__(self, weights: Weights, context_tokens: int, threads: int) -> None:
        """Raises ModelError when there is no room for so many tokens."""
        self.weights = weights
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = self.context_tokens = min(context_tokens, weights.trained_tokens)
        parameters.n_batch = parameters.n_ubatch = BLOCK_TOKENS
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED
        self._context = llama_cpp.llama_init_from_model(weights.model, parameters)
        if not self._context:
            raise ModelError(
                f"{weights.path}: no context of {context_tokens} tokens: {complaint()}"
            )
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._blocks: list[Tokens] = []
        self.evaluated = 0
        """Tokens evaluated since the model was loaded."""

    def evaluate(self, blocks: Sequence[Tokens]) -> Logits:
        """Bring the context to exactly these blocks; float32 (vocabulary,) after the last token.

        Blocks that are already evaluated in this order are kept. Whole blocks are compared, not
        tokens: floating-point sums depend on how tokens are batched, so a cache cut at any token
        would make an answer depend on the questions asked before it.
        The array is a view that the next call overwrites.
        """
        same = _common(self._blocks, blocks)
        if same < len(self._blocks) or same < len(blocks):
            same = min(same, len(blocks) - 1)
            self._forget(same)
            for block in blocks[same:]:
                self._decode(block)
        pointer = llama_cpp.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, (self.weights.vocabulary_size,))

    def holds(self, blocks: Sequence[Tokens]) -> bool:
        """Whether what is evaluated begins with these blocks."""
        return _common(self._blocks, blocks) == len(blocks)

    def state(self) -> bytes:
        """All that is evaluated, for `restore`: about 30 kB a token for a 1.5B model."""
        size = llama_cpp.llama_state_seq_get_size(self._context, 0)
        buffer = (ctypes.c_uint8 * size)()
        written = llama_cpp.llama_state_seq_get_data(self._context, buffer, size, 0)
        return ctypes.string_at(buffer, written)

    def restore(self, blocks: Sequence[Tokens], state: bytes) -> bool:
        """Take over what `state` gave when just these blocks were evaluated.

        False, with nothing evaluated, when llama.cpp does not take it. No logits are kept in it:
        `evaluate` must be asked for at least one block more.
        """
        self._forget(0)
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        taken = llama_cpp.llama_state_seq_set_data(self._context, buffer, len(state), 0)
        if taken != len(state):
            llama_cpp.llama_memory_clear(self._memory, True)
            return False
        self._blocks = list(blocks)
        return True

    def grammar(self, text: str) -> Grammar:
        return Grammar(self.weights.vocabulary, text)

    def best(self, logits: Logits, grammar: Grammar | None) -> int:
        """The likeliest token that the grammar admits; never a control token within a turn.

        The likeliest of all is tried first, then a short list, then the whole vocabulary: the
        result is the same as with the whole vocabulary at once (llama.cpp does the same in two
        steps), at a hundredth of the cost.
        """
        first = np.array([logits.argmax()], dtype=np.int32)
        found = self._best_of(first, logits, grammar)
        if found is None:
            short = np.argpartition(logits, -_SHORTLIST)[-_SHORTLIST:].astype(np.int32)
            found = self._best_of(short, logits, grammar)
        if found is None:
            found = self._best_of(np.arange(len(logits), dtype=np.int32), logits, grammar)
        if found is None:
            raise ModelError("The grammar admits no token of this model at this place.")
        return found

    def close(self) -> None:
        """Free the context, not the weights; harmless when done already."""
        if self._context:
            llama_cpp.llama_free(self._context)
            self._context = None

    def _best_of(
        self, tokens: npt.NDArray[np.int32], logits: Logits, grammar: Grammar | None
    ) -> int | None:
        if grammar is not None:
            tokens = tokens[grammar.admits(tokens)]
        order = np.lexsort((tokens, -logits[tokens]))
        return next((int(t) for t in tokens[order] if self.weights.speakable(int(t))), None)

    def _forget(self, keep: int) -> None:
        start = sum(map(len, self._blocks[:keep]))
        del self._blocks[keep:]
        if not llama_cpp.llama_memory_seq_rm(self._memory, 0, start, -1):
            llama_cpp.llama_memory_clear(self._memory, True)
            kept, self._blocks = self._blocks, []
            for block in kept:
                self._decode(block)

    def _decode(self, block: Tokens) -> None:
        require_memory()
        buffer = (llama_cpp.llama_token * len(block))(*block)
        code = llama_cpp.llama_decode(
            self._context, llama_cpp.llama_batch_get_one(buffer, len(block))
        )
        if code != 0:
            llama_cpp.llama_memory_clear(self._memory, True)
            self._blocks = []
            raise ModelError(f"llama.cpp could not evaluate {len(block)} tokens (code {code}).")
        self._blocks.append(block)
        self.evaluated += len(block)


def _common(left: Sequence[Tokens], right: Sequence[Tokens]) -> int:
    """How many blocks from the start are the same."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
