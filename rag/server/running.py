"""Running the application until it is interrupted."""

from __future__ import annotations

import logging
import socket

import uvicorn

from rag.errors import UsageError
from rag.server.application import create_app
from rag.server.gate import KEYS_VARIABLE, Limits
from rag.server.line import MOST_WAITING
from rag.ui.seam import Source
from rag.ui.security import is_loopback

_LOG = logging.getLogger(__name__)


def serve(
    source: Source, *, host: str, port: int, limits: Limits, most_waiting: int = MOST_WAITING
) -> None:
    """Serve until interrupted.

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
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, timeout_graceful_shutdown=2
    )
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


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
