"""The weights of one GGUF file and their vocabulary, shared by the contexts that read with them."""

from __future__ import annotations

import ctypes
import logging
from pathlib import Path

import llama_cpp
import numpy as np

from rag.errors import ModelBroken, ModelError

Tokens = tuple[int, ...]

_LOG = logging.getLogger(__name__)
_PIECE_BYTES = 256
_RESERVE_BYTES = 64_000_000
_said: list[str] = []


def _listen(level: int, text: bytes, _: object) -> None:
    line = text.decode("utf-8", "replace").strip()
    if level == 4:  # GGML_LOG_LEVEL_ERROR
        _said.append(line)
    if line:
        _LOG.debug("%s", line)


_listener = llama_cpp.llama_log_callback(_listen)  # kept: C holds no reference to it


def complaint() -> str:
    """What llama.cpp said last about an error, on one line; then forgotten."""
    text = " ".join(_said[-2:]) or "llama.cpp gave no reason"
    _said.clear()
    return text


def require_memory() -> None:
    """Raises ModelError where memory is short: inside llama.cpp that would end the process."""
    try:
        np.empty(_RESERVE_BYTES, np.uint8)  # taken, not written to, and given back
    except MemoryError as error:
        raise ModelError(
            f"Less than {_RESERVE_BYTES // 1_000_000} MB of memory is left, too little for the "
            "model to go on. Close other programs, raise the limit (ulimit -v), or take a smaller "
            "model: rag models list"
        ) from error


class Weights:
    """A loaded model and its vocabulary. Reading them is safe between threads."""

    def __init__(self, path: Path) -> None:
        """Raises ModelBroken when llama.cpp cannot load the file."""
        llama_cpp.llama_log_set(_listener, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        _said.clear()
        self.path = path
        loading = llama_cpp.llama_model_default_params()
        # Most weights are repacked at load: mapped, the file would be resident a second time.
        loading.load_mode = llama_cpp.LLAMA_LOAD_MODE_NONE
        self.model = llama_cpp.llama_model_load_from_file(str(path).encode(), loading)
        if not self.model:
            raise ModelBroken(f"{path} does not load: {complaint()}")
        self.vocabulary = llama_cpp.llama_model_get_vocab(self.model)
        self.vocabulary_size = int(llama_cpp.llama_vocab_n_tokens(self.vocabulary))
        self.trained_tokens = int(llama_cpp.llama_model_n_ctx_train(self.model))

    @property
    def chat_template(self) -> str:
        found = llama_cpp.llama_model_chat_template(self.model, None)
        return found.decode("utf-8", "replace") if found else ""

    @property
    def build(self) -> str:
        """The library's version and the instructions it uses: what its rounding depends on."""
        return f"{llama_cpp.__version__} {llama_cpp.llama_print_system_info().decode()}"

    @property
    def begins_with(self) -> Tokens:
        """The tokens that this model wants before every prompt: none or one."""
        if not llama_cpp.llama_vocab_get_add_bos(self.vocabulary):
            return ()
        return (int(llama_cpp.llama_vocab_bos(self.vocabulary)),)

    def tokenize(self, text: str, special: bool) -> Tokens:
        """Token ids of a text; special tokens are formed only when `special`."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        buffer = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(
            self.vocabulary, data, len(data), buffer, room, False, special
        )
        if count < 0:
            raise ModelError(f"A text of {len(data)} bytes cannot be tokenised.")
        return tuple(buffer[:count])

    def piece(self, token: int) -> bytes:
        """The bytes of a token; special tokens have none."""
        buffer = ctypes.create_string_buffer(_PIECE_BYTES)
        size = llama_cpp.llama_token_to_piece(
            self.vocabulary, token, buffer, _PIECE_BYTES, 0, False
        )
        if size > 0:
            return buffer.raw[:size]
        if size == 0:
            return b""
        longer = ctypes.create_string_buffer(-size)
        llama_cpp.llama_token_to_piece(self.vocabulary, token, longer, -size, 0, False)
        return longer.raw

    def ends(self, token: int) -> bool:
        """Whether the token ends the model's turn."""
        return bool(llama_cpp.llama_vocab_is_eog(self.vocabulary, token))

    def speakable(self, token: int) -> bool:
        """Whether the token may stand within a turn: text, or what ends it."""
        control = llama_cpp.llama_vocab_is_control(self.vocabulary, token)
        return not control or self.ends(token)

    def close(self) -> None:
        """Free the weights, once no context uses them; harmless when done already."""
        if self.model:
            llama_cpp.llama_model_free(self.model)
            self.model = None
