"""Files to documents: readers, articles, chrome, dates, attributions, sentences.

Light: the readers' libraries are imported when a file of their format is read.
"""

from rag.documents.dates import complete
from rag.documents.fold import fold
from rag.documents.inspect import inspect_json, inspect_text
from rag.documents.partial import unread
from rag.documents.reading import read, structure

EXTRACTOR_VERSION = 9
"""Raised whenever the same file would be read otherwise: an index of another version is stale."""

__all__ = [
    "EXTRACTOR_VERSION",
    "complete",
    "fold",
    "inspect_json",
    "inspect_text",
    "read",
    "structure",
    "unread",
]
