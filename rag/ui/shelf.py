"""The list of documents as the page shows it: read once, and again when the library changes."""

from __future__ import annotations

import logging
import threading
from typing import NamedTuple

from rag.errors import RagError
from rag.types import StoredDocument
from rag.ui.seam import AssistantLike, Dated, Holder

_LOG = logging.getLogger(__name__)


class _Kept(NamedTuple):
    changes: int
    generation: str | None
    documents: tuple[StoredDocument, ...]


class Shelf:
    """Keeps the list, because a page asks for it many times a second. Any thread may call."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder
        self._lock = threading.Lock()
        self._changes = 0
        self._kept: _Kept | None = None

    def documents(self) -> tuple[StoredDocument, ...]:
        """All documents; none while models load or when the list cannot be read."""
        if not self._holder.ready or self._holder.problem is not None:
            return ()
        # The count and the generation are read before the list: one that changes meanwhile is
        # kept under the number of what it was, and so read again.
        kept, changes = self._kept, self._changes
        if kept is not None and kept.changes == changes:
            return kept.documents
        try:
            assistant = self._holder.get()
            kept = _Kept(changes, _generation(assistant), tuple(assistant.documents()))
        except RagError as problem:
            _LOG.warning("the list of documents cannot be read: %s", problem)
            return ()
        self._kept = kept
        return kept.documents

    def changed(self) -> None:
        """Read the list again when it is next needed."""
        with self._lock:
            self._changes += 1

    def catch_up(self) -> None:
        """The same, if another process has changed the index since the list was read.

        Waits for a search that is going on: not for what is drawn many times a second.
        """
        kept = self._kept
        if kept is None:
            return
        try:
            if _generation(self._holder.get()) != kept.generation:
                self.changed()
        except RagError as problem:
            _LOG.warning("whether the index has changed cannot be read: %s", problem)


def _generation(assistant: AssistantLike) -> str | None:
    return assistant.generation if isinstance(assistant, Dated) else None
