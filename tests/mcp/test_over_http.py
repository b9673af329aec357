"""MCP on the HTTP server, as the official client sees it, and the server's rules there."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from starlette.testclient import TestClient

import rag
from rag.server.application import attach, create_app
from rag.server.gate import Limits
from rag.types import Timings
from rag.ui.seam import Holder
from tests.server.running import serving
from tests.server.support import OTHER, QUESTION, RepeatingGenerator, open_assistant, write_papers

UNTIMED = Timings(0, None, None, 0)
KEY = "a" * 24
HELLO = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
SECONDS = 60


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def assistant(papers):
    with open_assistant(papers) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(assistant):
    with serving(assistant) as running:
        yield f"{running}/mcp"


@asynccontextmanager
async def connected(address: str, mode: str = "auto", **headers: str):
    async with httpx2.AsyncClient(headers=headers, timeout=SECONDS) as http:
        transport = streamable_http_client(address, http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


def talk(address: str, program: Callable[[Client], Awaitable[Any]], *mode: str, **headers: str):
    """What a coroutine function returns that is given a connected client."""

    async def main() -> Any:
        async with connected(address, *mode, **headers) as client:
            return await program(client)

    return anyio.run(main)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_it_offers_and_answers_what_stdio_does(address, assistant, mode) -> None:
    async def program(client: Client) -> Any:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        resources = (await client.list_resources()).resources
        read = await client.read_resource(resources[0].uri)
        return tools, read.contents[0].text, await client.call_tool("ask", {"question": QUESTION})

    tools, text, asked = talk(address, program, mode)
    assert tools == ["ask", "search", "list_documents", "read_document"]
    first = assistant.documents()[0]
    assert text == assistant.file_text(first.path)[first.start : first.end]
    found = rag.from_dict(asked.structured_content)
    assert replace(found, timings=UNTIMED) == replace(assistant.ask(QUESTION), timings=UNTIMED)


def test_clients_side_by_side_and_one_after_another(address) -> None:
    found: dict[str, str] = {}

    async def ask(question: str) -> None:
        async with connected(address) as client:
            answer = await client.call_tool("ask", {"question": question})
            found[question] = answer.structured_content["text"]

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for question in (QUESTION, OTHER):
                group.start_soon(ask, question)

    anyio.run(main)
    assert "4.2 million" in found[QUESTION] and "250 engineers" in found[OTHER]
    again = talk(address, lambda client: client.call_tool("search", {"query": OTHER, "limit": 1}))
    assert "250 engineers" in again.structured_content["passages"][0]["text"]


def test_what_is_wrong_is_said_to_the_model(address) -> None:
    result = talk(address, lambda client: client.call_tool("ask", {"question": "x" * 2001}))
    assert result.is_error and "2000" in result.content[0].text


def refused(address: str, **headers: str) -> bool:
    """Whether a client gets nowhere."""
    found = True
    with suppress(MCPError, httpx2.HTTPError, BaseExceptionGroup):
        found = not talk(address, lambda client: client.list_tools(), **headers).tools
    return found


def test_a_key_is_needed_here_too(assistant) -> None:
    with serving(assistant, Limits(keys=(KEY,))) as running:
        assert refused(f"{running}/mcp")
        assert refused(f"{running}/mcp", Authorization=f"Bearer {KEY}x")
        assert not refused(f"{running}/mcp", Authorization=f"Bearer {KEY}")


def test_calls_count_as_requests(assistant) -> None:
    with serving(assistant, Limits(per_minute=8)) as running:

        async def program(client: Client) -> int:
            for number in range(20):
                with suppress(MCPError):
                    await client.call_tool("list_documents", {})
                    continue
                return number
            return 20

        assert 0 < talk(f"{running}/mcp", program) < 8
        reply = httpx2.post(f"{running}/mcp", json=HELLO)
        assert reply.status_code == 429 and int(reply.headers["retry-after"]) >= 1


@pytest.fixture
def browser(assistant) -> TestClient:
    app = create_app(assistant, Limits(per_minute=1000, most_bytes=1000))
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "rebound.example"}, 421),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Host": "127.0.0.1:7861"}, 200),
    ],
)
def test_pages_of_others_cannot_call(browser, headers, status) -> None:
    accepted = {"Accept": "application/json, text/event-stream"}
    reply = browser.post("/mcp", json=HELLO, headers=headers | accepted)
    assert reply.status_code == status, reply.text
    assert "access-control-allow-origin" not in reply.headers


def test_it_is_there_beside_another_application(assistant) -> None:
    host = FastAPI(openapi_url=None)
    attach(host, Holder(assistant), Limits(keys=(KEY,)))
    beside = TestClient(host, base_url="http://localhost")
    headers = {"Accept": "application/json, text/event-stream"}
    assert beside.post("/mcp", json=HELLO, headers=headers).status_code == 401
    headers["Authorization"] = f"Bearer {KEY}"
    reply = beside.post("/mcp", json=HELLO, headers=headers)
    assert reply.status_code == 200 and '"result"' in reply.text


def test_other_methods_and_large_bodies_are_refused_in_the_servers_shape(browser) -> None:
    assert browser.get("/mcp").status_code == browser.delete("/mcp").status_code == 405
    body = b'{"x": "' + b"x" * 1000 + b'"}'

    def in_pieces():
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    for content in (body, in_pieces()):
        reply = browser.post("/mcp", content=content)
        assert reply.status_code == 413
        assert "1,000 bytes" in reply.json()["error"]["message"]


def test_a_full_line_says_when_to_come_back(papers) -> None:
    generator = RepeatingGenerator(threading.Event())
    with (
        open_assistant(papers, generator) as opened,
        serving(opened, most_waiting=0) as running,
    ):
        held = threading.Thread(target=httpx2.post, args=(f"{running}/ask",),
                                kwargs={"json": {"question": QUESTION}, "timeout": SECONDS})  # fmt: skip
        held.start()
        until(lambda: generator.running)
        told = talk(f"{running}/mcp", lambda client: client.call_tool("ask", {"question": OTHER}))
        generator.gate.set()
        held.join()
    assert told.is_error and "Ask again in" in told.content[0].text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_caller_that_goes_away_stops_the_writing(papers, mode) -> None:
    generator = RepeatingGenerator(threading.Event())
    with open_assistant(papers, generator) as opened, serving(opened) as running:

        async def leave() -> None:
            with anyio.move_on_after(SECONDS) as scope:
                async with (
                    connected(f"{running}/mcp", mode) as client,
                    anyio.create_task_group() as group,
                ):
                    group.start_soon(client.call_tool, "ask", {"question": QUESTION})
                    while not generator.running:
                        await anyio.sleep(0.01)
                    scope.cancel()

        anyio.run(leave)
        health = f"{running}/health"
        assert httpx2.get(health).json()["inside"] == 1
        time.sleep(1)  # for the server to hear of it
        generator.gate.set()
        assert generator.stopped.wait(SECONDS)
        until(lambda: httpx2.get(health).json()["inside"] == 0)
    assert generator.written < 3


def until(reached: Callable[[], Any]) -> None:
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_without_the_extra_the_rest_is_served_and_the_endpoint_says_what_to_install(
    browser, monkeypatch
) -> None:
    for name in ("mcp", "mcp.server.mcpserver"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "rag.server.mcp_server", raising=False)
    reply = browser.post("/mcp", json=HELLO)
    assert reply.status_code == 501
    assert "pip install 'sourcebound[mcp]'" in reply.json()["error"]["message"]
    assert browser.get("/documents").status_code == 200
