"""The plain routes, as a client sees them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

import rag
from rag.server import mcp_http
from rag.server.application import PATHS, attach, build
from rag.server.wire import MOST_CHARACTERS
from rag.types import Timings
from rag.ui.seam import Holder
from tests.server.support import OTHER, QUESTION, RepeatingGenerator

UNTIMED = Timings(0, None, None, 0)


def untimed(fields: dict) -> rag.Answer:
    return replace(rag.from_dict(fields), timings=UNTIMED)


def test_ask_gives_the_answer_that_python_gets(client, assistant) -> None:
    reply = client.post("/ask", json={"question": QUESTION})
    assert reply.status_code == 200
    assert untimed(reply.json()) == replace(assistant.ask(QUESTION), timings=UNTIMED)


def test_history_and_filters_reach_the_assistant(client, assistant) -> None:
    history = [{"question": QUESTION, "answer": "4.2 million."}]
    followed = client.post("/ask", json={"question": "And a year earlier?", "history": history})
    assert (
        followed.json()["understood"]
        == assistant.ask("And a year earlier?", [(QUESTION, "4.2 million.")]).understood
    )
    filters = {"documents": ["survey.md"], "until": "2023-12-31"}
    both = "How many containers or sea cables were there in 2023?"
    kept = client.post("/ask", json={"question": both, "filters": filters}).json()
    shown = kept["citations"] + kept["nearest"]
    assert shown and all(each["document"].endswith("survey.md") for each in shown)


class _Broken(RepeatingGenerator):
    def stream(self, *given, **named):
        raise RuntimeError("/home/someone/secret")


def test_a_fault_is_told_in_the_one_shape_and_without_its_insides(serve, caplog) -> None:
    client = serve(_Broken())
    body = {"question": QUESTION}
    reply = client.post("/ask", json=body)
    assert reply.status_code == 500
    assert reply.json()["error"]["type"] == "server_error"
    events = [
        json.loads(line) for line in client.post("/ask_stream", json=body).text.split("\n") if line
    ]
    assert "fault of the server" in events[-1]["error"]["message"]
    chat = {"model": "sourcebound", "messages": [{"role": "user", "content": QUESTION}]}
    streamed = client.post("/v1/chat/completions", json={**chat, "stream": True}).text
    assert "fault of the server" in streamed and "[DONE]" not in streamed
    assert "secret" not in reply.text + streamed + str(events)
    assert "secret" in caplog.text


@pytest.mark.parametrize("given", ["yesterday", "5.3.2024", "2024-13-01", "2024-02-31", "", "٢٠٢٤"])
def test_a_date_that_is_none_is_refused_by_name(client, given) -> None:
    for name in ("since", "until"):
        reply = client.post("/search", json={"query": QUESTION, "filters": {name: given}})
        assert reply.status_code == 422
        assert f"filters.{name}" in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (
            {"documents": ["harbor.md"]},
            "No document in the index is named 'harbor.md'. Nearest: 'har",
        ),
        ({"outlets": ["Gazette"]}, "No document in the index is of the outlet 'Gazette'."),
    ],
)
def test_a_filter_that_names_nothing_is_a_status_of_its_own(client, filters, told) -> None:
    asked = {"question": QUESTION, "filters": filters}
    messages = {"model": "sourcebound", "messages": [{"role": "user", "content": QUESTION}]}
    for path, body in (
        ("/ask", asked),
        ("/ask_stream", asked),
        ("/search", {"query": QUESTION, "filters": filters}),
        ("/v1/chat/completions", {**messages, "filters": filters}),
        ("/v1/chat/completions", {**messages, "filters": filters, "stream": True}),
    ):
        reply = client.post(path, json=body)
        assert reply.status_code == 400, path
        error = reply.json()["error"]
        assert error["message"].startswith(told) and error["type"] == "FilterError"


def test_a_stream_ends_with_the_same_answer(client, assistant) -> None:
    with client.stream("POST", "/ask_stream", json={"question": QUESTION}) as reply:
        assert reply.headers["content-type"].startswith("application/x-ndjson")
        events = [json.loads(line) for line in reply.iter_lines() if line]
    kinds = [event["event"] for event in events]
    assert kinds[0] == "stage" and kinds[-1] == "answer"
    assert kinds.index("evidence") < kinds.index("judged") < kinds.index("token")
    assert "4.2 million" in "".join(e["text"] for e in events if e["event"] == "token")
    assert untimed(events[-1]["answer"]) == replace(assistant.ask(QUESTION), timings=UNTIMED)


def test_search_finds_passages_without_a_model(client) -> None:
    found = client.post("/search", json={"query": "sea cables", "limit": 1}).json()["passages"]
    assert len(found) == 1
    assert "250 engineers" in found[0]["text"]
    assert found[0]["document"]["title"] == "Survey of cable engineers"


def test_documents_are_listed_and_read_in_pieces(client, assistant) -> None:
    listed = client.get("/documents").json()["documents"]
    assert [each["title"] for each in listed] == [
        "Velmark harbour report", "Survey of cable engineers",
    ]  # fmt: skip
    first = listed[0]
    read = client.get(f"/documents/{first['identifier']}").json()
    text = assistant.file_text(first["path"])
    assert read["text"] == text[first["start"] : first["end"]]
    assert read["next"] is None and len(read["text"]) <= MOST_CHARACTERS
    later = client.get(f"/documents/{first['identifier']}", params={"start": first["end"] - 5})
    assert later.json()["text"] == text[first["end"] - 5 : first["end"]]


def test_health_says_what_is_so(client) -> None:
    assert client.get("/health").json() == {
        "status": "ok", "inside": 0, "version": rag.__version__,
    }  # fmt: skip

    def broken() -> None:
        raise rag.RagError("No weights. Run: rag models fetch")

    holder = Holder(broken)
    with pytest.raises(rag.RagError, match="No weights"):
        holder.get()
    failed = TestClient(build(holder), raise_server_exceptions=False)
    assert failed.get("/health").json()["status"] == "failed"
    assert (
        "rag models fetch" in failed.post("/ask", json={"question": "x"}).json()["error"]["message"]
    )


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/ask", {"question": "  "}, 400, "empty"),
        ("/ask", {"question": "x" * 2001}, 400, "2,001"),
        ("/ask", {"question": 7}, 422, "body.question"),
        ("/ask", {}, 422, "body.question"),
        ("/ask", {"question": "x", "temperature": 1}, 422, "body.temperature"),
        ("/ask", {"question": "x", "filters": {"language": "fr"}}, 422, "language"),
        ("/ask_stream", {"question": "  "}, 400, "empty"),
        ("/search", {"query": "x", "limit": 99}, 422, "body.limit"),
        ("/nowhere", {}, 404, "Not Found"),
    ],
)
def test_what_is_wrong_is_said(client, path, body, status, words) -> None:
    reply = client.post(path, json=body)
    assert reply.status_code == status
    assert words in reply.json()["error"]["message"]


def test_bad_json_and_unknown_documents(client) -> None:
    assert client.post("/ask", content=b"{").status_code == 422
    missing = client.get("/documents/999")
    assert missing.status_code == 400 and "999" in missing.json()["error"]["message"]
    first = client.get("/documents").json()["documents"][0]
    outside = client.get(f"/documents/{first['identifier']}", params={"start": 10**9})
    assert outside.status_code == 400 and str(first["end"]) in outside.json()["error"]["message"]


def test_the_interface_describes_itself_completely(client) -> None:
    described = client.get("/openapi.json").json()["paths"]
    assert set(described) == set(PATHS) - {"/openapi.json", mcp_http.PATH}
    assert client.get("/docs").status_code == 404


def test_beside_another_application(assistant) -> None:
    host = FastAPI(openapi_url=None)
    attach(host, Holder(assistant))
    beside = TestClient(host, base_url="http://localhost")
    assert beside.post("/ask", json={"question": OTHER}).json()["state"] == "answered"
    assert beside.get("/documents/1").json()["title"]
    assert beside.get("/v1/models").json()["data"][0]["id"] == "sourcebound"
    assert beside.get("/elsewhere").status_code == 404


def test_the_room_does_not_need_the_page() -> None:
    code = (
        "import sys, rag.server.running, rag.server.application\n"
        "print('LOADED', [n for n in ('gradio', 'torch', 'llama_cpp') if n in sys.modules])"
    )
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=240
    )
    assert child.stdout.strip() == "LOADED []", child.stderr
