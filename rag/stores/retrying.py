"""Trying again while a server restarts, and saying plainly when it stays away."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from rag.errors import StoreUnreachable

Value = TypeVar("Value")

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0


class Away(Exception):
    """The server cannot answer now, but may later."""


def retrying(action: Callable[[], Value], patience: float, where: str) -> Value:
    """What `action` returns, tried again on `Away` until `patience` seconds are over.

    Raises:
        StoreUnreachable: it stayed away.
    """
    deadline = time.monotonic() + patience
    pause = _FIRST_PAUSE
    while True:
        try:
            return action()
        except Away as error:
            if time.monotonic() + pause > deadline:
                raise StoreUnreachable(
                    f"The vector store {where} has not answered for {patience:.0f} s ({error}). "
                    "Nothing is lost: the index folder holds every vector. Start the server and "
                    "run the same command again, or go on without it: rag index --store local"
                ) from error
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
