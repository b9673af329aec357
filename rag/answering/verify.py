"""Hold quotes against the original files again: nothing of the index is trusted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.documents.fold import fold
from rag.errors import RagError
from rag.types import Citation


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one quote. `problem` is None when it stands where it is said to stand."""

    answer: str
    citation: Citation
    problem: str | None


def verify(
    citations: Sequence[tuple[str, Citation]], read_text: Callable[[Path], str]
) -> list[Verdict]:
    """Re-read each file, extract its text again and compare hash, offsets and characters.

    `read_text` extracts a file's text as indexing does. A file is read once.
    """
    files: dict[str, tuple[str | None, str]] = {}
    verdicts = []
    for answer, citation in citations:
        if citation.document not in files:
            files[citation.document] = _load(citation.document, read_text)
        verdicts.append(Verdict(answer, citation, _problem(citation, *files[citation.document])))
    return verdicts


def _load(document: str, read_text: Callable[[Path], str]) -> tuple[str | None, str]:
    """The text and the hash, or None and what went wrong. A device could be read without end."""
    path = Path(document)
    try:
        if "\0" in document or (path.exists() and not path.is_file()):
            return None, "the file cannot be opened (it is no regular file)"
        with path.open("rb") as file:
            text = read_text(path)  # first: it refuses what is too large to be read to its end
            return text, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return None, f"the file cannot be opened ({error.strerror})"
    except RagError as error:
        return None, f"the file cannot be read ({error})"


def _problem(citation: Citation, text: str | None, sha256: str) -> str | None:
    if text is None:
        return sha256
    there = fold(text[citation.start : citation.end])
    same_file = sha256 == citation.file_sha256
    if there == citation.quote:
        return (
            None
            if same_file
            else (
                f"the file has changed since (SHA-256 {sha256[:12]}..., was "
                f"{citation.file_sha256[:12]}...), though the quote still stands. Run: rag index"
            )
        )
    if not same_file:
        return f"the file has changed since, and there now stands {there[:80]!r}. Run: rag index"
    if citation.quote in fold(text):
        return (
            "the quote is in the file but not at its offsets: the text is extracted differently "
            "now, or the offsets were altered. Run: rag index --rebuild"
        )
    return f"the file does not say this; at {citation.start}:{citation.end} stands {there[:80]!r}"
