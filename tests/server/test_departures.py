"""Clients that go away in the middle leave no trace in the log; what is really wrong does."""

from __future__ import annotations

import json
import logging
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from starlette.requests import ClientDisconnect

from rag.types import Message, Token
from rag.ui import departures
from tests.server.running import serving, started
from tests.server.support import OTHER, QUESTION, RepeatingGenerator, open_assistant
from tests.server.test_line import SECONDS, until
from tests.tools.load import ask

UPLOAD = (
    b"POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n"
    b"Content-Type: multipart/form-data; boundary=xx\r\n\r\n"
    b'--xx\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nabc'
)


class Flood(RepeatingGenerator):
    """Writes more than a socket takes before anyone can see that it is closed."""

    def stream(
        self, messages: Sequence[Message], grammar: str | None = None, max_tokens: int = 256
    ) -> Iterator[Token]:
        yield from super().stream(messages, grammar, max_tokens)
        if QUESTION in messages[-1].content:
            yield from (Token(" word", -0.1) for _ in range(4000))


def leave(port: int, request: bytes, seen: bytes = b"") -> None:
    """Send a request, wait for a piece of the reply, and go away as a killed browser does."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=SECONDS)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(request)
        got = b""
        while seen not in got:
            got += client.recv(4096)


def posted(path: str, body: dict, length: int | None = None) -> bytes:
    text = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {length or len(text)}\r\n\r\n".encode() + text


@pytest.fixture
def unfiltered(monkeypatch) -> None:
    """Without the filter, to see that there is something to keep out."""
    monkeypatch.setattr(departures._NoDeparture, "filter", lambda self, record: True)


def flooded(papers: Path) -> None:
    with open_assistant(papers, Flood()) as assistant, serving(assistant) as address:
        port = int(address.rpartition(":")[2])
        for _ in range(4):
            leave(port, posted("/ask_stream", {"question": QUESTION}), b'"token"')
            assert ask(address, OTHER)[0] == 200, "it goes on answering others"


def test_an_answer_that_nobody_listens_to_any_more_says_nothing(papers, caplog) -> None:
    flooded(papers)
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


@pytest.mark.usefixtures("unfiltered")
def test_without_the_filter_it_says_so_for_each_piece(papers, caplog) -> None:
    flooded(papers)
    assert departures._WRITTEN_TO_NOBODY in caplog.text


def test_an_upload_that_is_broken_off_is_no_traceback(monkeypatch, tmp_path, capsys) -> None:
    pytest.importorskip("gradio")
    monkeypatch.setenv("RAG_HOME", str(tmp_path))
    from rag.ui import create_app
    from rag.ui.listening import bound
    from rag.ui.serving import Server
    from tests.ui.scripted import Scripted

    app = create_app(Scripted())
    with bound("127.0.0.1", 0) as listener, started(Server(app, 1.0), listener):
        port, passed = listener.getsockname()[1], departures._NoDeparture.filter
        seen: list[str] = []

        def counted(self: logging.Filter, record: logging.LogRecord) -> bool:
            seen.append(record.getMessage())
            return passed(self, record)

        monkeypatch.setattr(departures._NoDeparture, "filter", counted)
        leave(port, UPLOAD)
        until(lambda: len(seen) == 1)
        assert capsys.readouterr().err == ""
        monkeypatch.setattr(departures._NoDeparture, "filter", lambda self, record: True)
        leave(port, UPLOAD)
        said: list[str] = []
        until(lambda: said.append(capsys.readouterr().err) or "ClientDisconnect" in "".join(said))


@pytest.mark.parametrize(
    ("logger", "words", "raised", "told"),
    [
        ("uvicorn.error", "Exception in ASGI application", ClientDisconnect(), False),
        ("uvicorn.error", "Exception in ASGI application",
         BaseExceptionGroup("", [ClientDisconnect(), ClientDisconnect()]), False),
        ("uvicorn.error", "Exception in ASGI application",
         BaseExceptionGroup("", [ClientDisconnect(), ValueError()]), True),
        ("uvicorn.error", "Exception in ASGI application", ValueError(), True),
        ("uvicorn.error", "Exception in ASGI application", ConnectionResetError(), True),
        ("asyncio", "socket.send() raised exception.", None, False),
        ("asyncio", "Task exception was never retrieved", ConnectionResetError(), True),
        ("asyncio", "Exception in callback refresh()", ClientDisconnect(), True),
    ],
)  # fmt: skip
def test_all_else_is_told(caplog, logger, words, raised, told) -> None:
    departures.hush_departures()
    if logger == "uvicorn.error":
        caplog.handler.setLevel(0)
        logging.getLogger(logger).addHandler(caplog.handler)
    try:
        logging.getLogger(logger).error(words, exc_info=raised)
    finally:
        logging.getLogger(logger).removeHandler(caplog.handler)
    assert (words in caplog.text) == told
