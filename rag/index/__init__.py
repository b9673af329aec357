"""The index: SQLite as the truth, FAISS beside it, words and vectors fused.

Light: faiss is imported when vectors are searched or built.
"""

from rag.index.doctor import Finding, check
from rag.index.maintenance import compact, forget, info, remove, write_setting
from rag.index.planning import Skipped
from rag.index.reader import Index
from rag.index.settings import IndexSettings, PassageSettings
from rag.index.transfer import export, import_file
from rag.index.updating import Progress, UpdateSummary, update

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
    "export",
    "forget",
    "import_file",
    "info",
    "remove",
    "update",
    "write_setting",
]
