"""Ctrl-C that ends what is being done and not the program."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def until_interrupted() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, so that a model stops at its next token and is fit to go on.

    A second Ctrl-C raises KeyboardInterrupt as usual, for what does not hear the first. In a thread
    other than the main one, where no signal arrives, nothing sets the event.
    """
    stop = threading.Event()

    def heard(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    usual = signal.signal(signal.SIGINT, heard)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if usual is None else usual)
