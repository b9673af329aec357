"""The plain routes: ask, search, list and read documents, health."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

import rag
from rag.answering.serialise import to_dict
from rag.server import wire
from rag.server.line import Line
from rag.server.requests import ERRORS, AskRequest, SearchRequest, also_as, filters_of
from rag.types import Event
from rag.ui.seam import Holder


class Routes:
    """Answers to requests over one line of questions."""

    def __init__(self, line: Line, holder: Holder) -> None:
        self._line = line
        self._holder = holder

    def router(self) -> APIRouter:
        router = APIRouter(responses=ERRORS)
        for path, method, route in (
            ("/ask", "POST", self.ask),
            ("/ask_stream", "POST", self.ask_stream),
            ("/search", "POST", self.search),
            ("/documents", "GET", self.documents),
            ("/documents/{identifier}", "GET", self.document),
            ("/health", "GET", self.health),
        ):
            # No model of the reply: the answer object is the contract, and it goes out unchanged.
            more = also_as("application/x-ndjson") if route == self.ask_stream else None
            router.add_api_route(path, route, methods=[method], response_model=None, responses=more)
        return router

    async def ask(self, body: AskRequest, request: Request) -> dict[str, Any]:
        """One answer, complete and checked."""
        return to_dict(await self._line.answer(body.asked(), request.is_disconnected))

    async def ask_stream(self, body: AskRequest, request: Request) -> StreamingResponse:
        """Events as lines of JSON: stage, evidence, judged, token (a draft), the answer last."""
        events = self._line.events(body.asked(), request.is_disconnected)
        first = await anext(events, None)  # here, a full line is still a status of its own

        async def lines() -> AsyncIterator[str]:
            try:
                async with aclosing(events):
                    yield _json_line(first)
                    async for event in events:
                        yield _json_line(event)
            except Exception as error:
                told = {"message": wire.words_of(error)}
                yield json.dumps({"event": "error", "error": told}) + "\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    def search(self, body: SearchRequest) -> dict[str, Any]:
        """Passages, best first; no model is asked."""
        found = wire.search(
            self._line.assistant(), body.query, body.limit, filters_of(body.filters)
        )
        return {"passages": found}

    def documents(self) -> dict[str, Any]:
        """Every indexed document."""
        listed = self._line.assistant().documents()
        return {"documents": [wire.document_dict(each) for each in listed]}

    def document(
        self, identifier: int, start: int | None = Query(default=None, ge=0)
    ) -> dict[str, Any]:
        """A document's text, in pieces of at most 20,000 characters."""
        return wire.read_document(self._line.assistant(), identifier, start)

    def health(self) -> dict[str, Any]:
        """Whether questions can be asked, and how many are being answered or wait."""
        state = "loading"
        if self._holder.ready:
            state = "ok" if self._holder.problem is None else "failed"
        return {"status": state, "inside": self._line.inside, "version": rag.__version__}


def _json_line(event: Event | None) -> str:
    """A line of JSON; an empty one, which readers skip, shows that the server is still there."""
    return "\n" if event is None else json.dumps(wire.event_dict(event), ensure_ascii=False) + "\n"
