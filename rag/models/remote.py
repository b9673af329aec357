"""A chat model behind any server of the OpenAI dialect: llama-server, vLLM, Ollama, hosted.

What a server can do is found out by asking it, not by its name: whether it holds its output to a
grammar (and in which field it wants it), and whether it tells probabilities. The evidence, the
checks and the quotes are the same as with a model in this process.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import ModelError, ModelNotFound
from rag.models import gbnf
from rag.models.http_json import JsonServer, Rejected
from rag.types import Message, Token

KEY_VARIABLE = "RAG_GENERATOR_KEY"
_COMPLETIONS = "/chat/completions"
_TOP = 20
_WINDOW = 4096
_EVEN = math.log(0.5)
"""Of a token whose probability the server does not tell: not knowing is not being sure."""
_PROBE = 'root ::= "qx7"'
_AGAIN = "Write your reply once more, so that it follows this grammar and holds nothing else:\n\n{}"


@dataclass(frozen=True, slots=True)
class Abilities:
    """`grammar` names the request's field that holds the output to a grammar, None if none does."""

    grammar: str | None
    probabilities: bool


def is_address(given: object) -> bool:
    """Whether a generator is named by the address of a server."""
    return isinstance(given, str) and given.startswith(("http://", "https://"))


class RemoteGenerator:
    """Implements `Generator`. Safe between threads.

    `address` may end in "#MODEL"; else the first model that the server lists is used. A key is
    read from RAG_GENERATOR_KEY. Without grammars on the server the output is checked here and
    asked for once more; what does not follow the grammar then is not given out.
    """

    def __init__(self, address: str, *, timeout: float = 300.0) -> None:
        """Ask the server for its models and abilities.

        Raises:
            UsageError: not an address.
            ModelNotFound: the server does not have that model, or none.
            ModelError: no answer, one to wait for, or not that of such a server.
        """
        self._server, self._model, self._window = _connect(address, timeout)
        self.abilities = self._probe()

    @property
    def fingerprint(self) -> str:
        """The model's name and its server: what the weights are, only the server knows."""
        return f"{self._model}@{self._server.host}"

    @property
    def context_tokens(self) -> int:
        """What the server says of the model, else 4,096."""
        return self._window

    def count_tokens(self, text: str) -> int:
        """An estimate: the dialect has no way to ask."""
        return len(text.encode()) // 3 + 1

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        """Greedy decoding; the tokens come as the server sends them, or all at the end when the
        output has to be checked here. Without the server's probabilities each counts as 0.5.

        Raises:
            ModelError: the server fails, or `messages` end in an open assistant turn.
        """
        body = self._body(messages, max_tokens)
        if grammar is None or self.abilities.grammar is not None:
            if grammar is not None:
                body |= _constraint(str(self.abilities.grammar), grammar)
            for event in self._server.stream(_COMPLETIONS, {**body, "stream": True}):
                yield from _tokens(_choice(event), "delta")
            return
        yield from self._checked(body, grammar)

    def probabilities(self, messages: Sequence[Message], options: Sequence[str]) -> list[float]:
        """Of each option's first token, 0.0 when it is not among the server's 20 likeliest.

        From a server that tells none: 1.0 for what it writes, 0.0 for the rest.

        Raises:
            ModelError: the server fails, or an option is empty.
        """
        if not all(options):
            raise ModelError(f"An option is empty in {list(options)!r}; expected text in each.")
        if not self.abilities.probabilities:
            choice = _choice(self._server.post(_COMPLETIONS, self._body(messages, 5)))
            written = str((choice.get("message") or {}).get("content") or "").strip()
            return [float(bool(written) and (written.startswith(o) or o.startswith(written)))
                    for o in options]  # fmt: skip
        choice = _choice(self._server.post(_COMPLETIONS, self._body(messages, 1)))
        likely = {top["token"]: float(top["logprob"]) for top in _tops(choice)}
        return [_first_token(option, likely) for option in options]

    def judge(self, opening: str, endings: Sequence[str]) -> list[float]:
        """See `Generator.judge`; one request for each ending.

        Raises:
            ModelError: the server fails.
        """
        return [self._yes(Message("user", opening + ending)) for ending in endings]

    def _yes(self, message: Message) -> float:
        yes, also_yes, no, also_no = self.probabilities([message], ["yes", "Yes", "no", "No"])
        total = yes + also_yes + no + also_no
        return (yes + also_yes) / total if total > 0 else 0.5

    def _checked(self, body: dict[str, Any], grammar: str) -> Iterator[Token]:
        for _ in range(2):
            tokens = list(_tokens(_choice(self._server.post(_COMPLETIONS, body)), "message"))
            text = "".join(token.text for token in tokens)
            kept = gbnf.fit(text.strip(), grammar)
            if kept:
                yield from _cut(tokens, text.index(kept), kept)
                return
            again = [{"role": "assistant", "content": text},
                     {"role": "user", "content": _AGAIN.format(grammar)}]  # fmt: skip
            body = {**body, "messages": [*body["messages"], *again]}

    def _body(self, messages: Sequence[Message], max_tokens: int) -> dict[str, Any]:
        if not messages or messages[-1].role == "assistant":
            raise ModelError("A server cannot be asked to go on with an assistant's open turn.")
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": each.role, "content": each.content} for each in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
            "seed": 0,
        }
        if self.abilities.probabilities:
            body |= {"logprobs": True, "top_logprobs": _TOP}
        return body

    def _probe(self) -> Abilities:
        self.abilities = Abilities(None, False)
        asked = self._body([Message("user", "Say hello.")], 8)
        grammar = None
        for field in ("grammar", "structured_outputs", "guided_grammar"):
            choice = self._tried(asked | _constraint(field, _PROBE))
            if str((choice.get("message") or {}).get("content")).strip() == "qx7":
                grammar = field
                break
        told = self._tried(asked | {"logprobs": True, "top_logprobs": _TOP, "max_tokens": 1})
        return Abilities(grammar, bool(_tops(told)))

    def _tried(self, body: dict[str, Any]) -> dict[str, Any]:
        """The reply, or nothing from a server that does not know what is asked.

        One that still loads its model must not be taken for one: what is found out here holds
        for as long as the generator is used.
        """
        try:
            return _choice(self._server.post(_COMPLETIONS, body))
        except Rejected as error:
            if error.passing:
                raise
            return {}


def require_server(address: str) -> None:
    """Complain at once about a server that is not there; raises as `RemoteGenerator` does."""
    _connect(address, 10.0)


def _connect(address: str, timeout: float) -> tuple[JsonServer, str, int]:
    plain, _, wanted = address.partition("#")
    server = JsonServer(plain, key=os.environ.get(KEY_VARIABLE), timeout=timeout)
    listed = server.get("/models")
    models = listed.get("data") if isinstance(listed, dict) else None
    if not isinstance(models, list) or not all(isinstance(m, dict) and "id" in m for m in models):
        raise ModelError(f"{server.address}/models is not a list of models in the OpenAI dialect.")
    for model in models:
        if not wanted or model["id"] == wanted:
            window = model.get("max_model_len") or (model.get("meta") or {}).get("n_ctx_train")
            return server, str(model["id"]), int(window or _WINDOW)
    names = ", ".join(str(model["id"]) for model in models) or "none"
    raise ModelNotFound(f"{server.address} has no model {wanted!r}; it has: {names}.")


def _constraint(field: str, grammar: str) -> dict[str, Any]:
    return {field: {"grammar": grammar} if field == "structured_outputs" else grammar}


def _choice(reply: Any) -> dict[str, Any]:
    choices = reply.get("choices") if isinstance(reply, dict) else None
    if isinstance(choices, list) and not choices:
        return {}  # a last event that only counts tokens
    if not isinstance(choices, list) or not isinstance(choices[0], dict):
        raise ModelError(f"The server's reply has no choices: {str(reply)[:200]}")
    return choices[0]


def _entries(choice: dict[str, Any]) -> list[dict[str, Any]]:
    return list((choice.get("logprobs") or {}).get("content") or [])


def _tops(choice: dict[str, Any]) -> list[dict[str, Any]]:
    entries = _entries(choice)
    return list(entries[0].get("top_logprobs") or []) if entries else []


def _tokens(choice: dict[str, Any], part: str) -> Iterator[Token]:
    """The text of a reply or of one event, in tokens where the server tells them apart."""
    text = str((choice.get(part) or {}).get("content") or "")
    entries = _entries(choice)
    if text and "".join(str(entry.get("token")) for entry in entries) == text:
        yield from (Token(str(entry["token"]), float(entry["logprob"])) for entry in entries)
    elif text:
        likely = [float(entry["logprob"]) for entry in entries] or [_EVEN]
        share = sum(likely) / len(likely)
        yield from (Token(word, share) for word in re.findall(r"\s*\S+|\s+$", text))


def _cut(tokens: Sequence[Token], start: int, kept: str) -> Iterator[Token]:
    """The tokens of the `kept` stretch, which begins at `start` of their text."""
    at = 0
    for token in tokens:
        first, last = max(at, start), min(at + len(token.text), start + len(kept))
        if first < last:
            yield Token(token.text[first - at : last - at], token.logprob)
        at += len(token.text)


def _first_token(option: str, likely: dict[str, float]) -> float:
    """The probability of the longest token that the option begins with."""
    begins = [token for token in likely if token.strip() and option.startswith(token.lstrip())]
    return math.exp(likely[max(begins, key=len)]) if begins else 0.0
