"""A server on a free port of this machine, in a thread of the test's process."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from rag import Assistant
from rag.server.application import create_app
from rag.server.gate import Limits
from rag.server.running import Server, bound


@contextmanager
def serving(
    assistant: Assistant, limits: Limits | None = None, grace: float = 30.0, **options: int
) -> Iterator[str]:
    """The address of a running server over an assistant; it is stopped at the end."""
    app = create_app(assistant, limits or Limits(per_minute=100_000), **options)
    with bound("127.0.0.1", 0) as listener, started(Server(app, grace), listener):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def started(server: uvicorn.Server, listener: socket.socket) -> Iterator[None]:
    """Runs in a thread until the block ends; then it must end within 100 seconds."""
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield
    server.should_exit = True
    thread.join(100)
    assert not thread.is_alive()
