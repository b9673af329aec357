"""The OpenAI dialect, spoken by its own client library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import openai
import pytest

import rag
from rag.server.chat_completions import conversation
from rag.server.requests import ChatMessage
from rag.types import Timings
from tests.server.running import serving
from tests.server.support import OTHER, QUESTION

UNTIMED = Timings(0, None, None, 0)


@pytest.fixture(scope="module")
def chat(assistant) -> Iterator[openai.OpenAI]:
    with serving(assistant) as address, openai.OpenAI(
        base_url=f"{address}/v1", api_key="none", max_retries=0
    ) as client:  # fmt: skip
        yield client


def untimed(fields: dict) -> rag.Answer:
    return replace(rag.from_dict(fields), timings=UNTIMED)


def test_a_completion_has_markers_quotes_and_the_answer(chat, assistant) -> None:
    (model,) = chat.models.list().data
    reply = chat.chat.completions.create(
        model=model.id, messages=[{"role": "user", "content": QUESTION}], temperature=0.2
    )
    answer = assistant.ask(QUESTION)
    content = reply.choices[0].message.content
    assert reply.choices[0].finish_reason == "stop"
    assert content.startswith(answer.text) and "[1]" in answer.text
    assert f"[1] “{answer.citations[0].quote}”" in content
    assert untimed(reply.model_extra["sourcebound"]) == replace(answer, timings=UNTIMED)


def test_a_stream_has_the_evidence_first_and_only_checked_text(chat, assistant) -> None:
    whole = chat.chat.completions.create(
        model="sourcebound", messages=[{"role": "user", "content": QUESTION}]
    )
    chunks = list(
        chat.chat.completions.create(
            model="sourcebound", messages=[{"role": "user", "content": QUESTION}], stream=True
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    (evidence,) = (n for n, chunk in enumerate(chunks) if "evidence" in chunk.model_extra)
    first_word = next(n for n, chunk in enumerate(chunks) if chunk.choices[0].delta.content)
    assert evidence < first_word
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"
    answer = replace(assistant.ask(QUESTION), timings=UNTIMED)
    assert untimed(chunks[-1].model_extra["sourcebound"]) == answer


def test_a_conversation_is_followed(chat, assistant) -> None:
    first = chat.chat.completions.create(
        model="sourcebound", messages=[{"role": "user", "content": QUESTION}]
    )
    followed = chat.chat.completions.create(
        model="sourcebound",
        messages=[
            {"role": "system", "content": "Answer in rhymes."},
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": first.choices[0].message.content},
            {"role": "user", "content": [{"type": "text", "text": "And in 2022?"}]},
        ],
    )
    expected = assistant.ask("And in 2022?", [(QUESTION, assistant.ask(QUESTION).text)])
    assert untimed(followed.model_extra["sourcebound"]) == replace(expected, timings=UNTIMED)


def test_filters_are_an_extra_field(chat) -> None:
    reply = chat.chat.completions.create(
        model="sourcebound",
        messages=[{"role": "user", "content": OTHER}],
        extra_body={"filters": {"since": "2030-01-01"}},
    )
    assert reply.model_extra["sourcebound"]["reason"] == "nothing_retrieved"


def test_errors_are_those_the_client_knows(chat) -> None:
    asked = [{"role": "user", "content": QUESTION}]
    with pytest.raises(openai.NotFoundError, match="sourcebound"):
        chat.chat.completions.create(model="another", messages=asked)
    with pytest.raises(openai.BadRequestError, match="last message"):
        chat.chat.completions.create(
            model="sourcebound", messages=[{"role": "system", "content": "x"}]
        )
    with pytest.raises(openai.BadRequestError, match="empty"):
        chat.chat.completions.create(
            model="sourcebound", messages=[{"role": "user", "content": " "}]
        )
    with pytest.raises(openai.UnprocessableEntityError, match="messages"):
        chat.chat.completions.create(model="sourcebound", messages=[])


def test_a_history_pairs_questions_with_the_answers_that_follow_them() -> None:
    turns = [
        ("system", "s"), ("user", "lost"), ("user", "q1"), ("assistant", "a1\n\n[1] “quote” t (f, 1-2)"),
        ("assistant", "stray"), ("user", "q2"),
    ]  # fmt: skip
    messages = [ChatMessage(role=role, content=content) for role, content in turns]
    assert conversation(messages) == ("q2", [("q1", "a1")])


def test_a_stream_is_a_stream_of_events(client) -> None:
    body = {"model": "sourcebound", "messages": [{"role": "user", "content": QUESTION}],
            "stream": True}  # fmt: skip
    reply = client.post("/v1/chat/completions", json=body)
    assert reply.headers["content-type"].startswith("text/event-stream")
    blocks = reply.text.split("\n\n")
    assert blocks[-2:] == ["data: [DONE]", ""]
    for block in blocks[:-2]:
        assert block.startswith(": ") or json.loads(block.removeprefix("data: "))
