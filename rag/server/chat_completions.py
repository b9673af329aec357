"""The OpenAI dialect: an assistant as a chat model, its citations kept.

The text has the markers [1] and, below it, the quotes; the answer object stands beside it in the
extra field `sourcebound`. Only checked text is ever sent, so a stream begins when it is ready; the
evidence comes before, in a piece of its own.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from rag.answering.serialise import to_dict
from rag.errors import QuestionError
from rag.server import wire
from rag.server.gate import error_response
from rag.server.line import Line, Question
from rag.server.requests import ERRORS, ChatMessage, ChatRequest, also_as, filters_of
from rag.types import Answer, AnswerReady, Event, EvidenceFound

MODEL = "sourcebound"
_QUOTES = re.compile(r"\n\n\[\d+\] “.*", re.DOTALL)


class ChatCompletions:
    """`/v1/models` and `/v1/chat/completions` over one line of questions."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/v1", responses=ERRORS)
        router.add_api_route("/models", self.models, methods=["GET"])
        router.add_api_route(
            "/chat/completions", self.complete, methods=["POST"], response_model=None,
            responses=also_as("text/event-stream"),
        )  # fmt: skip
        return router

    def models(self) -> dict[str, Any]:
        """The one model there is."""
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
        return {"object": "list", "data": [model]}

    async def complete(
        self, body: ChatRequest, request: Request
    ) -> dict[str, Any] | JSONResponse | StreamingResponse:
        """The last user message is the question, the turns before it its history."""
        if body.model != MODEL:
            return error_response(404, f"No model {body.model!r}. There is one: {MODEL!r}.")
        text, history = conversation(body.messages)
        question = Question(text, history, filters_of(body.filters))
        head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
        if not body.stream:
            return _completion(await self._line.answer(question, request.is_disconnected), head)
        events = self._line.events(question, request.is_disconnected)
        first = await anext(events, None)  # here, a full line is still a status of its own
        return StreamingResponse(_stream(first, events, head), media_type="text/event-stream")


def conversation(messages: Sequence[ChatMessage]) -> tuple[str, list[tuple[str, str]]]:
    """The question and the (question, answer) pairs before it. Instructions are not followed.

    Raises:
        QuestionError: the last message is not the user's.
    """
    if messages[-1].role != "user":
        raise QuestionError("The last message must be the user's question.")
    history: list[tuple[str, str]] = []
    asked = ""
    for message in messages[:-1]:
        if message.role == "user":
            asked = message.text()
        elif message.role == "assistant" and asked:
            history.append((asked, _QUOTES.sub("", message.text())))
            asked = ""
    return messages[-1].text(), history


def shown(answer: Answer) -> str:
    """The answer's text and below it the quotes that its markers mean."""
    rows = [
        f"[{c.number}] “{c.quote}” {c.title}{f', {c.published}' if c.published else ''} "
        f"({c.document}, {c.start}-{c.end})"
        for c in answer.citations
    ]
    return "\n\n".join([answer.text, *rows])


def _completion(answer: Answer, head: dict[str, Any]) -> dict[str, Any]:
    message = {"role": "assistant", "content": shown(answer), "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {**head, "object": "chat.completion", "choices": [choice], MODEL: to_dict(answer)}


async def _stream(
    first: Event | None, events: AsyncGenerator[Event | None], head: dict[str, Any]
) -> AsyncIterator[str]:
    yield _chunk(head, {"role": "assistant", "content": ""})
    try:
        async with aclosing(events):
            yield _chunks(first, head)
            async for event in events:
                yield _chunks(event, head)
        yield "data: [DONE]\n\n"
    except Exception as error:
        # Clients of this dialect look for an error in the data.
        told = wire.words_of(error)
        body = {"error": {"message": told, "type": "server_error", "code": None}}
        yield f"data: {json.dumps(body)}\n\n"


def _chunks(event: Event | None, head: dict[str, Any]) -> str:
    """An event as pieces of a stream; a comment where there is nothing to say yet."""
    if isinstance(event, EvidenceFound):
        return _chunk(head, {}, evidence=wire.evidence_list(event.evidence))
    if isinstance(event, AnswerReady):
        words = re.findall(r"\s*\S+", shown(event.answer))
        written = "".join(_chunk(head, {"content": word}) for word in words)
        return written + _chunk(head, {}, "stop", **{MODEL: to_dict(event.answer)})
    return ": still at it\n\n"


def _chunk(
    head: dict[str, Any], delta: dict[str, Any], finish: str | None = None, **more: Any
) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    body = {**head, "object": "chat.completion.chunk", "choices": [choice], **more}
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
