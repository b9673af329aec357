"""What an index was built with. Anything here that changes makes stored rows incomparable."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib import import_module

from rag.errors import IndexMismatch
from rag.types import Embedder

FORMAT_VERSION = 2
"""The SQLite tables. Raised when a table changes; see index/README.md for the rule."""
PREFIX_VERSION = 1
"""The line put before a passage when it is embedded."""
LEXICAL_VERSION = 2
"""The terms that `rag.indexing.terms` makes of a text."""

REMEDY = "Run: rag index --rebuild PATH..., or name another folder with --index DIR."


@dataclass(frozen=True, slots=True)
class PassageSettings:
    """Lengths in tokens of the embedder; `overlap` in sentences repeated from the one before."""

    target_tokens: int = 150
    overlap: int = 0


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """All that must be equal for two embeddings or two term lists to be comparable.

    `window` is the embedder's in tokens; `extractor` names the version of `rag.documents`.
    """

    embedder: str
    dimension: int
    window: int
    target_tokens: int
    overlap: int
    extractor: str
    prefix_version: int = PREFIX_VERSION
    lexical_version: int = LEXICAL_VERSION
    format_version: int = FORMAT_VERSION

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that name these settings."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:12]

    def to_json(self) -> str:
        """One line, keys sorted, so that equal settings give equal text."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> IndexSettings:
        """Raises TypeError or ValueError when the text is not what `to_json` wrote."""
        return cls(**json.loads(text))


def extractor_version() -> str:
    """The version that `rag.documents` gives its extraction, "1" when it gives none."""
    return str(getattr(import_module("rag.documents"), "EXTRACTOR_VERSION", "1"))


def settings_for(embedder: Embedder, passages: PassageSettings) -> IndexSettings:
    """The settings of an index built now with this embedder."""
    return IndexSettings(
        embedder=embedder.fingerprint,
        dimension=embedder.dimension,
        window=embedder.max_tokens,
        target_tokens=passages.target_tokens,
        overlap=passages.overlap,
        extractor=extractor_version(),
    )


def require_current(stored: IndexSettings, embedder: Embedder | None, where: str) -> None:
    """Compare with what this program and this embedder would build.

    Raises:
        IndexMismatch: names each setting that differs, stored and wanted, and the command.
    """
    wanted = {
        "extractor": extractor_version(),
        "prefix_version": PREFIX_VERSION,
        "lexical_version": LEXICAL_VERSION,
        "format_version": FORMAT_VERSION,
    }
    if embedder is not None:
        wanted |= {
            "embedder": embedder.fingerprint,
            "dimension": embedder.dimension,
            "window": embedder.max_tokens,
        }
    built = asdict(stored)
    differing = [
        f"{name} {built[name]!r} in the index, {value!r} now"
        for name, value in sorted(wanted.items())
        if built[name] != value
    ]
    if differing:
        raise IndexMismatch(
            f"The index in {where} has other settings: {'; '.join(differing)}. {REMEDY}"
        )
