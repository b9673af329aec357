"""The same question by every way in gives the same answer object, but for its timings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import openai
import pytest
from mcp import Client, StdioServerParameters, stdio_client
from starlette.testclient import TestClient

import rag
from rag.cli import asking, main
from rag.indexing import update
from rag.server.application import create_app
from rag.server.gate import Limits
from rag.server.line import Line
from rag.server.mcp_server import build
from rag.ui.conversations import Conversations
from rag.ui.export import as_json
from rag.ui.feedback import Feedback
from rag.ui.seam import Holder
from rag.ui.sessions import Desk
from tests.indexing.support import HashingEmbedder, read_here
from tests.server.running import serving
from tests.server.support import open_assistant

PLACES = ("Velmark", "Osterlund", "Calvera", "Elmsund", "Tarnvik", "Bramsee", "Kolding", "Ronby",
          "Sorrel", "Halden")  # fmt: skip
QUESTIONS = [
    question
    for place in PLACES
    for question in (
        f"How many containers did the port of {place} move in 2023?",
        f"How many engineers did the council of {place} ask about sea cables?",
        f"What colour are the cranes of the bishop of {place}?",
    )
]


def write_ports(folder: Path) -> Path:
    folder.mkdir()
    for number, place in enumerate(PLACES, start=1):
        (folder / f"{place.lower()}.md").write_text(
            f"# News of {place}\n\n2024-03-{number:02}\n\n"
            f"The port of {place} moved {number}.{number} million containers in 2023. The council "
            f"of {place} asked {200 + number} engineers about sea cables.\n",
            "utf-8",
        )
    return folder


def untimed(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in ("timings", "id")}


def by_python(assistant: rag.Assistant, questions: Sequence[str]) -> list[dict[str, Any]]:
    return [rag.to_dict(assistant.ask(question)) for question in questions]


def by_http(address: str | TestClient, questions: Sequence[str]) -> list[dict[str, Any]]:
    if isinstance(address, TestClient):
        return [address.post("/ask", json={"question": each}).json() for each in questions]
    import httpx

    return [
        httpx.post(f"{address}/ask", json={"question": each}, timeout=280).json()
        for each in questions
    ]


def by_openai(address: str, questions: Sequence[str]) -> list[dict[str, Any]]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", timeout=280) as client:
        return [
            client.chat.completions.create(
                model="sourcebound", messages=[{"role": "user", "content": each}]
            ).model_extra["sourcebound"]
            for each in questions
        ]


def by_mcp(server: Any, questions: Sequence[str]) -> list[dict[str, Any]]:
    async def program() -> list[dict[str, Any]]:
        async with Client(server) as client:
            return [
                (await client.call_tool("ask", {"question": each})).structured_content
                for each in questions
            ]

    return anyio.run(program)


def by_page(assistant: rag.Assistant, folder: Path, questions: Sequence[str]) -> list[dict]:
    """Asked as each tab asks, kept, opened again from the list, and taken away as JSON."""
    saved = Conversations(folder / "conversations.db")
    desk = Desk(Holder(assistant), saved, Feedback(folder / "feedback.jsonl"))
    found = []
    for number, question in enumerate(questions):
        session = desk.session(f"tab {number}")
        turn = desk.ask(session, question, rag.Filters())
        assert turn.done.wait(280) and turn.answer is not None, turn.problem
        desk.keep(session, turn)
        again = desk.session(f"later {number}")
        desk.recall(again, session.conversation)
        found.append(json.loads(as_json(again.turns[0].answer)))
    return found


def batch_of(folder: Path, questions: Sequence[str]) -> Path:
    lines = [json.dumps({"id": n, "question": each}) for n, each in enumerate(questions)]
    (folder / "batch.jsonl").write_text("\n".join(lines), "utf-8")
    return folder / "batch.jsonl"


def by_command(options: list[str], batch: Path, capsys: pytest.CaptureFixture) -> list[dict]:
    capsys.readouterr()
    assert main(["ask", "--batch", str(batch), *options]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("count", [6, pytest.param(30, marks=pytest.mark.slow)])
def test_questions_every_way(count: int, tmp_path: Path, capsys, monkeypatch) -> None:
    questions = QUESTIONS[:count]
    folder = write_ports(tmp_path / "ports")
    update(tmp_path / "index", [folder], HashingEmbedder(), reader=read_here)
    with open_assistant(tmp_path / "index") as assistant:
        expected = list(map(untimed, by_python(assistant, questions)))
        client = TestClient(
            create_app(assistant, Limits(per_minute=10_000)), base_url="http://localhost"
        )
        with serving(assistant) as address:
            chat = by_openai(address, questions)
            tools = by_mcp(f"{address}/mcp", questions)
        monkeypatch.setattr(asking, "open_assistant", lambda _: open_assistant(tmp_path / "index"))
        for found in (
            by_http(client, questions),
            chat,
            tools,
            by_mcp(build(Line(lambda: assistant)), questions),
            by_page(assistant, tmp_path, questions),
            by_command([], batch_of(tmp_path, questions), capsys),
        ):
            assert list(map(untimed, found)) == expected
    states = [answer["state"] for answer in expected]
    assert states.count("answered") >= count * 2 // 3 and expected[0]["citations"]


@pytest.mark.slow
def test_a_real_model_five_ways_in_three_processes(
    tmp_path: Path, capsys, embedder, embedder_weights, tiny_weights, isolated
) -> None:
    questions = [QUESTIONS[0], QUESTIONS[4]]
    index = tmp_path / "index"
    update(index, [write_ports(tmp_path / "ports")], embedder)
    parts = ["--index", str(index), "--embedder", str(embedder_weights)]
    parts += ["--generator", str(tiny_weights)]
    with rag.Assistant(index, embedder=embedder, generator=tiny_weights) as assistant:
        expected = list(map(untimed, by_python(assistant, questions)))
        assert all(answer["provenance"]["generator"].startswith("SmolLM2") for answer in expected)
        with serving(assistant) as address:
            assert list(map(untimed, by_http(address, questions))) == expected
            assert list(map(untimed, by_openai(address, questions))) == expected
    by_shell = by_command(parts, batch_of(tmp_path, questions), capsys)
    assert list(map(untimed, by_shell)) == expected
    root = Path(__file__).parents[2]
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "rag", "mcp", *parts], cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root), "RAG_HOME": str(isolated)},
    )  # fmt: skip
    assert list(map(untimed, by_mcp(stdio_client(server), questions))) == expected
