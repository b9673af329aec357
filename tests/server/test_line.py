"""One answer at a time, a bounded wait, and an end when nobody listens."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.errors import Busy
from rag.server.line import Line, Question
from rag.types import AnswerReady, EvidenceFound
from tests.server.support import OTHER, QUESTION, RepeatingGenerator, open_assistant

SECONDS = 60


def until(true) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def gated(papers):
    """A line whose generator waits for a gate: (line, generator)."""
    generator = RepeatingGenerator(threading.Event())
    with open_assistant(papers, generator) as assistant:
        line = Line(lambda: assistant, most_waiting=2)
        yield line, generator
        generator.gate.set()
        line.close()


def test_questions_are_answered_one_by_one_and_the_fourth_is_sent_away(gated) -> None:
    line, generator = gated
    futures = [line.submit(Question(text)) for text in (QUESTION, OTHER, QUESTION)]
    until(lambda: generator.running == 1)
    with pytest.raises(Busy, match="3 questions") as refused:
        line.submit(Question(QUESTION))
    assert refused.value.retry_after >= 1
    generator.gate.set()
    texts = [future.result(SECONDS).text for future in futures]
    assert ["Velmark" in text for text in texts] == [True, False, True]
    assert generator.most_running == 1
    until(lambda: line.inside == 0)
    assert "Velmark" in line.submit(Question(QUESTION)).result().text


def test_who_leaves_stops_the_writing_and_frees_the_place(gated) -> None:
    line, generator = gated
    left = False

    async def gone() -> bool:
        return left

    async def listen() -> list[object]:
        nonlocal left
        heard = []
        async for event in line.events(Question(QUESTION), gone):
            heard.append(event)
            if isinstance(event, EvidenceFound):
                left = True
        return heard

    heard = asyncio.run(listen())
    assert not any(isinstance(event, AnswerReady) for event in heard)
    generator.gate.set()
    assert generator.stopped.wait(SECONDS)
    until(lambda: line.inside == 0)


def test_a_cancelled_listener_leaves_too(gated) -> None:
    line, generator = gated

    async def never() -> bool:
        return False

    async def program() -> None:
        waiting = asyncio.ensure_future(line.answer(Question(QUESTION), never))
        while not generator.running:
            await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(program())
    generator.gate.set()
    until(lambda: line.inside == 0)


def test_over_http_a_full_line_is_503_with_a_time(serve) -> None:
    generator = RepeatingGenerator(threading.Event())
    client = serve(generator, most_waiting=0)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(client.post, "/ask", json={"question": QUESTION})
        until(lambda: generator.running == 1)
        chat = {"model": "sourcebound", "messages": [{"role": "user", "content": QUESTION}]}
        for path, body in (
            ("/ask", {"question": OTHER}),
            ("/ask_stream", {"question": OTHER}),
            ("/v1/chat/completions", chat),
            ("/v1/chat/completions", {**chat, "stream": True}),
        ):
            refused = client.post(path, json=body)
            assert refused.status_code == 503
            assert int(refused.headers["retry-after"]) >= 1
            assert refused.json()["error"]["type"] == "busy"
        assert client.post("/search", json={"query": OTHER}).status_code == 200
        assert client.get("/health").json()["inside"] == 1
        generator.gate.set()
        assert first.result(SECONDS).status_code == 200
