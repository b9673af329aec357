"""The one thing that the servers need from the rest of the package."""

from __future__ import annotations

from typing import Protocol

from rag.types.searching import Searchable
from rag.ui.seam import AssistantLike


class Answering(AssistantLike, Searchable, Protocol):
    """What the page asks of an assistant, and a search without a model."""
