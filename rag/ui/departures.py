"""Clients that go away in the middle: no fault of the server, and so nothing for its log."""

from __future__ import annotations

import logging

from starlette.requests import ClientDisconnect

_WRITTEN_TO_NOBODY = "socket.send() raised exception."
"""asyncio's warning for each piece of an answer that was already on its way to a closed socket."""


class _NoDeparture(logging.Filter):
    """Lets all pass but the two records that only say that nobody listens any more."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "asyncio":
            return record.msg != _WRITTEN_TO_NOBODY
        raised = record.exc_info[1] if record.exc_info else None
        return not _only_departed(raised)


def _only_departed(raised: BaseException | None) -> bool:
    if isinstance(raised, BaseExceptionGroup):
        return all(map(_only_departed, raised.exceptions))
    return isinstance(raised, ClientDisconnect)


_FILTER = _NoDeparture()


def hush_departures() -> None:
    """Keep departures out of the log of this process from now on; every other record stays.

    A connection that fails elsewhere, to a model server say, is another exception and is told.
    """
    for name in ("asyncio", "uvicorn.error"):
        logging.getLogger(name).addFilter(_FILTER)
