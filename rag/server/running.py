"""Running the application until it is interrupted."""

from __future__ import annotations

import math
import socket

import uvicorn
from fastapi import FastAPI

from rag.server.application import create_app
from rag.server.gate import KEYS_VARIABLE, Limits
from rag.server.line import MOST_WAITING, Line
from rag.ui.departures import hush_departures
from rag.ui.listening import GRACE_SECONDS, bound, names_of
from rag.ui.seam import Source


class Server(uvicorn.Server):
    """Lets the answer at hand end when it is stopped, and tells those who wait."""

    def __init__(self, app: FastAPI, grace: float = GRACE_SECONDS) -> None:
        config = uvicorn.Config(
            app, log_level="warning", server_header=False,
            timeout_graceful_shutdown=math.ceil(grace) + 1,
        )  # fmt: skip
        super().__init__(config)
        hush_departures()  # after uvicorn has set up its log
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
    unlocked = "" if limits.keys else f" and asks for no key (set {KEYS_VARIABLE} or --keys)"
    names = names_of(host, unlocked)
    with bound(host, port) as listener:
        app = create_app(source, limits, hosts=names, most_waiting=most_waiting)
        try:
            Server(app).run(sockets=[listener])
        finally:
            app.state.line.close()  # the models must not be freed under the answer at hand
