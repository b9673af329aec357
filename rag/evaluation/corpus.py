"""The documents a set is about: their texts, sentences, and places in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePath

from rag.documents.fold import HAN, fold
from rag.errors import EvaluationError
from rag.evaluation.measures.spans import Span
from rag.types import SourceFile

Reader = Callable[[Path], SourceFile]
_WHITE = re.compile(r"\s+")
_HAN = re.compile(f"[{HAN}]")


class Corpus:
    """A folder of documents, each read once. Documents are named by their path below the folder."""

    def __init__(self, folder: Path | str, read: Reader | None = None) -> None:
        """`read` turns a path into a SourceFile; by default that of `rag.documents`.

        Raises:
            EvaluationError: there is no such folder.
        """
        self.folder = Path(folder).resolve()
        if not self.folder.is_dir():
            raise EvaluationError(f"No corpus folder {folder}. Give its place with --corpus.")
        self._read = read
        self._files: dict[str, SourceFile] = {}

    def documents(self) -> list[str]:
        """All files below the folder, sorted; hidden ones left out."""
        paths = [path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file()]
        return sorted(p.as_posix() for p in paths if not any(x.startswith(".") for x in p.parts))

    def file(self, document: str) -> SourceFile:
        """The file as read.

        Raises:
            EvaluationError: there is no such document below the folder.
            ReadError: it cannot be read.
        """
        if document not in self._files:
            path = (self.folder / document).resolve()
            if not path.is_relative_to(self.folder) or not path.is_file():
                raise EvaluationError(f"No document {document!r} in {self.folder}.")
            self._files[document] = self._reader()(path)
        return self._files[document]

    def text(self, document: str) -> str:
        """The extracted text, into which all offsets count."""
        return self.file(document).text

    def name(self, path: str) -> str:
        """The document's name for a path as an answer gives it, absolute or not.

        A path outside the folder keeps its own name, and so can match no gold span.
        """
        given = PurePath(path)
        if given.is_absolute():
            resolved = Path(path).resolve()
            if resolved.is_relative_to(self.folder):
                return resolved.relative_to(self.folder).as_posix()
        elif (self.folder / given).is_file():
            return given.as_posix()
        endings = ["/".join(given.parts[place:]) for place in range(1, len(given.parts))]
        return next((e for e in endings if (self.folder / e).is_file()), given.as_posix())

    def sentence(self, span: Span) -> Span:
        """The span widened to whole sentences; itself where no sentence touches it."""
        touching = [
            sentence
            for document in self.file(span.document).documents
            for sentence in document.sentences
            if sentence.start < span.end and span.start < sentence.end
        ]
        starts = [span.start, *(sentence.start for sentence in touching)]
        ends = [span.end, *(sentence.end for sentence in touching)]
        return Span(span.document, min(starts), max(ends))

    def _reader(self) -> Reader:
        if self._read is None:
            from rag import documents

            reader: Reader = documents.read
            self._read = reader
        return self._read


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """`fold(text)` and, for each of its characters, the offset it came from."""
    pieces: list[str] = []
    offsets: list[int] = []
    place = 0
    for gap in [*_WHITE.finditer(text), None]:
        start, end = gap.span() if gap else (len(text), len(text))
        pieces.append(text[place:start])
        offsets.extend(range(place, start))
        inside = start > 0 and end < len(text)
        if inside and not (_HAN.match(text, start - 1) and _HAN.match(text, end)):
            pieces.append(" ")
            offsets.append(start)
        place = end
    return "".join(pieces), offsets


def find_all(text: str, quote: str) -> list[tuple[int, int]]:
    """Every place [start, end) whose folded text is the folded quote, in order."""
    wanted = fold(quote)
    if not wanted:
        return []
    folded, offsets = fold_with_map(text)
    places: list[tuple[int, int]] = []
    at = folded.find(wanted)
    while at >= 0:
        places.append((offsets[at], offsets[at + len(wanted) - 1] + 1))
        at = folded.find(wanted, at + 1)
    return places
