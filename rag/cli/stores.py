"""`rag index --store`, `rag index copy FROM TO`, `rag index --workers ray`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.documents import index_folder
from rag.cli.output import Line, bar, say
from rag.errors import UsageError
from rag.home import home

if TYPE_CHECKING:
    from rag.indexing import UpdateSummary

RAY = "ray"


def path_or_address(text: str) -> Path | str:
    """A path, or an address as it is: a Path would take a slash from it."""
    return text if "://" in text else Path(text)


def workers(text: str) -> int | str:
    """A number of processes of this machine, "ray", or the address of a Ray cluster."""
    if text.isdecimal() and int(text) > 0:
        return int(text)
    if text == RAY or ":" in text:
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no number above 0, no address, and not 'ray'")


def is_copy(paths: Sequence[Path | str]) -> bool:
    """Whether the words after `rag index` are "copy FROM TO". A folder so named is ./copy."""
    return len(paths) == 3 and paths[0] == Path("copy")


def copy_index(paths: Sequence[Path | str]) -> int:
    """`rag index copy FROM TO`."""
    from rag.indexing import copy

    count = copy(str(paths[1]), str(paths[2]))
    say(f"Copied {count} passages from {paths[1]} to {paths[2]}.")
    return 0


def use_store(options: argparse.Namespace) -> int:
    """`rag index --store URL|local`; an index that is not there yet is begun."""
    from rag.indexing import update
    from rag.indexing import use_store as use
    from rag.indexing.database import database_path
    from rag.models.loading import as_embedder

    directory, line = index_folder(options), Line()
    if options.paths and not database_path(directory).exists():
        # So that a large index is never built for this machine first.
        update(directory, [], as_embedder(options.embedder, home()))

    def told(done: int, total: int) -> None:
        line.show(f"{bar(done, total)} {done}/{total} passages sent")

    count = use(directory, options.store, told)
    line.end()
    say(f"{count} passages are searched through {options.store}.")
    return 0


def update_on_ray(options: argparse.Namespace) -> UpdateSummary:
    """`rag index --workers ray|ADDRESS PATH...`."""
    from rag.distributed import update
    from rag.models.loading import as_embedder

    if options.watch:
        raise UsageError("--watch and --workers ray do not go together: use a number of workers.")
    return update(
        index_folder(options),
        options.paths,
        partial(as_embedder, options.embedder, home()),
        address=None if options.workers == RAY else options.workers,
        shards=options.shards,
        prune=options.prune,
        rebuild=options.rebuild,
    )
