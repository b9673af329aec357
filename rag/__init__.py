"""Questions about your own documents, answered with quotes that are really in them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.answering.assistant import Assistant as Assistant
    from rag.answering.serialise import from_dict as from_dict
    from rag.answering.serialise import to_dict as to_dict
    from rag.api import ask as ask
    from rag.api import evaluate as evaluate
    from rag.api import index as index
    from rag.errors import RagError as RagError
    from rag.types import Answer as Answer
    from rag.types import Citation as Citation
    from rag.types import Filters as Filters
    from rag.types import to_records as to_records

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Filters",
    "RagError",
    "ask",
    "evaluate",
    "from_dict",
    "index",
    "to_dict",
    "to_records",
]

_HOMES = {
    "Answer": "rag.types",
    "Assistant": "rag.answering.assistant",
    "Citation": "rag.types",
    "Filters": "rag.types",
    "RagError": "rag.errors",
    "ask": "rag.api",
    "evaluate": "rag.api",
    "from_dict": "rag.answering.serialise",
    "index": "rag.api",
    "to_dict": "rag.answering.serialise",
    "to_records": "rag.types",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `import rag` itself loads nothing heavy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
