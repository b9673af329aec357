"""Running the application until it is interrupted."""

from __future__ import annotations

import logging
import math
import socket

import uvicorn
from fastapi import FastAPI

from rag.errors import UsageError
from rag.server.application import create_app
from rag.server.gate import KEYS_VARIABLE, Limits
from rag.server.line import MOST_WAITING, Line
from rag.ui.seam import Source
from rag.ui.security import is_loopback

_LOG = logging.getLogger(__name__)
GRACE_SECONDS = 8.0
"""For the answer at hand when the server is stopped: containers are killed after ten."""


class Server(uvicorn.Server):
    """Lets the answer at hand end when it is stopped, and tells those who wait."""

    def __init__(self, app: FastAPI, grace: float = GRACE_SECONDS) -> None:
        config = uvicorn.Config(
            app, log_level="warning", server_header=False,
            timeout_graceful_shutdown=math.ceil(grace) + 1,
        )  # fmt: skip
        super().__init__(config)
        self._line: Line = app.state.line
        self._grace = grace

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._line.stop(self._grace)
        await super().shutdown(sockets)


def serve(
    source: Source, *, host: str, port: int, limits: Limits, most_waiting: int = MOST_WAITING
) -> None:
    """Serve until interrupted: by Ctrl-C or SIGTERM, after which the answer at hand may end.

    Raises:
        UsageError: the port is taken or the host cannot be bound.
    """
    if not is_loopback(host):
        _LOG.warning(
            "The server on %s can be reached from other machines%s, in plain HTTP. "
            "Use 127.0.0.1 to keep it here.",
            host,
            "" if limits.keys else f" and asks for no key (set {KEYS_VARIABLE} or --keys)",
        )
    listener = bound(host, port)
    names = {"localhost", host} if is_loopback(host) else {"localhost", host, socket.gethostname()}
    app = create_app(source, limits, hosts=names, most_waiting=most_waiting)
    with listener:
        try:
            Server(app).run(sockets=[listener])
        finally:
            app.state.line.close()  # the models must not be freed under the answer at hand


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to that address; port 0 takes a free one. Raises UsageError."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as problem:
        listener.close()
        raise UsageError(
            f"Nothing can be served on {host}:{port}: {problem.strerror}. "
            "Choose another one with --port."
        ) from problem
    return listener
