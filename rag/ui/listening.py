"""Where the page and the server listen, and what they wait for when they are stopped."""

from __future__ import annotations

import logging
import socket
from typing import Protocol

from rag.errors import UsageError
from rag.ui.security import is_loopback

_LOG = logging.getLogger(__name__)
GRACE_SECONDS = 8.0
"""For the answer at hand when a program is stopped: containers are killed after ten."""


class Answers(Protocol):
    """Questions being answered, which a program that is stopped lets end."""

    @property
    def inside(self) -> int:
        """How many there are, those that wait included."""

    def stop(self, grace: float) -> None:
        """Take no more, and cut what is at hand short after `grace` seconds."""


def bound(host: str, port: int) -> socket.socket:
    """A socket bound to that address; port 0 takes a free one. Raises UsageError."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as problem:  # the latter for a port that is none
        listener.close()
        why = getattr(problem, "strerror", None) or problem
        raise UsageError(
            f"Nothing can be served on {host}:{port}: {why}. Choose another one with --port."
        ) from problem
    return listener


def names_of(host: str, unlocked: str) -> frozenset[str]:
    """The names a program on that host answers to; warns when other machines can reach it.

    `unlocked` is what the warning adds: how anyone who reaches it may ask.
    """
    if is_loopback(host):
        return frozenset({"localhost", host})
    _LOG.warning(
        "%s can be reached from other machines%s, in plain HTTP. Use 127.0.0.1 to keep it here.",
        host,
        unlocked,
    )
    return frozenset({"localhost", host, socket.gethostname()})


def address(host: str, port: int) -> str:
    """What to type into a browser."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
