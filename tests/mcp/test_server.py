"""The MCP server as the official client sees it, in memory. HTTP: test_over_http.py; stdio: tests/server/."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from mcp import Client, MCPError

import rag
from rag.server.line import Line
from rag.server.mcp_server import SCHEME, build
from rag.types import Timings
from tests.server.support import OTHER, QUESTION, open_assistant, write_papers

UNTIMED = Timings(0, None, None, 0)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory):
    papers: Path = write_papers(tmp_path_factory.mktemp("papers"))
    with open_assistant(papers) as opened:
        yield opened


@pytest.fixture(scope="module")
def talk(assistant):
    """Run a coroutine function with a connected client."""
    server = build(Line(lambda: assistant))

    def run(program):
        async def main():
            async with Client(server) as client:
                return await program(client)

        return anyio.run(main)

    return run


def test_tools_and_what_they_say_of_themselves(talk) -> None:
    listed = talk(lambda client: client.list_tools()).tools
    assert [tool.name for tool in listed] == ["ask", "search", "list_documents", "read_document"]
    for tool in listed:
        assert tool.description and tool.annotations.read_only_hint
        assert "self" not in tool.input_schema["properties"]
    assert listed[0].input_schema["required"] == ["question"]


def test_ask_gives_the_answer_that_python_gets(talk, assistant) -> None:
    result = talk(lambda client: client.call_tool("ask", {"question": QUESTION}))
    found = rag.from_dict(result.structured_content)
    expected = replace(assistant.ask(QUESTION), timings=UNTIMED)
    assert replace(found, timings=UNTIMED) == expected
    assert expected.citations[0].quote in result.content[0].text


def test_history_and_filters_reach_the_assistant(talk) -> None:
    history = [{"question": QUESTION, "answer": "4.2 million."}]
    asked = {"question": "And in 2022?", "history": history, "filters": {"since": "2030-01-01"}}
    answer = talk(lambda client: client.call_tool("ask", asked)).structured_content
    assert answer["reason"] == "nothing_retrieved"
    assert answer["understood"] and "2022" in answer["understood"]


def test_a_filter_that_names_nothing_is_told_to_the_model(talk) -> None:
    filters = {"documents": ["harbor.md"]}
    for tool, given in (("ask", {"question": QUESTION}), ("search", {"query": QUESTION})):
        asked = {**given, "filters": filters}
        result = talk(lambda client, tool=tool, asked=asked: client.call_tool(tool, asked))
        assert result.is_error
        assert "is named 'harbor.md'. Nearest: 'harbour.md'" in result.content[0].text


def test_search_list_and_read(talk, assistant) -> None:
    async def program(client):
        found = await client.call_tool("search", {"query": OTHER, "limit": 1})
        listed = await client.call_tool("list_documents", {})
        return found.structured_content["passages"], listed.structured_content["documents"]

    (passage,), documents = talk(program)
    assert "250 engineers" in passage["text"]
    identifier = passage["document"]["identifier"]
    assert identifier in [each["identifier"] for each in documents]
    read = talk(lambda client: client.call_tool("read_document", {"identifier": identifier}))
    assert passage["text"] in read.structured_content["text"]
    start = read.structured_content["end"] - 5
    later = {"identifier": identifier, "start": start}
    tail = talk(lambda client: client.call_tool("read_document", later)).structured_content
    assert tail["text"] == read.structured_content["text"][-5:]


def test_documents_are_resources(talk, assistant) -> None:
    async def program(client):
        listed = (await client.list_resources()).resources
        read = await client.read_resource(listed[0].uri)
        return listed, read.contents[0].text

    listed, text = talk(program)
    first = assistant.documents()[0]
    assert [each.name for each in listed] == [each.title for each in assistant.documents()]
    assert listed[0].uri == f"{SCHEME}{first.identifier}"
    assert text == assistant.file_text(first.path)[first.start : first.end]


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("ask", {"question": "  "}, "empty"),
        ("ask", {"question": "x" * 2001}, "2000"),
        ("ask", {}, "question"),
        ("search", {"query": "x", "limit": 99}, "limit"),
        ("read_document", {"identifier": 999}, "No document 999"),
    ],
)
def test_what_is_wrong_is_said_to_the_model(talk, tool, arguments, words) -> None:
    result = talk(lambda client: client.call_tool(tool, arguments))
    assert result.is_error
    assert words in result.content[0].text


def test_an_unknown_resource_is_an_error(talk) -> None:
    async def program(client):
        for name in ("999", "x"):
            with pytest.raises(MCPError, match="No document"):
                await client.read_resource(SCHEME + name)

    talk(program)
