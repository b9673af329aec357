"""The one thing that the page needs from the rest of the package."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from rag.errors import RagError
from rag.types import Chrome, Event, Filters, Page, Sentence, StoredDocument

_LOG = logging.getLogger(__name__)
_ASKED_SECONDS = 2.0
"""So soon after a failure a question is told of it, and no other try begins."""
_QUIET_SECONDS, _QUIETEST_SECONDS = 5.0, 60.0
"""So long after the first failure nobody has to ask for another try; doubled with each."""


class ProgressLike(Protocol):
    """How far an update has come, in files."""

    @property
    def done(self) -> int: ...

    @property
    def total(self) -> int: ...


class SkippedLike(Protocol):
    """A file that was left out, with a few words why."""

    @property
    def path(self) -> str: ...

    @property
    def reason(self) -> str: ...


class SummaryLike(Protocol):
    """What an update did, as far as the page shows it."""

    @property
    def skipped(self) -> Sequence[SkippedLike]: ...


class AssistantLike(Protocol):
    """What the page calls. Offsets are into `file_text(path)`."""

    def stream(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Events of one answer, `AnswerReady` last; `history` is (question, answer) pairs."""

    def documents(self) -> Sequence[StoredDocument]: ...

    def file_text(self, path: str) -> str: ...

    def sentences(self, document_identifier: int) -> Sequence[Sentence]: ...

    def chrome(self, path: str) -> Sequence[Chrome]: ...

    def pages(self, path: str) -> Sequence[Page]: ...

    def add(
        self, paths: Sequence[Path], progress: Callable[..., None] | None = None
    ) -> SummaryLike:
        """Index files; `progress` is called with a `ProgressLike` after each one."""

    def remove(self, document: str) -> Any:
        """Take a file out of the index, by its path."""

    def describe(self) -> dict[str, str]: ...


class ConfidenceLike(Protocol):
    """How sure an answer must be."""

    @property
    def threshold(self) -> float: ...


@runtime_checkable
class Adjustable(Protocol):
    """An assistant whose refusals can be made stricter or milder; others show no choice."""

    @property
    def confidence(self) -> ConfidenceLike: ...

    def at_threshold(self, threshold: float) -> AssistantLike:
        """The same index and models, refusing below another confidence."""


@runtime_checkable
class Dated(Protocol):
    """An assistant that tells when its documents are others, whoever changed them."""

    @property
    def generation(self) -> str:
        """Another one whenever files came, went or changed."""


class RunProgressLike(Protocol):
    """How far an evaluation is."""

    @property
    def done(self) -> int: ...

    @property
    def total(self) -> int: ...

    @property
    def remaining_s(self) -> float | None: ...


Evaluate = Callable[[AssistantLike, Callable[[RunProgressLike], None]], str]
"""Does a short evaluation, telling how far it is, and returns the name of its run."""

Source = AssistantLike | Callable[[], AssistantLike]
"""An assistant, or what makes one in a thread behind the page."""


class Holder:
    """An assistant that is loaded in a thread, so that the page is up at once.

    What failed is tried again: a model server may have come up by now, or weights been fetched.
    Any thread may call; several that ask at once share one try.
    """

    def __init__(self, source: Source) -> None:
        self._ended = threading.Condition()
        self._assistant: AssistantLike | None = None
        self._problem: Exception | None = None
        self._factory: Callable[[], AssistantLike] | None = None
        self._trying = False
        self._failures = 0
        self._failed_at = 0.0
        if hasattr(source, "stream"):
            self._assistant = source  # type: ignore[assignment]
        else:
            self._factory = source
            self._begin()

    @property
    def ready(self) -> bool:
        """Whether loading has ended once, well or badly. It stays so while it is tried again."""
        return self._assistant is not None or self._problem is not None

    @property
    def problem(self) -> str | None:
        """Why loading failed last, in words fit for the page; None once it went well."""
        problem = self._problem
        if problem is None:
            return None
        if isinstance(problem, RagError):
            return str(problem)
        return f"The models could not be loaded: {problem}"

    def get(self) -> AssistantLike:
        """Wait for the assistant; where loading failed a while ago, for another try.

        What is only drawn looks at `problem` first, for this may take as long as loading.

        Raises:
            Exception: whatever the factory raised last.
        """
        with self._ended:
            self._begin_if_failed_for(_ASKED_SECONDS)
            self._ended.wait_for(lambda: not self._trying)
            if self._assistant is not None:
                return self._assistant
            assert self._problem is not None  # a try ends with one or the other
            raise self._problem

    def try_again(self) -> None:
        """Begin another try behind the page, where the last failed and some time has passed.

        Five seconds first, twice as long after each failure, up to a minute: this may be called as
        often as anyone likes, and returns at once.
        """
        with self._ended:
            pause = _QUIET_SECONDS * 2.0 ** min(self._failures - 1, 10)
            self._begin_if_failed_for(min(pause, _QUIETEST_SECONDS))

    def _begin_if_failed_for(self, seconds: float) -> None:
        over = time.monotonic() - self._failed_at >= seconds
        if self._problem is not None and not self._trying and over:
            self._begin()

    def _begin(self) -> None:
        self._trying = True
        threading.Thread(target=self._load, daemon=True).start()

    def _load(self) -> None:
        assistant: AssistantLike | None = None
        problem: Exception | None = RagError("The assistant's factory returned nothing.")
        try:
            assert self._factory is not None
            assistant = self._factory()
        except Exception as raised:
            problem = raised
            if str(raised) != str(self._problem):  # once, however often it is tried
                _LOG.warning("the assistant could not be loaded: %s", raised)
        finally:
            with self._ended:
                # What was wrong stays said until it is right: a page may be drawn at any moment.
                self._assistant = assistant
                self._problem = None if assistant is not None else problem
                self._failures += assistant is None
                self._failed_at = time.monotonic()
                self._trying = False
                self._ended.notify_all()
