"""`rag index`."""

from __future__ import annotations

import argparse
import json
import time

from rag.cli.documents import index_folder
from rag.cli.output import Line, bar, put, say
from rag.errors import UsageError
from rag.home import home


def index(options: argparse.Namespace) -> int:
    """Bring the index in step with files, or tidy, describe, export or import it."""
    from rag.indexing import compact, export, import_file, info

    directory = index_folder(options)
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
    from rag.indexing import Progress, update
    from rag.models.loading import as_embedder

    embedder = as_embedder(options.embedder, home())
    line, started = Line(), time.perf_counter()

    def progress(now: Progress) -> None:
        left = (time.perf_counter() - started) / max(1, now.done) * (now.total - now.done)
        line.show(f"{bar(now.done, now.total)} {now.done}/{now.total} files, "
                  f"{now.passages} passages, {left:.0f} s left")  # fmt: skip

    done = update(
        index_folder(options),
        options.paths,
        embedder,
        prune=options.prune,
        rebuild=options.rebuild,
        workers=options.workers,
        progress=progress,
    )
    line.end()
    for skipped in done.skipped:
        say(f"skipped {skipped.path}: {skipped.reason}")
    counts = ", ".join(
        f"{count} {name}"
        for name, count in (
            ("new", done.new), ("changed", done.changed), ("unchanged", done.unchanged),
            ("moved", done.moved), ("removed", done.removed), ("skipped", len(done.skipped)),
        )
        if count
    )  # fmt: skip
    say(f"Files: {counts or 'none'}. New: {done.documents} documents, {done.passages} passages, "
        f"in {done.seconds:.1f} s.")  # fmt: skip
    nothing = not (done.new or done.changed or done.unchanged or done.moved or done.removed)
    return 1 if nothing else 0
