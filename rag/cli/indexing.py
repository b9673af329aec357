"""`rag index`."""

from __future__ import annotations

import argparse
import json
import signal
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.cli import stores
from rag.cli.documents import index_folder
from rag.cli.output import Line, bar, put, say
from rag.errors import RagError, UsageError
from rag.home import home
from rag.types import Embedder

if TYPE_CHECKING:
    from rag.indexing import Progress, UpdateSummary


def index(options: argparse.Namespace) -> int:
    """Bring the index in step with files, or tidy, describe, export or import it."""
    from rag.indexing import compact, export, import_file, info

    directory = index_folder(options)
    if stores.is_copy(options.paths):
        return stores.copy_index(options.paths)
    if options.store:
        stores.use_store(options)
        if not (options.paths or options.rebuild):
            return 0
    if options.export:
        say(f"Wrote generation {export(directory, options.export)} to {options.export}.")
    elif options.import_file:
        say(f"Imported generation {import_file(options.import_file, directory)}.")
    elif options.info:
        put(json.dumps(info(directory), ensure_ascii=False, indent=2))
    elif options.compact:
        compact(directory)
        say("Compacted.")
    elif options.paths or options.rebuild:
        return _update(options)
    else:
        raise UsageError("Name files or folders to index: rag index PATH...")
    return 0


def _update(options: argparse.Namespace) -> int:
    from rag.indexing import update
    from rag.models.loading import as_embedder

    if isinstance(options.workers, str):
        return _tell(stores.update_on_ray(options))
    embedder = as_embedder(options.embedder, home())
    if options.watch:
        return _watch(options, embedder)
    line = Line()
    done = update(
        index_folder(options),
        options.paths,
        embedder,
        prune=options.prune,
        rebuild=options.rebuild,
        workers=options.workers,
        progress=_shown_on(line),
    )
    line.end()
    return _tell(done)


def _watch(options: argparse.Namespace, embedder: Embedder) -> int:
    from rag.indexing import watch

    if options.rebuild:
        raise UsageError("--watch and --rebuild do not go together: rebuild first, then watch.")
    line, stop = Line(), threading.Event()
    usual = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def end(number: int, _: object) -> None:
        stop.set()
        # The second signal ends the process as usual, should the file at hand take too long.
        signal.signal(number, usual[signal.Signals(number)])

    for number in usual:
        signal.signal(number, end)

    def report(what: UpdateSummary | RagError) -> None:
        line.end()
        if isinstance(what, RagError):
            say(f"rag: {what}")
        else:
            _tell(what)

    say("Watching; stop with Ctrl-C.")
    watch(
        index_folder(options),
        options.paths,
        embedder,
        stop=stop,
        report=report,
        workers=options.workers,
        progress=_shown_on(line),
    )
    line.end()
    say("Stopped; the index is whole.")
    return 0


def _shown_on(line: Line) -> Callable[[Progress], None]:
    started = time.perf_counter()

    def show(now: Progress) -> None:
        left = (time.perf_counter() - started) / max(1, now.done) * (now.total - now.done)
        line.show(f"{bar(now.done, now.total)} {now.done}/{now.total} files, "
                  f"{now.passages} passages, {left:.0f} s left")  # fmt: skip

    return show


def _tell(done: UpdateSummary) -> int:
    """Say what was done; 1 when there was nothing to do it with."""
    for skipped in done.skipped:
        say(f"skipped {skipped.path}: {skipped.reason}")
    for warned in done.warned:
        say(f"warning {warned.path}: {warned.reason}")
    counts = ", ".join(
        f"{count} {name}"
        for name, count in (
            ("new", done.new), ("changed", done.changed), ("unchanged", done.unchanged),
            ("moved", done.moved), ("removed", done.removed), ("skipped", len(done.skipped)),
            ("read in part", len(done.warned)),
        )
        if count
    )  # fmt: skip
    say(f"Files: {counts or 'none'}. New: {done.documents} documents, {done.passages} passages, "
        f"in {done.seconds:.1f} s.")  # fmt: skip
    nothing = not (done.new or done.changed or done.unchanged or done.moved or done.removed)
    return 1 if nothing else 0
