"""The application: routes behind the gate, errors in one shape, alone or beside the page."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route

import rag
from rag.errors import (
    Busy,
    ExtraMissing,
    IndexFault,
    InputError,
    ModelError,
    RagError,
    Stopping,
    UsageError,
)
from rag.server import mcp_http, wire
from rag.server.chat_completions import ChatCompletions
from rag.server.gate import Gate, Limits, error_response
from rag.server.line import MOST_WAITING, Line
from rag.server.routes import Routes
from rag.server.seam import Answering
from rag.ui.seam import Holder, Source
from rag.ui.security import Guard

PATHS = (
    "/ask", "/ask_stream", "/search", "/documents", "/documents/{identifier}", "/health",
    "/v1/models", "/v1/chat/completions", mcp_http.PATH, "/openapi.json",
)  # fmt: skip


def build(
    holder: Holder, limits: Limits | None = None, *, most_waiting: int = MOST_WAITING
) -> FastAPI:
    """The application without the guard against foreign hosts and pages; see `create_app`."""
    line = Line(lambda: cast(Answering, holder.get()), most_waiting=most_waiting)
    limits = limits or Limits()
    app = FastAPI(
        title="Sourcebound",
        version=rag.__version__,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        middleware=[Middleware(Gate, limits=limits)],
    )
    app.include_router(Routes(line, holder).router())
    app.include_router(ChatCompletions(line).router())
    mcp = mcp_http.McpEndpoint(line, limits.most_bytes)
    app.router.routes.append(Route(mcp_http.PATH, endpoint=mcp, methods=["POST"]))
    app.add_exception_handler(RagError, _rag_error)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _fault)
    app.state.line = line
    return app


def create_app(
    source: Source,
    limits: Limits | None = None,
    *,
    hosts: Iterable[str] = ("localhost",),
    most_waiting: int = MOST_WAITING,
) -> FastAPI:
    """The application that `rag serve` runs. `hosts` are the names it answers to, besides plain
    addresses; a request from a page of another site is refused.
    """
    app = build(Holder(source), limits, most_waiting=most_waiting)
    app.add_middleware(Guard, hosts=frozenset(hosts))
    return app


def attach(app: FastAPI, holder: Holder, limits: Limits | None = None) -> None:
    """Add the routes to another application, which must guard itself: the page's extension."""
    own = build(holder, limits)
    if hasattr(app.state, "answers"):
        app.state.answers.append(own.state.line)
    app.router.routes.extend(Route(path, endpoint=own) for path in PATHS)


def _rag_error(_: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Busy):
        wait = {"Retry-After": str(max(1, math.ceil(error.retry_after)))}
        return error_response(503, str(error), "busy", wait)
    if isinstance(error, Stopping):
        return error_response(503, str(error), "stopping")
    if isinstance(error, ExtraMissing):
        return error_response(501, str(error), type(error).__name__)
    asked_wrong = isinstance(error, InputError | UsageError)
    missing = isinstance(error, ModelError | IndexFault)
    status = 400 if asked_wrong else 503 if missing else 500
    return error_response(status, str(error), type(error).__name__)


def _fault(_: Request, error: Exception) -> JSONResponse:
    return error_response(500, wire.FAULT)  # the error goes on to the server's log


def _not_valid(_: Request, error: Exception) -> JSONResponse:
    problems: list[dict[str, Any]] = list(cast(RequestValidationError, error).errors())
    words = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problems)
    return error_response(422, words)


def _http_error(_: Request, error: Exception) -> JSONResponse:
    found = cast(HTTPException, error)
    return error_response(
        found.status_code, str(found.detail), headers=dict(found.headers or {}) or None
    )
