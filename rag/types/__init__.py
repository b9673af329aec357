"""The shared nouns: immutable records and the seams between rooms. Imports nothing of ours.

Every `start` and `end` is a character offset (Unicode code points, half open) into
`SourceFile.text`, the extracted text of the whole file. For plain text that is the decoded file
itself, but for the rows of tables, so anyone can re-check a quote with a text editor.
"""

from __future__ import annotations

from rag.types.answers import (
    Answer,
    AnswerReady,
    CheckResult,
    Checks,
    Citation,
    Conflict,
    Event,
    Evidence,
    EvidenceFound,
    EvidenceJudged,
    Provenance,
    Reason,
    Stage,
    State,
    Statement,
    Timings,
    TokenWritten,
)
from rag.types.display import to_records
from rag.types.documents import (
    Attribution,
    Chrome,
    Document,
    Filters,
    Forgotten,
    Hit,
    Page,
    Sentence,
    SourceFile,
    StoredDocument,
)
from rag.types.seams import (
    Embedder,
    FloatMatrix,
    Generator,
    IntArray,
    Message,
    QueryEmbedder,
    Token,
)

__all__ = [
    "Answer",
    "AnswerReady",
    "Attribution",
    "CheckResult",
    "Checks",
    "Chrome",
    "Citation",
    "Conflict",
    "Document",
    "Embedder",
    "Event",
    "Evidence",
    "EvidenceFound",
    "EvidenceJudged",
    "Filters",
    "FloatMatrix",
    "Forgotten",
    "Generator",
    "Hit",
    "IntArray",
    "Message",
    "Page",
    "Provenance",
    "QueryEmbedder",
    "Reason",
    "Sentence",
    "SourceFile",
    "Stage",
    "State",
    "Statement",
    "StoredDocument",
    "Timings",
    "Token",
    "TokenWritten",
    "to_records",
]
