"""One answer at a time; a bounded number of questions wait, the rest is told when to come back."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass

from rag.errors import Busy, QuestionError, Stopping
from rag.server.seam import Answering
from rag.types import Answer, AnswerReady, Event, Filters

MOST_WAITING = 8
_FIRST_GUESS_SECONDS = 10.0
_POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Question:
    """What one request asks. `history` is (question, answer) pairs, oldest first."""

    text: str
    history: Sequence[tuple[str, str]] = ()
    filters: Filters | None = None


class Line:
    """Questions in the order they came. `assistant` is called when one is needed: it may load."""

    def __init__(
        self, assistant: Callable[[], Answering], *, most_waiting: int = MOST_WAITING
    ) -> None:
        self.assistant = assistant
        self._most_waiting = most_waiting
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")
        self._lock = threading.Lock()
        self._inside = 0
        self._seconds = _FIRST_GUESS_SECONDS
        self._stopping = False
        self._cut = threading.Event()
        self._writing = threading.Event()  # what stops the answer at hand

    @property
    def inside(self) -> int:
        """Questions being answered or waiting."""
        return self._inside

    def submit(
        self,
        question: Question,
        *,
        hear: Callable[[Event], None] = lambda event: None,
        stop: threading.Event | None = None,
    ) -> Future[Answer]:
        """Stand in line. `hear` gets each event in the worker's thread; `stop` ends the writing.

        The future raises what `Assistant.stream` raises.

        Raises:
            Busy: as many wait as may.
            Stopping: the server is being stopped.
        """
        with self._lock:
            if self._stopping:
                raise Stopping
            if self._inside > self._most_waiting:
                raise Busy(self._inside, math.ceil(self._seconds * self._inside))
            self._inside += 1
            future = self._worker.submit(self._answer, question, hear, stop)
        future.add_done_callback(self._leave)
        return future

    async def answer(self, question: Question, gone: Callable[[], Awaitable[bool]]) -> Answer:
        """The answer alone; see `events`."""
        async with aclosing(self.events(question, gone)) as events:
            async for event in events:
                if isinstance(event, AnswerReady):
                    return event.answer
        raise QuestionError("The answer was stopped before it was complete.")

    async def events(
        self, question: Question, gone: Callable[[], Awaitable[bool]]
    ) -> AsyncGenerator[Event | None]:
        """The events of an answer, and None now and then while nothing happens.

        Ends early when `gone` says that nobody listens; the model then stops at its next token.
        """
        loop = asyncio.get_running_loop()
        heard: asyncio.Queue[Event | None] = asyncio.Queue()
        stop = threading.Event()

        def hear(event: Event | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(heard.put_nowait, event)

        future = self.submit(question, hear=hear, stop=stop)
        future.add_done_callback(lambda _: hear(None))
        try:
            while True:
                try:
                    async with asyncio.timeout(_POLL_SECONDS):
                        event = await heard.get()
                except TimeoutError:
                    if await gone():
                        return
                    yield None
                    continue
                if event is None:
                    break
                yield event
            try:
                future.result()
            except CancelledError:
                raise Stopping from None
        finally:
            stop.set()
            future.cancel()

    def stop(self, grace: float) -> None:
        """Take no more, send those that wait away, and stop the answer at hand after `grace` s."""
        with self._lock:
            self._stopping = True
        cut = threading.Timer(grace, self._cut_short)
        cut.daemon = True
        cut.start()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Wait for the answer that is being written, and take no more."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _cut_short(self) -> None:
        self._cut.set()
        self._writing.set()

    def _answer(
        self, question: Question, hear: Callable[[Event], None], stop: threading.Event | None
    ) -> Answer:
        began = time.monotonic()
        self._writing = stop = stop or threading.Event()
        events = self.assistant().stream(question.text, question.history, question.filters, stop)
        for event in events:
            if self._cut.is_set():
                raise Stopping  # never half an answer as if it were whole
            hear(event)
            if isinstance(event, AnswerReady):
                self._seconds = time.monotonic() - began
                return event.answer
        raise QuestionError("The answer was stopped before it was complete.")

    def _leave(self, _: Future[Answer]) -> None:
        with self._lock:
            self._inside -= 1
