"""The index: SQLite as the truth, FAISS or a vector store beside it, words and vectors fused.

Light: faiss is imported when vectors are searched or built.
"""

from rag.indexing.attaching import copy, use_store
from rag.indexing.doctor import Finding, check
from rag.indexing.maintenance import compact, forget, info, remove, write_setting
from rag.indexing.planning import Skipped
from rag.indexing.reader import Index
from rag.indexing.settings import IndexSettings, PassageSettings
from rag.indexing.transfer import export, import_file
from rag.indexing.updating import Progress, UpdateSummary, update
from rag.indexing.watching import watch

__all__ = [
    "Finding",
    "Index",
    "IndexSettings",
    "PassageSettings",
    "Progress",
    "Skipped",
    "UpdateSummary",
    "check",
    "compact",
    "copy",
    "export",
    "forget",
    "import_file",
    "info",
    "remove",
    "update",
    "use_store",
    "watch",
    "write_setting",
]
