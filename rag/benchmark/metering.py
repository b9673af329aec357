"""A generator that keeps the time and tokens of each call: where a question's seconds go."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.types import Generator, Message, Token


class CountingGenerator(Generator, Protocol):
    """A generator that tells how many tokens it has evaluated since it was loaded."""

    @property
    def evaluated_tokens(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `prompt` tokens were given, `evaluated` had to be run, `written` came out.

    `first_s` is the time to the first token written, or to the probabilities.
    """

    kind: str
    prompt: int
    evaluated: int
    written: int
    first_s: float
    total_s: float


class Metered:
    """Implements `Generator` by another one."""

    def __init__(self, generator: CountingGenerator) -> None:
        self._generator = generator
        self._calls: list[Call] = []

    @property
    def fingerprint(self) -> str:
        return self._generator.fingerprint

    @property
    def context_tokens(self) -> int:
        return self._generator.context_tokens

    def count_tokens(self, text: str) -> int:
        return self._generator.count_tokens(text)

    def taken(self) -> list[Call]:
        """The calls since the last time this was asked."""
        calls, self._calls = self._calls, []
        return calls

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        """Time between tokens that the reader of the stream takes is counted too."""
        begun, before = time.perf_counter(), self._generator.evaluated_tokens
        first = 0.0
        written = 0
        try:
            for token in self._generator.stream(messages, grammar, max_tokens):
                first = first or time.perf_counter() - begun
                written += 1
                yield token
        finally:
            self._note("stream", messages, before, written, first, begun)

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        begun, before = time.perf_counter(), self._generator.evaluated_tokens
        found = self._generator.probabilities(messages, options)
        self._note("probabilities", messages, before, 0, time.perf_counter() - begun, begun)
        return found

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        begun, before = time.perf_counter(), self._generator.evaluated_tokens
        found = self._generator.judge(opening, endings)
        read = [Message("user", opening), *(Message("user", ending) for ending in endings)]
        self._note("judge", read, before, 0, time.perf_counter() - begun, begun)
        return found

    def _note(
        self,
        kind: str,
        messages: Sequence[Message],
        before: int,
        written: int,
        first: float,
        begun: float,
    ) -> None:
        total = time.perf_counter() - begun
        prompt = sum(self._generator.count_tokens(message.content) for message in messages)
        evaluated = self._generator.evaluated_tokens - before
        self._calls.append(Call(kind, prompt, evaluated, written, first or total, total))
