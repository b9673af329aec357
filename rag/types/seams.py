"""The seams to models: what an embedder and a generator must offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

FloatMatrix = npt.NDArray[np.float32]
"""float32, shape (n, dimension)."""
IntArray = npt.NDArray[np.int64]


class Embedder(Protocol):
    """Text to unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Names the weights by content, for example "all-MiniLM-L6-v2@53aa5117"."""

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """The window: longer text is cut off by the model."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """float32 (len(texts), dimension), rows of unit length, in the order given."""


@runtime_checkable
class QueryEmbedder(Embedder, Protocol):
    """An embedder whose model wants questions put otherwise than the texts they are held to."""

    def encode_queries(self, questions: Sequence[str]) -> FloatMatrix:
        """As `encode`, for questions."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Token:
    """A generated piece of text with the natural-log probability the model gave it."""

    text: str
    logprob: float


class Generator(Protocol):
    """A chat model that can be held to a grammar and asked for probabilities.

    The last message may be an unfinished assistant turn, which is then continued.
    """

    @property
    def fingerprint(self) -> str: ...

    @property
    def context_tokens(self) -> int: ...

    def count_tokens(self, text: str) -> int: ...

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        """Greedy decoding, deterministic; `grammar` is GBNF with a rule named root."""

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        """The model's probability of each option's first token as the next one, same order."""

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        """For each ending, how sure the model is of "yes" against "no" (0 to 1) as its reply to
        one user message, `opening` + ending. Each is read without the others in sight."""
