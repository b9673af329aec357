"""Files that were read, cut and embedded by workers, as rows of Parquet: one row a file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from rag.documents.isolation import receive, send
from rag.errors import ExtraMissing, ReadError
from rag.indexing.passages import Passage, Prepared
from rag.types import SourceFile

Record = dict[str, Any]
"""path, sha256 and settings (str) name it; error (str, "" for none); source and vectors (bytes),
passages (JSON)."""


def record_of(
    path: str,
    sha256: str,
    settings: str,
    source: SourceFile,
    passages: Sequence[Passage],
    vectors: Sequence[bytes],
) -> Record:
    """The row of a file; `vectors` as `pack_vectors` makes them, one for each passage."""
    packed = io.BytesIO()
    send(packed, source)
    rows = [[p.document, p.first, p.last, p.heading, p.body, p.embedded] for p in passages]
    digests = b"".join(p.digest for p in passages)
    return {
        "path": path,
        "sha256": sha256,
        "settings": settings,
        "error": "",
        "source": packed.getvalue(),
        "passages": json.dumps(rows, ensure_ascii=True),
        "digests": digests,
        "vectors": b"".join(vectors),
    }


def record_of_error(path: str, sha256: str, settings: str, error: ReadError) -> Record:
    """The row of a file that could not be read."""
    return {
        "path": path,
        "sha256": sha256,
        "settings": settings,
        "error": error.reason,
        "source": b"",
        "passages": "[]",
        "digests": b"",
        "vectors": b"",
    }


def outcome_of(record: Record) -> Prepared | ReadError:
    """What `record_of` or `record_of_error` was given."""
    if record["error"]:
        return ReadError(f"{record['path']} cannot be read: {record['error']}", record["error"])
    rows, digests, vectors = json.loads(record["passages"]), record["digests"], record["vectors"]
    names = [digests[at : at + 16] for at in range(0, len(digests), 16)]
    width = len(vectors) // max(1, len(rows))
    return Prepared(
        receive(io.BytesIO(record["source"]), trusted=False),
        tuple(Passage(*[*row, name]) for row, name in zip(rows, names, strict=True)),
        {name: vectors[at * width : (at + 1) * width] for at, name in enumerate(names)},
    )


def read_shards(folder: Path, columns: Sequence[str] | None = None) -> Iterator[Record]:
    """All rows of all whole Parquet files below a folder; a file half written is passed by."""
    parquet = _parquet()
    for path in sorted(folder.rglob("*.parquet")):
        try:
            file = parquet.ParquetFile(path)
        except (OSError, ValueError):  # ArrowInvalid: a worker was killed while it wrote
            continue
        with file:
            for batch in file.iter_batches(batch_size=16, columns=columns and list(columns)):
                yield from batch.to_pylist()


def _parquet() -> Any:
    try:
        return import_module("pyarrow.parquet")
    except ImportError as error:
        raise ExtraMissing("ray", "pyarrow") from error
