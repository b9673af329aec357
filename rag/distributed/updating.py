"""An update whose files are read and embedded by a cluster; this machine alone writes the index."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.distributed.shards import outcome_of, read_shards
from rag.distributed.workers import MakeEmbedder, run
from rag.errors import ReadError
from rag.indexing import UpdateSummary
from rag.indexing import update as update_index
from rag.indexing.database import read_settings
from rag.indexing.maintenance import SHARDS
from rag.indexing.sources import Outcome, absolute, sha256_of

_NAMES = ("path", "sha256", "settings")


def update(
    directory: Path,
    paths: Sequence[Path],
    make: MakeEmbedder,
    *,
    address: str | None = None,
    shards: Path | None = None,
    **options: Any,
) -> UpdateSummary:
    """As `rag.indexing.update`, with the work of reading and embedding done by Ray.

    Every machine of the cluster must see the files under the same paths, and the folder `shards`
    (that of the index when None). The workers write Parquet files into a folder of this index's
    own inside it. An update that was broken off goes on from those that are there; that folder is
    deleted when all is in the index.
    `options` are those of `rag.indexing.update`, but for `reader` and `workers`.

    Raises:
        ExtraMissing: ray is not installed.
        IndexFault: the cluster cannot be reached, or gave up.
        Else as `rag.indexing.update`.
    """
    folder = shards_folder(absolute(Path(directory)), shards)
    reader = _ShardReader(Path(directory), folder, make, address)
    summary = update_index(directory, paths, make(), reader=reader, **options)
    shutil.rmtree(folder, ignore_errors=True)
    return summary


def shards_folder(directory: Path, shards: Path | None) -> Path:
    """Where the shards of the index in `directory` go; nobody else's files are in it."""
    if shards is None:
        return directory / SHARDS
    name = hashlib.sha256(str(directory).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return absolute(Path(shards)) / f"{SHARDS}-{name}"


class _ShardReader:
    """Implements `FileReader`: has the cluster prepare what no shard holds, then reads them all."""

    def __init__(
        self, directory: Path, folder: Path, make: MakeEmbedder, address: str | None
    ) -> None:
        self._directory = directory
        self._folder = folder
        self._make = make
        self._address = address

    def __call__(self, paths: Sequence[Path], workers: int) -> Iterator[tuple[Path, Outcome]]:
        if not paths:
            return
        settings = read_settings(self._directory)
        wanted = {(str(path), sha256_of(path) or "", settings.fingerprint) for path in paths}
        done = {_name(record) for record in read_shards(self._folder, _NAMES)}
        left = sorted(path for path, *rest in wanted if (path, *rest) not in done)
        if left:
            self._folder.mkdir(parents=True, exist_ok=True)
            run(left, self._make, settings, self._folder, self._address)
        for record in read_shards(self._folder):
            # A worker that was lost after it had written leaves the same file twice.
            if (name := _name(record)) in wanted:
                wanted.remove(name)
                yield Path(record["path"]), outcome_of(record)
        for path, *_ in sorted(wanted):
            yield Path(path), ReadError(f"{path} changed while it was read.", "changed meanwhile")


def _name(record: dict[str, Any]) -> tuple[str, str, str]:
    return record["path"], record["sha256"], record["settings"]
