"""What runs on Ray: actors that hold the embedder. The only importer of ray."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from rag.distributed.shards import Record, record_of, record_of_error
from rag.documents.isolation import read_all
from rag.errors import ExtraMissing, IndexFault, IndexMismatch, ReadError
from rag.indexing.passages import prepare
from rag.indexing.records import pack_vectors
from rag.indexing.settings import IndexSettings
from rag.indexing.sources import sha256_of
from rag.types import Embedder

MakeEmbedder = Callable[[], Embedder]
"""Called once in each actor; the weights must be there under the same name or path."""
FILES_AT_A_TIME = 8
_CPUS_OF_AN_ACTOR = 0.5
"""Half a processor is booked for each actor, so that the tasks that write find room beside it."""


class Preparer:
    """An actor: reads files, cuts them into passages and embeds these."""

    def __init__(self, make: MakeEmbedder, settings: IndexSettings) -> None:
        """Load the model.

        Raises:
            IndexMismatch: this machine's model is not the index's.
        """
        self._embedder = make()
        self._settings = settings
        if self._embedder.fingerprint != settings.embedder:
            raise IndexMismatch(
                f"A worker has the embedder {self._embedder.fingerprint!r}, the index "
                f"{settings.embedder!r}. Run on every machine: rag models fetch"
            )

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """Columns in, columns out, as Ray Data wants: {"path": [...]} to those of `Record`."""
        paths = [str(path) for path in batch["path"]]
        records = self.records(paths)
        return {name: [record[name] for record in records] for name in records[0]}

    def records(self, paths: Sequence[str]) -> list[Record]:
        """One row for each file, those that cannot be read included."""
        named = self._settings.fingerprint
        found = []
        for path, outcome in read_all([Path(path) for path in paths]):
            if isinstance(outcome, ReadError):
                sha256 = sha256_of(path) or ""
                found.append(record_of_error(str(path), sha256, named, outcome))
                continue
            source, passages = prepare(str(path), outcome, self._embedder, self._settings)
            texts = [passage.embedded for passage in passages]
            vectors = pack_vectors(self._embedder.encode(texts)) if texts else []
            found.append(record_of(str(path), source.sha256, named, source, passages, vectors))
        return found


def run(
    paths: Sequence[str],
    make: MakeEmbedder,
    settings: IndexSettings,
    folder: Path,
    address: str | None,
) -> None:
    """Prepare files on a Ray cluster and write them as Parquet files into `folder`.

    `address` is that of a cluster ("HOST:PORT", "ray://HOST:PORT"); None starts Ray on this
    machine, or joins the cluster that RAY_ADDRESS names.

    Raises:
        ExtraMissing: ray is not installed.
        IndexFault: the cluster cannot be reached, or gave up; what was written can be used.
    """
    ray = _ray()
    try:
        _join(ray, address)
        _pipeline(ray, paths, make, settings, folder)
    except (ray.exceptions.RayError, ConnectionError, RuntimeError, ValueError) as error:
        raise IndexFault(
            f"The Ray workers failed: {_first_line(error)}. What they had done is kept; mend the "
            "cluster (ray status), then run the same command again, which goes on from there."
        ) from error
    finally:
        ray.shutdown()


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        ray = import_module("ray")
        import_module("ray.data")
    except ImportError as error:
        raise ExtraMissing("ray", "ray[data]") from error
    return ray


def _join(ray: Any, address: str | None) -> None:
    here = {} if address or os.environ.get("RAY_ADDRESS") else {"include_dashboard": False}
    ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **here)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False


def _pipeline(
    ray: Any, paths: Sequence[str], make: MakeEmbedder, settings: IndexSettings, folder: Path
) -> None:
    actors = max(1, int(ray.cluster_resources().get("CPU", 1)))
    # Small blocks: what a lost machine had in hand is little, and is done again elsewhere.
    blocks = max(1, min(len(paths), -(-len(paths) // FILES_AT_A_TIME)))
    files = ray.data.from_items([{"path": path} for path in paths], override_num_blocks=blocks)
    prepared = files.map_batches(
        Preparer,
        fn_constructor_args=(make, settings),
        batch_size=FILES_AT_A_TIME,
        concurrency=(1, actors),
        num_cpus=_CPUS_OF_AN_ACTOR,
    )
    prepared.write_parquet(str(folder))


def _first_line(error: BaseException) -> str:
    lines = [line for line in str(error).strip().splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else type(error).__name__
