"""The chat model in this process: a GGUF file run by llama.cpp."""

from __future__ import annotations

import codecs
import contextlib
import math
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import numpy as np

from rag.errors import ModelBroken, ModelError
from rag.models import adapters, chat, gguf, stamps
from rag.models.cores import physical_cores
from rag.models.judging import Judge
from rag.models.llama import BLOCK_TOKENS, Grammar, Llama, Logits
from rag.models.prefixes import PrefixStates
from rag.models.weights import Tokens, Weights
from rag.types import Message, Token

_PROBE_SECONDS = 120


class LlamaGenerator:
    """Implements `Generator`. Greedy, so nothing is drawn at random and no seed is needed.

    Safe between threads: one call at a time, the others wait. An open `stream` is a call until it
    is exhausted or closed, so the thread that reads it must close it before it asks for more.
    """

    def __init__(
        self,
        path: Path,
        *,
        context_tokens: int = 4096,
        threads: int | None = None,
        states: Path | None = None,
    ) -> None:
        """Load the weights.

        Args:
            path: a GGUF file of an instruction-tuned model.
            context_tokens: room for prompt and answer together; at most what the model knows.
            threads: as many as physical cores when None.
            states: a folder in which the state after a system message outlives this process.

        Raises:
            ModelNotFound: no such file.
            ModelBroken: not a GGUF file, or llama.cpp cannot load it.
            ModelError: its chat format is unknown.
        """
        gguf.check_start(path)
        stamp = stamps.stamp(path)
        if not stamp.loads:
            gguf.check_whole(path)
            _load_in_child(path)
            stamps.mark_as_loading(path)
        self._lock = threading.Lock()
        self._inside = 0
        self._streams: weakref.WeakSet[Generator[Token, None, None]] = weakref.WeakSet()
        self._fingerprint = f"{path.stem}@{stamp.sha256[:8]}"
        threads = threads or physical_cores()
        self._weights = Weights(path)
        self._format = chat.recognise(self._weights.chat_template, path.name)
        self._llama = Llama(self._weights, context_tokens, threads)
        adapter = adapters.for_weights(stamp.sha256)
        self._judge = Judge(self._weights, threads, adapter.path if adapter else None)
        self._adapted = f"+{adapter.fingerprint}" if adapter else ""
        identity = f"{stamp.sha256} {self.context_tokens} {threads} {self._weights.build}"
        self._states = PrefixStates(identity, states)

    @property
    def fingerprint(self) -> str:
        """The file's name and the first eight hex digits of its SHA-256; the adapter's after it."""
        return self._fingerprint + self._adapted

    @property
    def context_tokens(self) -> int:
        return self._llama.context_tokens

    @property
    def evaluated_tokens(self) -> int:
        """Tokens run through the model since it was loaded: shows what the kept prefix saves."""
        return self._llama.evaluated + self._judge.evaluated

    def count_tokens(self, text: str) -> int:
        """Tokens of a text inside a message, without the scaffold of the turn (about 5 more)."""
        return len(self._weights.tokenize(text, special=False))

    def prompt_tokens(self, messages: Sequence[Message]) -> Tokens:
        """The token ids of a prompt, scaffold included."""
        return sum(self._blocks(messages), ())

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        """Greedy decoding up to the end of the turn, the end of the grammar or `max_tokens`.

        A token that ends inside a character has an empty text; the next one carries the whole.
        `logprob` is of the full vocabulary, before the grammar: how likely the model itself held
        the token.

        Raises:
            ModelError: the prompt leaves no room, or the grammar does not parse.
        """
        stream = self._stream(messages, grammar, max_tokens)
        self._streams.add(stream)
        return stream

    def _stream(
        self, messages: Sequence[Message], grammar: str | None, max_tokens: int
    ) -> Generator[Token, None, None]:
        with self._turn():
            blocks = self._blocks(messages)
            room = self.context_tokens - sum(map(len, blocks))
            rules = self._llama.grammar(grammar) if grammar is not None else None
            try:
                self._recall(blocks, messages)
                yield from self._continue(blocks, rules, min(max_tokens, room))
            finally:
                if rules is not None:
                    rules.close()

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        """Softmax over the full vocabulary at each option's first token, in the order given.

        Raises:
            ModelError: the prompt leaves no room, or an option is empty.
        """
        if not all(options):
            raise ModelError(f"An option is empty in {list(options)!r}; expected text in each.")
        with self._turn():
            firsts = [self._weights.tokenize(option, special=False)[:1] for option in options]
            blocks = self._blocks(messages)
            self._recall(blocks, messages)
            logits = self._llama.evaluate(blocks)
            total = log_sum_exp(logits)
            return [float(np.exp(float(logits[first]) - total)) for (first,) in firsts]

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        """See `Generator.judge`; the adapter made for these weights is used, where there is one.

        The first paragraph of the opening is a block of its own, kept for the next question.

        Raises:
            ModelError: opening and ending do not fit the window of the judge.
        """
        before, after = chat.around_user(self._format)
        instructions, blank, rest = opening.partition("\n\n")
        tokenize = self._weights.tokenize
        with self._turn():
            (yes,), (no,) = (tokenize(word, special=False)[:1] for word in ("yes", "no"))
            head = self._weights.begins_with + tokenize(before, special=True)
            blocks = [
                head + tokenize(instructions + blank, special=False),
                tokenize(rest, special=False),
            ]
            tail = tokenize(after, special=True)
            texts = [tokenize(ending, special=False) + tail for ending in endings]
            margins = self._judge.margins(blocks, texts, yes, no)
        return [1 / (1 + math.exp(-max(-30.0, min(30.0, margin)))) for margin in margins]

    def close(self) -> None:
        """Free the weights, once a call that another thread is in has ended; a stream that this
        thread left open ends now. Who calls later, or waits in line, gets a ModelError.
        """
        if self._inside == threading.get_ident():
            for stream in list(self._streams):
                with contextlib.suppress(ValueError):  # handed on: another thread is reading it
                    stream.close()
        with self._lock:
            self._llama.close()
            self._judge.close()
            self._weights.close()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Alone with the model. Without weights, llama.cpp would end the process."""
        with self._lock:
            if not self._weights.model:
                raise ModelError("The model has been closed. Open another assistant.")
            self._inside = threading.get_ident()
            try:
                yield
            finally:
                self._inside = 0

    def _recall(self, blocks: Sequence[Tokens], messages: Sequence[Message]) -> None:
        """Have the system message evaluated, or its state taken over: other prompts push it out."""
        if messages[0].role != "system" or not self._format.has_system or len(blocks) < 2:
            return
        first = blocks[:1]
        if self._llama.holds(first):
            return
        state = self._states.get(first[0])
        if state is None or not self._llama.restore(first, state):
            self._llama.evaluate(first)
            self._states.put(first[0], self._llama.state())

    def _continue(
        self, blocks: list[Tokens], grammar: Grammar | None, max_tokens: int
    ) -> Iterator[Token]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for _ in range(max_tokens):
            logits = self._llama.evaluate(blocks)
            token = self._llama.best(logits, grammar)
            if self._weights.ends(token):
                return
            if grammar is not None:
                grammar.accept(token)
            logprob = float(logits[token]) - log_sum_exp(logits)
            yield Token(decoder.decode(self._weights.piece(token)), logprob)
            blocks.append((token,))

    def _blocks(self, messages: Sequence[Message]) -> list[Tokens]:
        """The prompt as the blocks in which it is evaluated: each turn apart, cut to size."""
        turns = [
            sum((self._weights.tokenize(text, special) for text, special in turn), ())
            for turn in chat.render(messages, self._format)
        ]
        turns[0] = self._weights.begins_with + turns[0]
        length = sum(map(len, turns))
        if length >= self.context_tokens:
            raise ModelError(
                f"The prompt has {length} tokens and the model's window is {self.context_tokens}. "
                f"Give less evidence, or load the model with a larger context_tokens."
            )
        return [
            turn[start : start + BLOCK_TOKENS]
            for turn in turns
            for start in range(0, len(turn), BLOCK_TOKENS)
        ]


def log_sum_exp(logits: Logits) -> float:
    """The natural logarithm of the sum of exponentials, shifted by the maximum against overflow."""
    top = float(logits.max())
    return top + float(np.log(np.exp(logits - np.float32(top)).sum(dtype=np.float64)))


def _load_in_child(path: Path) -> None:
    """Load unknown weights once in another process: a damaged file can end the process it is in."""
    code = (
        "import sys; from pathlib import Path; from rag.errors import RagError\n"
        "from rag.models.llama import Llama; from rag.models.weights import Weights\n"
        "try: Llama(Weights(Path(sys.argv[1])), 64, 1).evaluate([(1,) * 8])\n"
        "except RagError as error: sys.exit(f'{error}')"
    )
    root = str(Path(__file__).resolve().parents[2])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, *sys.path])}
    try:
        child = subprocess.run(
            [sys.executable, "-c", code, str(path)],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PROBE_SECONDS,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise ModelBroken(f"{path} did not load within {_PROBE_SECONDS} s.") from None
    if child.returncode != 0:
        said = child.stderr.strip().splitlines()
        reason = said[-1] if said else f"the loading process ended with code {child.returncode}"
        raise ModelBroken(f"{reason} Delete the file and run: rag models fetch")
