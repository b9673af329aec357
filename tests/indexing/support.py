"""Small real parts for the seams: a deterministic embedder, a reader of line-by-line files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from rag.documents import read
from rag.errors import ReadError
from rag.types import Chrome, Document, FloatMatrix, Page, Sentence, SourceFile

SUBJECTS = [
    "probe",
    "reactor",
    "tariff",
    "satellite",
    "harbour",
    "ministry",
    "alloy",
    "radar",
    "quota",
    "glacier",
]
VERBS = ["reached", "passed", "lost", "tested", "doubled", "delayed", "approved", "measured"]
PLACES = ["Lagos", "Tromso", "Quito", "Hanoi", "Perth", "Almaty", "Porto", "Accra"]


class HashingEmbedder:
    """Bag of hashed words, signed, unit length. Counts what it was asked to encode."""

    def __init__(self, dimension: int = 64, fingerprint: str = "hashing@1") -> None:
        self.fingerprint = fingerprint
        self.dimension = dimension
        self.max_tokens = 64
        self.encoded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        self.encoded.extend(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split():
                number = int.from_bytes(hashlib.md5(word.encode()).digest()[:8], "big")
                row[number % self.dimension] += 1.0 if number >> 63 else -1.0
            if not row.any():
                row[0] = 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class ForgetfulEmbedder(HashingEmbedder):
    """For long runs: what was encoded is not kept, or memory would grow with every question."""

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        rows = super().encode(texts)
        self.encoded.clear()
        return rows


def read_lines(path: Path) -> SourceFile:
    """Each line a sentence. "# title | date | outlet | language" opens a document, "## x" a section,
    "-- x" is chrome, a form feed ends a page."""
    raw = path.read_bytes()
    if b"\0" in raw:
        raise ReadError(f"{path} is binary", "binary")
    text = raw.decode()
    documents: list[Document] = []
    chrome: list[Chrome] = []
    header: list[str] = [path.stem]
    sentences: list[Sentence] = []
    section: str | None = None
    began = at = 0

    def close(end: int) -> None:
        if not sentences:
            return
        fields = [*header, "", "", ""]
        documents.append(
            Document(
                title=fields[0],
                start=began,
                end=end,
                sentences=tuple(sentences),
                published=fields[1] or None,
                outlet=fields[2] or None,
                language=fields[3] or "en",
            )
        )
        sentences.clear()

    for line in text.splitlines(keepends=True):
        body = line.strip()
        end = at + len(line.rstrip())
        if body.startswith("# "):
            close(at)
            header, section, began = [part.strip() for part in body[2:].split("|")], None, at
        elif body.startswith("## "):
            section = body[3:]
        elif body.startswith("-- "):
            chrome.append(Chrome(at, end, "running head"))
            sentences.append(Sentence(at, end, 0, section))
        elif body:
            sentences.append(Sentence(at, end, 0, section))
        at += len(line)
    close(len(text))
    marks = [0, *(i + 1 for i, c in enumerate(text) if c == "\f"), len(text)]
    pages = tuple(Page(n, a, b) for n, (a, b) in enumerate(pairwise(marks), 1))
    digest = hashlib.sha256(raw).hexdigest()
    return SourceFile(str(path), digest, "lines", text, tuple(documents), tuple(chrome), pages)


def reader(paths: Sequence[Path], workers: int) -> Iterator[tuple[Path, SourceFile | ReadError]]:
    for path in paths:
        try:
            yield path, read_lines(path)
        except ReadError as error:
            yield path, error


def read_here(paths: Sequence[Path], workers: int) -> Iterator[tuple[Path, SourceFile | ReadError]]:
    """Read in this process: what a child process adds is tested with the documents."""
    for path in paths:
        try:
            yield path, read(path)
        except ReadError as error:
            yield path, error


def article(number: int, lines: int = 4, version: int = 0) -> str:
    """A made-up article; another number or version gives other sentences."""
    rows = [f"# Report {number} | 2021-{number % 12 + 1:02d}-05 | Desk {number % 3}"]
    for line in range(lines):
        pick = number * 7 + line * 3 + version * 5
        rows.append(
            f"The {SUBJECTS[pick % 10]} near {PLACES[(pick // 3) % 8]} {VERBS[(pick // 2) % 8]} "
            f"{pick + 10}.{line} units in case {number}-{line}-{version}."
        )
    return "\n".join(rows) + "\n"


def write_corpus(folder: Path, count: int, lines: int = 4) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"report_{number:03d}.txt"
        path.write_text(article(number, lines))
        paths.append(path)
    return paths
