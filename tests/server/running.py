"""A server on a free port of this machine, in a thread of the test's process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

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
    with bound("127.0.0.1", 0) as listener:
        server = Server(app, grace)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()
