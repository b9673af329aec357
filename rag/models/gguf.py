"""Is a GGUF file whole? Its header is read here first: llama.cpp ends the process over some faults.

Source of the layout: the GGUF specification (ggml repository, docs/gguf.md).
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import ModelBroken, ModelNotFound

MAGIC = b"GGUF"
VERSIONS = (2, 3)
_FIXED = dict(enumerate("BbHhIif?")) | {10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MOST_ENTRIES = 65_536
_LONGEST_NAME = 65_535
_MOST_DIMENSIONS = 4
_REMEDY = "Delete it and run: rag models fetch"


class _Damaged(Exception):
    """What is wrong, in a few words."""


def check_start(path: Path) -> None:
    """Raise ModelNotFound or ModelBroken unless the file begins as GGUF does."""
    if not path.is_file():
        raise ModelNotFound(f"No weights at {path}. Run: rag models list")
    with path.open("rb") as file:
        head = file.read(8)
    if head[:4] != MAGIC:
        raise ModelBroken(
            f"{path} is not a GGUF file: it begins with {head[:4]!r}, expected {MAGIC!r}. {_REMEDY}"
        )
    version = int.from_bytes(head[4:8], "little")
    if version not in VERSIONS:
        raise ModelBroken(f"{path} is GGUF version {version}; this program reads {VERSIONS}.")


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:  # no room in the address space, or the disk fails
        raise ModelBroken(f"{path} cannot be read: {error.strerror}. Run: rag doctor") from error
    with data:
        yield data


def check_whole(path: Path) -> None:
    """Walk the whole header: every length within the file, every special token in the vocabulary.

    Raises:
        ModelNotFound: no such file.
        ModelBroken: says which part does not hold.
    """
    check_start(path)
    with _mapped(path) as data:
        try:
            header = _Header(data)
            _check_tokens(header.metadata)
            _check_tensors(header)
        except (_Damaged, struct.error, UnicodeDecodeError) as error:
            raise ModelBroken(f"{path} has a damaged header: {error}. {_REMEDY}") from None


class _Header:
    """Reads on through the bytes. Arrays are kept as their length, all other values as they are."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 8
        tensors, entries = self._take("QQ")
        if max(tensors, entries) > _MOST_ENTRIES:
            raise _Damaged(f"it claims {tensors} tensors and {entries} settings")
        self.metadata: dict[str, Any] = {}
        for _ in range(entries):
            name = self._string()
            if name in self.metadata:
                raise _Damaged(f"{name[:80]!r} is set twice")
            self.metadata[name] = self._value(self._take("I")[0])
        self.offsets = [self._tensor() for _ in range(tensors)]
        self.end = self._at
        self.size = len(data)

    def _take(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{layout}", self._data, self._at)
        self._at += struct.calcsize(f"<{layout}")
        return found

    def _skip(self, count: int) -> None:
        if count > len(self._data) - self._at:
            raise _Damaged(f"it ends in the middle of a value at byte {self._at}")
        self._at += count

    def _string(self) -> str:
        (length,) = self._take("Q")
        start = self._at
        self._skip(length)
        return self._data[start : self._at].decode("utf-8", "replace")

    def _value(self, kind: int) -> Any:
        if kind in _FIXED:
            return self._take(_FIXED[kind])[0]
        if kind == _STRING:
            return self._string()
        if kind != _ARRAY:
            raise _Damaged(f"a value of the unknown kind {kind} at byte {self._at}")
        inner, count = self._take("IQ")
        if inner in _FIXED:
            self._skip(count * struct.calcsize(f"<{_FIXED[inner]}"))
        elif inner == _STRING:
            for _ in range(count):
                self._skip(self._take("Q")[0])
        else:
            raise _Damaged(f"an array of the unknown kind {inner} at byte {self._at}")
        return count

    def _tensor(self) -> int:
        name = self._string()
        (dimensions,) = self._take("I")
        if not 1 <= dimensions <= _MOST_DIMENSIONS or len(name) > _LONGEST_NAME:
            raise _Damaged(f"the tensor {name[:80]!r} has {dimensions} dimensions")
        shape = self._take(f"{dimensions}Q")
        if not all(shape):
            raise _Damaged(f"the tensor {name[:80]!r} has the shape {shape}")
        return int(self._take("IQ")[1])


def _check_tokens(metadata: dict[str, Any]) -> None:
    tokens = metadata.get("tokenizer.ggml.tokens")
    if not isinstance(tokens, int) or tokens < 1:
        raise _Damaged("it holds no vocabulary")
    if not isinstance(metadata.get("general.architecture"), str):
        raise _Damaged("it names no architecture")
    special = {name: value for name, value in metadata.items() if name.endswith("_token_id")}
    for name, value in special.items():
        # All bits set is how some files say that there is none.
        if not isinstance(value, int) or not (0 <= value < tokens or value == 2**32 - 1):
            raise _Damaged(f"{name} is {value!r} in a vocabulary of {tokens}")


def _check_tensors(header: _Header) -> None:
    alignment = header.metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment < 1 or alignment & (alignment - 1):
        raise _Damaged(f"its alignment is {alignment!r}")
    start = -(-header.end // alignment) * alignment
    if not header.offsets or start + max(header.offsets) >= header.size:
        raise _Damaged(f"its tensors begin beyond its end at byte {header.size}: it is cut short")
