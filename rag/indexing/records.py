"""Python records to bytes and back: what the blobs of the database hold."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from rag.types import Attribution, Chrome, FloatMatrix, Page, Sentence, StoredDocument

DOCUMENT_COLUMNS = (
    "d.id, f.path, f.sha256, f.format, d.title, d.author, d.outlet, d.published, d.url, "
    'd.language, d.start, d."end"'
)
"""Columns of `documents d JOIN files f`, in the order of StoredDocument's fields."""


def pack_text(text: str) -> bytes:
    """UTF-8, deflated. Lone surrogates survive."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def unpack_text(blob: bytes) -> str:
    """The text that `pack_text` was given."""
    return zlib.decompress(blob).decode("utf-8", "surrogatepass")


def pack_pages(pages: Sequence[Page]) -> bytes:
    """[[number, start, end], ...] as deflated JSON."""
    return _pack([[p.number, p.start, p.end] for p in pages])


def unpack_pages(blob: bytes) -> tuple[Page, ...]:
    """The pages that `pack_pages` was given."""
    return tuple(Page(*row) for row in _unpack(blob))


def pack_chrome(chrome: Sequence[Chrome]) -> bytes:
    """[[start, end, kind], ...] as deflated JSON."""
    return _pack([[c.start, c.end, c.kind] for c in chrome])


def unpack_chrome(blob: bytes) -> tuple[Chrome, ...]:
    """The chrome that `pack_chrome` was given."""
    return tuple(Chrome(*row) for row in _unpack(blob))


def pack_sentences(sentences: Sequence[Sentence]) -> bytes:
    """{"sections": [...], "sentences": [[start, end, paragraph, section, attributions], ...]}.

    A section is kept once and named by its place in the list; deflated JSON.
    """
    sections = list(dict.fromkeys(s.section for s in sentences))
    place = {section: at for at, section in enumerate(sections)}
    rows = [
        [
            s.start,
            s.end,
            s.paragraph,
            place[s.section],
            [[a.text, a.source, a.date, a.start, a.end] for a in s.attributions],
        ]
        for s in sentences
    ]
    return _pack({"sections": sections, "sentences": rows})


def unpack_sentences(blob: bytes) -> tuple[Sentence, ...]:
    """The sentences that `pack_sentences` was given."""
    data = _unpack(blob)
    sections = data["sections"]
    return tuple(
        Sentence(start, end, paragraph, sections[section], tuple(Attribution(*a) for a in given))
        for start, end, paragraph, section, given in data["sentences"]
    )


def pack_vectors(vectors: FloatMatrix) -> list[bytes]:
    """Each row as little-endian float16."""
    return [row.tobytes() for row in vectors.astype("<f2")]


def unpack_vectors(blobs: Sequence[bytes], dimension: int) -> FloatMatrix:
    """float32 (n, dimension), rounded to half precision, in the order given."""
    halves = np.frombuffer(b"".join(blobs), dtype="<f2").reshape(len(blobs), dimension)
    return halves.astype(np.float32)


def stored_document(row: Sequence[Any]) -> StoredDocument:
    """The document of a row of DOCUMENT_COLUMNS."""
    return StoredDocument(*row)


def all_documents(connection: sqlite3.Connection) -> list[StoredDocument]:
    """Every document, ordered by path and place in the file."""
    rows = connection.execute(
        f"SELECT {DOCUMENT_COLUMNS} FROM documents d JOIN files f ON f.id = d.file "
        "ORDER BY f.path, d.ordinal"
    )
    return [stored_document(row) for row in rows]


def _pack(data: object) -> bytes:
    return pack_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _unpack(blob: bytes) -> Any:
    return json.loads(unpack_text(blob))
