"""MCP over HTTP: the same tools as over stdin and stdout, behind the server's own keys and limits.

Each request stands for itself. There are no sessions, so that the gate sees every call, a restart
breaks no client, and nothing has to be started with the application, which may be part of another.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from rag.server.line import Line
from rag.ui.security import Receive, Scope, Send

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

PATH = "/mcp"


class McpEndpoint:
    """An ASGI application for POST requests. The protocol's library is loaded by the first one."""

    def __init__(self, line: Line, most_bytes: int) -> None:
        self._line = line
        self._most_bytes = most_bytes
        self._server: MCPServer[Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            ExtraMissing: the extra `mcp` is not installed.
        """
        if self._server is None:
            self._server = await run_in_threadpool(_load, self._line)
        from mcp.server.transport_security import TransportSecuritySettings

        whole = await _read_whole(scope, receive)
        self._server.streamable_http_app(
            stateless_http=True,
            max_request_body_size=self._most_bytes,
            # Hosts and origins are the guard's business, which knows the names that are served.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        manager = self._server.session_manager  # of the line above; each can be run but once
        async with manager.run():
            await manager.handle_request(scope, whole, send)


def _load(line: Line) -> MCPServer[Any]:
    from rag.server.mcp_server import build

    return build(line)


async def _read_whole(scope: Scope, receive: Receive) -> Receive:
    """`receive` with the whole body first.

    It is read here because a body that is too large must be refused in this server's words; inside
    the library's tasks the refusal would end as an error of the server.
    """
    body = await Request(scope, receive).body()
    messages: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": body, "more_body": False}
    ]

    async def whole() -> MutableMapping[str, Any]:
        return messages.pop() if messages else await receive()

    return whole
