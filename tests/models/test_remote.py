"""Generators behind a server: its replies and refusals, by a small real server in this process."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from rag.errors import ModelError, ModelNotFound, UsageError
from rag.home import home
from rag.models.loading import LoadingGenerator
from rag.models.remote import Abilities, RemoteGenerator, require_server
from rag.types import Message

ASK = [Message("system", "Point."), Message("user", "What was let?")]
GRAMMAR = 'root ::= [A-Z] [a-z ]+ "[S1]"'
GOOD = "Forty were let [S1]"

Reply = Callable[[dict[str, Any]], Any]


def entry(token: str, probability: float, **others: float) -> dict[str, Any]:
    top = {token: probability, **others}
    return {"token": token, "logprob": math.log(probability),
            "top_logprobs": [{"token": t, "logprob": math.log(p)} for t, p in top.items()]}  # fmt: skip


def whole(text: str, *entries: dict[str, Any]) -> dict[str, Any]:
    choice: dict[str, Any] = {"message": {"role": "assistant", "content": text}}
    if entries:
        choice["logprobs"] = {"content": list(entries)}
    return {"choices": [choice]}


class Status(Exception):
    """Makes the server answer with an error."""


class Served(ThreadingHTTPServer):
    """Answers completions by a function; keeps the requests."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.models: Any = {"data": [{"id": "one", "meta": {"n_ctx_train": 8192}}, {"id": "two"}]}
        self.reply = reply
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Served

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._send(200, json.dumps(self.server.models))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        self.server.headers.append(dict(self.headers))
        try:
            reply = self.server.reply(body)
        except Status as error:
            code, _, words = str(error).partition(" ")
            self._send(int(code), json.dumps({"error": {"message": words}}), {"Retry-After": "0"})
            return
        if isinstance(reply, list):
            lines = "".join(f"data: {json.dumps(each)}\n\n" for each in reply)
            self._send(200, lines + "data: [DONE]\n\n")
        else:
            self._send(200, reply if isinstance(reply, str) else json.dumps(reply))

    def _send(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def served() -> Iterator[Callable[[Reply], Served]]:
    running: list[Served] = []

    def start(reply: Reply) -> Served:
        running.append(Served(reply))
        threading.Thread(target=running[-1].serve_forever, args=(0.01,), daemon=True).start()
        return running[-1]

    yield start
    for each in running:
        each.shutdown()
        each.server_close()


def plain(text: str) -> Reply:
    """A server that knows neither grammars nor probabilities, and refuses fields it has not."""

    def reply(body: dict[str, Any]) -> Any:
        if set(body) - {"model", "messages", "max_tokens", "temperature", "seed", "stream"}:
            raise Status("400 unknown field")
        return whole(text)

    return reply


def able(field: str, text: str = GOOD) -> Reply:
    """A server that holds to the grammar in `field` and tells probabilities."""

    def reply(body: dict[str, Any]) -> Any:
        given = body.get(field)
        given = given["grammar"] if isinstance(given, dict) else given
        if given is not None and "qx7" in given:
            return whole("qx7")
        pieces = [entry(word, 0.5, Yes=0.25) for word in text.split(" ")]
        for each in pieces[1:]:
            each["token"] = " " + each["token"]
        if body.get("stream"):
            return [{"choices": [{"delta": {"content": each["token"]},
                                  "logprobs": {"content": [each]}}]} for each in pieces]  # fmt: skip
        return whole(text, *pieces)

    return reply


@pytest.mark.parametrize("field", ["grammar", "structured_outputs", "guided_grammar"])
def test_a_server_is_asked_what_it_can_and_used_so(served, field: str) -> None:
    server = served(able(field))
    generator = RemoteGenerator(server.address)
    assert generator.abilities == Abilities(field, True)
    tokens = list(generator.stream(ASK, GRAMMAR, 20))
    assert [token.text for token in tokens] == ["Forty", " were", " let", " [S1]"]
    assert [token.logprob for token in tokens] == [math.log(0.5)] * 4
    last = server.asked[-1]
    assert last["messages"][0] == {"role": "system", "content": "Point."}
    assert last["temperature"] == 0 and last["max_tokens"] == 20
    wanted = {"grammar": GRAMMAR} if field == "structured_outputs" else GRAMMAR
    assert last[field] == wanted


def test_probabilities_are_those_of_the_first_token(served) -> None:
    reply = whole("NOT", entry("NOT", 0.5, N=0.2, Yes=0.125, yes=0.0625))
    generator = RemoteGenerator(served(lambda body: reply).address)
    assert generator.abilities == Abilities(None, True)
    found = generator.probabilities(ASK, ["NOT FOUND", "Yes", "yes", "No", "maybe"])
    assert found == pytest.approx([0.5, 0.125, 0.0625, 0.2, 0.0])
    with pytest.raises(ModelError, match="empty"):
        generator.probabilities(ASK, [""])


def test_without_probabilities_what_it_writes_counts(served) -> None:
    generator = RemoteGenerator(served(plain("NOT FOUND.")).address)
    assert generator.abilities == Abilities(None, False)
    assert generator.probabilities(ASK, ["NOT FOUND", "yes", "No"]) == [1.0, 0.0, 0.0]
    silent = RemoteGenerator(served(plain("")).address)
    assert silent.probabilities(ASK, ["yes"]) == [0.0]


def test_without_grammars_the_output_is_checked(served) -> None:
    server = served(plain(f"  {GOOD}. More."))
    tokens = list(RemoteGenerator(server.address).stream(ASK, GRAMMAR))
    assert "".join(token.text for token in tokens) == GOOD
    assert {token.logprob for token in tokens} == {math.log(0.5)}


def test_what_does_not_fit_is_asked_for_once_more_and_then_kept_back(served) -> None:
    written = ["nothing of the kind", GOOD]
    server = served(lambda body: whole(written[0] if len(body["messages"]) == 2 else written[1]))
    generator = RemoteGenerator(server.address)
    assert "".join(token.text for token in generator.stream(ASK, GRAMMAR)) == GOOD
    retry = server.asked[-1]["messages"]
    assert retry[2]["content"] == written[0] and GRAMMAR in retry[3]["content"]
    written[1] = "[S9]"
    asked = len(server.asked)
    assert list(generator.stream(ASK, GRAMMAR)) == []
    assert len(server.asked) == asked + 2


def test_without_a_grammar_nothing_is_checked(served) -> None:
    events = [{"choices": [{"delta": {"content": "free"}}]}, {"choices": []}]
    server = served(lambda body: events if body.get("stream") else whole("x"))
    assert [t.text for t in RemoteGenerator(server.address).stream(ASK)] == ["free"]


def test_the_model_is_the_first_or_the_one_named(served, monkeypatch) -> None:
    monkeypatch.setenv("RAG_GENERATOR_KEY", "secret-key")
    server = served(plain("x"))
    first, second = (RemoteGenerator(server.address + end) for end in ("", "/v1#two"))
    assert first.fingerprint == f"one@127.0.0.1:{server.server_port}"
    assert (first.context_tokens, second.context_tokens) == (8192, 4096)
    assert server.asked[-1]["model"] == "two"
    assert server.headers[-1]["Authorization"] == "Bearer secret-key"
    assert "secret" not in first.fingerprint
    with pytest.raises(ModelNotFound, match="one, two"):
        RemoteGenerator(server.address + "#three")


@pytest.mark.parametrize(
    "address",
    ["http://", "ftp://host", "http://user:pass@host", "host:80", "http://[::1", "http://[::1#two",
     "http://host:port", "http://host:99999", "http://a..b"],
)  # fmt: skip
def test_what_is_no_address_is_a_wrong_call(address: str) -> None:
    with pytest.raises(UsageError, match="address of a server"):
        RemoteGenerator(address)


def test_failures_of_a_server_say_what_it_said(served) -> None:
    with pytest.raises(ModelError, match=r"Is it running\?"):
        require_server("http://127.0.0.1:9")
    server = served(plain("x"))
    generator = RemoteGenerator(server.address)

    def refuse(body: dict[str, Any]) -> Any:
        raise Status("500 out of memory")

    server.reply = refuse
    with pytest.raises(ModelError, match="500: out of memory"):
        list(generator.stream(ASK))
    server.reply = lambda body: "<html>"
    with pytest.raises(ModelError, match="expected JSON"):
        generator.probabilities(ASK, ["yes"])
    server.reply = lambda body: [{"error": {"message": "slot gone"}}]
    with pytest.raises(ModelError, match="slot gone"):
        list(generator.stream(ASK))
    server.models = {"hello": 1}
    with pytest.raises(ModelError, match="not a list of models"):
        require_server(server.address)
    with pytest.raises(ModelError, match="open turn"):
        list(generator.stream([Message("assistant", "Yes")]))


def test_a_busy_server_is_asked_again(served) -> None:
    server = served(plain("x"))
    generator = RemoteGenerator(server.address)
    tries = []

    def busy(body: dict[str, Any]) -> Any:
        tries.append(body)
        if len(tries) < 3:
            raise Status("503 loading")
        return whole("yes")

    server.reply = busy
    assert generator.probabilities(ASK, ["yes"]) == [1.0]
    assert len(tries) == 3


@pytest.mark.parametrize(
    ("status", "helps"),
    [(503, "has loaded its model"), (429, "Wait a while"), (408, "has loaded its model"),
     (504, "has loaded its model"), (401, "RAG_GENERATOR_KEY"), (403, "RAG_GENERATOR_KEY")],
)  # fmt: skip
def test_one_that_cannot_now_is_not_taken_for_one_without_abilities(
    served, tmp_path, status: int, helps: str
) -> None:
    server = served(able("grammar"))
    ready, now = server.reply, [True]

    def later(body: dict[str, Any]) -> Any:
        if now:
            raise Status(f"{status} Loading model")
        return ready(body)

    server.reply = later
    loader = LoadingGenerator(server.address, home(tmp_path))
    with pytest.raises(ModelError, match=rf"{status}: Loading model\. .*{helps}"):
        loader.result()
    with pytest.raises(ModelError, match="Loading model"):
        assert loader.loaded, "who only asks how things stand is told too, and does not wait"
    now.clear()
    found = loader.result()
    assert isinstance(found, RemoteGenerator) and loader.loaded
    assert found.abilities == Abilities("grammar", True)
    loader.close()


def test_a_redirect_is_not_followed(served) -> None:
    other = served(plain("x"))

    def away(body: dict[str, Any]) -> Any:
        raise Status("302 elsewhere")

    server = served(plain("x"))
    generator = RemoteGenerator(server.address)
    server.reply = away
    with pytest.raises(ModelError, match="302"):
        list(generator.stream(ASK))
    assert other.asked == []
