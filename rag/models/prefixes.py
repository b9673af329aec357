"""The model's state after the instructions that every prompt begins with, kept across starts.

A state is what llama.cpp calls it: the keys and values of the tokens evaluated. Taking one over
gives the same bits as evaluating the tokens again, so it saves time and changes nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

MOST_KEPT = 4
"""States in memory, and files in the folder; about 2 MB each for 65 tokens of a 1.5B model."""
LARGEST = 32_000_000
"""Bytes of one state that is worth its place."""

_DIGEST = hashlib.sha256().digest_size
_SUFFIX = ".state"
_LOG = logging.getLogger(__name__)


class PrefixStates:
    """States by the tokens they stand for; the latest few in memory, and in `folder` if given."""

    def __init__(self, identity: str, folder: Path | None = None) -> None:
        """`identity` names all else that a state depends on: weights, library, processor."""
        self._identity = identity
        self._folder = folder
        self._held: OrderedDict[str, bytes] = OrderedDict()

    def get(self, tokens: Sequence[int]) -> bytes | None:
        """The state after these tokens, None when there is none or its file is damaged."""
        key = self._key(tokens)
        if key not in self._held:
            stored = self._read(key)
            if stored is None:
                return None
            self._hold(key, stored)
        self._held.move_to_end(key)
        return self._held[key]

    def put(self, tokens: Sequence[int], state: bytes) -> None:
        """Keep a state, in the place of the oldest when there are too many."""
        if len(state) <= LARGEST:
            key = self._key(tokens)
            self._hold(key, state)
            self._write(key, state)

    def _key(self, tokens: Sequence[int]) -> str:
        named = f"{self._identity} {','.join(map(str, tokens))}"
        return hashlib.sha256(named.encode()).hexdigest()[:32]

    def _hold(self, key: str, state: bytes) -> None:
        self._held[key] = state
        self._held.move_to_end(key)
        while len(self._held) > MOST_KEPT:
            self._held.popitem(last=False)

    def _read(self, key: str) -> bytes | None:
        if self._folder is None:
            return None
        path = self._folder / f"{key}{_SUFFIX}"
        try:
            if path.stat().st_size > LARGEST + _DIGEST:
                return None
            raw = path.read_bytes()
        except OSError:
            return None
        state = raw[_DIGEST:]
        if hashlib.sha256(state).digest() != raw[:_DIGEST]:
            _LOG.warning("%s is damaged and will be written anew.", path)
            return None
        return state

    def _write(self, key: str, state: bytes) -> None:
        if self._folder is None:
            return
        # A read-only home costs half a second at each start, never an answer.
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # mkstemp opens for the owner alone (0600), and a killed process leaves no half a file.
            handle, draft = tempfile.mkstemp(dir=self._folder, suffix=".draft")
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(state).digest() + state)
            written = self._folder / f"{key}{_SUFFIX}"
            Path(draft).replace(written)
            _tidy(written)


def _tidy(written: Path) -> None:
    """Leave this file and the latest others, old drafts of killed processes among them."""
    others = [
        (path.stat().st_mtime_ns, path)
        for suffix in (_SUFFIX, ".draft")
        for path in written.parent.glob(f"*{suffix}")
        if path != written
    ]
    for _, path in sorted(others, reverse=True)[MOST_KEPT - 1 :]:
        path.unlink(missing_ok=True)
