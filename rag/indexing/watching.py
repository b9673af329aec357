"""Keep an index in step with folders until told to stop, by looking at them again and again.

Looking is a `stat` of each file. The system's notices would be quicker, and are not given for
network drives, are limited in number and can be lost; an index need not follow within milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from rag.errors import InputError, RagError
from rag.indexing.database import open_reader, translated
from rag.indexing.planning import stored_hash
from rag.indexing.settings import PassageSettings
from rag.indexing.sources import FileReader, absolute, discover_files, is_gone, read_files
from rag.indexing.updating import Progress, UpdateSummary, update
from rag.types import Embedder

_WAIT_FOR_WRITER = 60.0
_PATIENCE = 10
"""After an error the next look is so many times later: a full disk does not empty in a second."""

State = dict[Path, tuple[int, int, int]]
"""What tells a file's versions apart: time of change in nanoseconds, size, inode."""


class _Stopped(Exception):
    """Raised between two files of an update."""


def watch(
    directory: Path,
    paths: Sequence[Path],
    embedder: Embedder,
    *,
    stop: threading.Event,
    report: Callable[[UpdateSummary | RagError], None],
    interval: float = 1.0,
    workers: int = 1,
    progress: Callable[[Progress], None] | None = None,
    passages: PassageSettings | None = None,
    reader: FileReader = read_files,
) -> None:
    """Update the index, then follow every change of the files until `stop` is set.

    A file is read once it looked the same twice, `interval` seconds apart, so that none is read
    half written. What is gone is taken out, unless all of a folder is gone at once, as when a
    drive is taken away. `report` gets each update's summary and each error once; an error is
    tried again later. Stopping waits for the file at hand.

    Raises:
        RagError: the first update fails, as `rag.indexing.update` tells.
    """
    directory, roots = Path(directory), [absolute(Path(path)) for path in paths]

    def step(changed: Sequence[Path]) -> UpdateSummary:
        return update(directory, changed, embedder, prune=True, workers=workers,
                      wait=_WAIT_FOR_WRITER, progress=tell, passages=passages,
                      reader=reader)  # fmt: skip

    def tell(now: Progress) -> None:
        if progress is not None:
            progress(now)
        if stop.is_set():
            raise _Stopped

    try:
        known = _look(roots, directory)
        report(step(roots))
        _follow(directory, roots, known, step, stop, report, interval)
    except _Stopped:
        return


def _follow(
    directory: Path,
    roots: Sequence[Path],
    known: State,
    step: Callable[[Sequence[Path]], UpdateSummary],
    stop: threading.Event,
    report: Callable[[UpdateSummary | RagError], None],
    interval: float,
) -> None:
    last, told = known, ""
    while not stop.wait(_PATIENCE * interval if told else interval):
        try:
            now = _look(roots, directory)
            _require_present(roots, known, now)
            changed = [p for p in {*known, *now} if known.get(p) != now.get(p) == last.get(p)]
            last = now
            if changed:
                if worth := _worth_a_step(directory, sorted(changed)):
                    report(step(worth))
                known = {p: s for p, s in {**known, **_of(now, changed)}.items() if p in now}
            told = ""
        except RagError as error:
            if str(error) != told:
                report(error)
            told = str(error)


def _look(roots: Sequence[Path], directory: Path) -> State:
    found: State = {}
    for path in discover_files(roots, absolute(directory))[0]:
        try:
            status = path.stat()
        except OSError:
            continue  # gone since it was listed
        found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def _require_present(roots: Sequence[Path], known: State, now: State) -> None:
    for root in roots:
        below = [path for path in known if root in path.parents]
        if len(below) > 1 and not any(root in path.parents for path in now):
            raise InputError(
                f"All {len(below)} files in {root} are gone at once. Nothing is taken out of the "
                f"index. If that is meant, stop and run: rag index --prune {root}"
            )


def _worth_a_step(directory: Path, changed: Sequence[Path]) -> list[Path]:
    """Without files that are gone and were never stored, as those that cannot be read."""
    with translated(directory), closing(open_reader(directory)) as connection:
        return [p for p in changed if not is_gone(p) or stored_hash(connection, p) is not None]


def _of(now: State, paths: Sequence[Path]) -> State:
    return {path: now[path] for path in paths if path in now}
