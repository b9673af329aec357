"""The one thing that the page needs from the rest of the package."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from rag.errors import RagError
from rag.types import Chrome, Event, Filters, Page, Sentence, StoredDocument


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
    """An assistant that may still be loading in a thread, so that the page is up at once."""

    def __init__(self, source: Source) -> None:
        self._ready = threading.Event()
        self._assistant: AssistantLike | None = None
        self._problem: Exception | None = None
        if hasattr(source, "stream"):
            self._assistant = source  # type: ignore[assignment]
            self._ready.set()
        else:
            threading.Thread(target=self._load, args=(source,), daemon=True).start()

    def _load(self, factory: Callable[[], AssistantLike]) -> None:
        try:
            self._assistant = factory()
        except Exception as problem:
            self._problem = problem
        finally:
            self._ready.set()

    @property
    def ready(self) -> bool:
        """Whether loading has ended, well or badly."""
        return self._ready.is_set()

    @property
    def problem(self) -> str | None:
        """Why loading failed, in words fit for the page."""
        if self._problem is None:
            return None
        if isinstance(self._problem, RagError):
            return str(self._problem)
        return f"The models could not be loaded: {self._problem}"

    def get(self) -> AssistantLike:
        """Wait for the assistant.

        Raises:
            Exception: whatever the factory raised.
        """
        self._ready.wait()
        if self._problem is not None:
            raise self._problem
        if self._assistant is None:
            raise RagError("The assistant's factory returned nothing.")
        return self._assistant
