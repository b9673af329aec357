"""The vectors of sentences lately read, so that a next question about the same texts is quicker."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from rag.types import FloatMatrix

MOST = 8192
"""At 384 dimensions 12 MiB: the sentences of some 60 long articles."""


class SentenceVectors:
    """Embeds each text once as long as it is among the `most` read last; safe between threads.

    Texts are remembered by their hash: none is kept after its document is forgotten.
    """

    def __init__(self, encode: Callable[[Sequence[str]], FloatMatrix], most: int = MOST) -> None:
        self._encode = encode
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, npt.NDArray[np.float32]] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """float32 (len(texts), dimension), rows of unit length, in the order given.

        Raises:
            ModelError: see `rag.types.Embedder.encode`.
        """
        keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        with self._lock:
            rows = {key: self._known[key] for key in keys if key in self._known}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in rows}
        if missing:
            fresh = self._encode(list(missing.values()))
            rows |= {key: row.copy() for key, row in zip(missing, fresh, strict=True)}
        with self._lock:
            for key in keys:
                self._known[key] = rows[key]
                self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return np.stack([rows[key] for key in keys])
