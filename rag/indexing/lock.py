"""One writer at a time, across processes."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexLocked

LOCK_NAME = "writer.lock"
_POLL_SECONDS = 0.05


@contextmanager
def writer_lock(directory: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the index's writer lock, which the system releases when the process ends.

    Raises:
        IndexLocked: another process held it for all of `wait` seconds; the message names its pid.
    """
    handle = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _acquire(handle, directory, time.monotonic() + wait)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, directory: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 20, 0).decode(errors="replace").strip() or "unknown"
                raise IndexLocked(
                    f"Another process (pid {holder}) is writing the index in {directory}. "
                    "Wait until it has finished, then run the command again."
                ) from None
            time.sleep(_POLL_SECONDS)
