"""Fetch, verify and find weights on this machine. What counts is a file's SHA-256."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import FetchError, ModelBroken, ModelNotFound
from rag.home import Home
from rag.models import catalogue, stamps
from rag.models.catalogue import Entry, PackageSpec, Role, WeightFile
from rag.models.sources import Source, SourceUnavailable, draft, sources_of

_SPARE_BYTES = 200_000_000
"""Room for one part of a download beside the joined file."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes present of all bytes of a model; bytes per second and seconds left when known."""

    name: str
    done: int
    total: int
    rate: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class FileCheck:
    """One file against the catalogue; `found` is its SHA-256 or None when there is no file."""

    path: Path
    expected: str
    found: str | None

    @property
    def ok(self) -> bool:
        return self.found == self.expected


class _Meter:
    """Turns the bytes reported by a source into `Progress`."""

    def __init__(self, entry: Entry, have: int, progress: Callable[[Progress], None]) -> None:
        self._entry, self._progress = entry, progress
        self._have = self._start = have
        self._began = time.monotonic()

    def __call__(self, count: int) -> None:
        self._have += count
        elapsed = time.monotonic() - self._began
        rate = (self._have - self._start) / elapsed if elapsed > 0.5 else None
        left = max(0, self._entry.bytes - self._have)
        self._progress(
            Progress(
                self._entry.name,
                min(self._have, self._entry.bytes),
                self._entry.bytes,
                rate,
                left / rate if rate else None,
            )
        )


def fetch(
    entry: Entry,
    home: Home,
    progress: Callable[[Progress], None] = lambda _: None,
    sources: Sequence[Source] | None = None,
) -> Path:
    """Bring a model's files into `home.models`; the folder they are in. Present ones are kept.

    Broken off at any instant, the next call goes on where this one was. Two processes may call it
    at once: the second waits and finds the work done.

    Raises:
        FetchError: not enough room, or no source served the right bytes; says why for each.
    """
    folder = folder_of(entry, home)
    _make(folder)
    with _locked(home.models / f".{entry.name}.lock"):
        missing = [file for file in entry.files if not _is_good(folder, file)]
        if not missing:
            return folder
        _check_room(entry, missing, folder)
        reasons = []
        for source in sources if sources is not None else sources_of(entry):
            have = entry.bytes - sum(file.bytes for file in missing)
            served = False
            try:
                source.obtain(entry, missing, folder, _Meter(entry, have, progress))
                served = True
            except SourceUnavailable as reason:
                reasons.append(f"{source.name}: {reason}")
            except OSError as error:
                raise FetchError(f"{entry.name} cannot be written to {folder}: {error}") from error
            reasons += [f"{source.name}: {reason}" for reason in _settle(folder, missing, served)]
            missing = [file for file in missing if not (folder / file.name).is_file()]
            if not missing:
                return folder
    raise FetchError(
        f"No source could serve {entry.name}. {'; '.join(reasons)}. "
        f"Put {entry.files[0].name} into a folder, then run: "
        f"RAG_WEIGHTS=FOLDER rag models fetch {entry.name}"
    )


def verify(entry: Entry, home: Home) -> list[FileCheck]:
    """Read every file of a model again and compare its SHA-256 with the catalogue's."""
    folder = folder_of(entry, home)
    return [
        FileCheck(path, file.sha256, stamps.sha256_of(path) if path.is_file() else None)
        for file in entry.files
        for path in (folder / file.name,)
    ]


def folder_of(entry: Entry, home: Home) -> Path:
    """Where a model's files are or would be."""
    return home.models / entry.name


def is_present(entry: Entry, home: Home) -> bool:
    """Whether all files are there in the right size; `verify` reads them."""
    folder = folder_of(entry, home)
    return all(_size(folder / file.name) == file.bytes for file in entry.files)


def path(name: str, home: Home) -> Path:
    """The file (generator) or folder (embedder) of a model of the catalogue.

    Each file's SHA-256 is compared with the catalogue's; see `stamps` for when it is read again.

    Raises:
        ModelNotFound: no such name, or not fetched yet.
        ModelBroken: a file is not the one of the catalogue.
    """
    entry = catalogue.find(name)
    if not is_present(entry, home):
        raise ModelNotFound(
            f"{entry.name} is not in {home.models}. Run: rag models fetch {entry.name}"
        )
    folder = folder_of(entry, home)
    for file in entry.files:
        found = stamps.stamp(folder / file.name).sha256
        if found != file.sha256:
            raise ModelBroken(
                f"{folder / file.name} has SHA-256 {found}, expected {file.sha256}. "
                f"Run: rag models fetch {entry.name}"
            )
    return place_of(entry, home)


def place_of(entry: Entry, home: Home) -> Path:
    """The file (generator) or folder (embedder) of a model, whether it is there or not."""
    folder = folder_of(entry, home)
    return folder if entry.role == "embedder" else folder / entry.files[0].name


def resolve_generator(name_or_path: str | Path | None, home: Home) -> Path:
    """The GGUF file of a catalogue name, of a path, or of the default when None.

    Raises:
        ModelNotFound: neither a name nor a file, or not fetched yet.
    """
    return _resolve(name_or_path, "generator", home)


def resolve_embedder(name_or_path: str | Path | None, home: Home) -> Path:
    """The sentence-transformers folder of a catalogue name, of a path, or of the default when None.

    Raises:
        ModelNotFound: neither a name nor a folder, or not fetched yet.
    """
    return _resolve(name_or_path, "embedder", home)


def _resolve(name_or_path: str | Path | None, role: Role, home: Home) -> Path:
    if name_or_path is None:
        return path(catalogue.default(role).name, home)
    known = {entry.name.casefold(): entry for entry in catalogue.load()}
    entry = known.get(str(name_or_path).casefold())
    if entry is not None and entry.role == role:
        return path(entry.name, home)
    given = Path(name_or_path).expanduser()
    if given.is_dir() if role == "embedder" else given.is_file():
        return given
    names = ", ".join(e.name for e in known.values() if e.role == role)
    kind = "a sentence-transformers folder" if role == "embedder" else "a GGUF file"
    raise ModelNotFound(
        f"{str(name_or_path)!r} is neither {kind} nor a {role} of the catalogue ({names}). "
        f"Run: rag models fetch {catalogue.default(role).name}"
    )


def _is_good(folder: Path, file: WeightFile) -> bool:
    place = folder / file.name
    return _size(place) == file.bytes and stamps.stamp(place).sha256 == file.sha256


def _size(place: Path) -> int | None:
    return place.stat().st_size if place.is_file() else None


def _settle(folder: Path, files: Sequence[WeightFile], served: bool) -> Iterator[str]:
    """Give each draft its name if its hash is right, else delete it and say so.

    A draft that is still short is kept when its source broke off (not `served`): it will go on.
    """
    for file in files:
        place = draft(folder, file.name)
        size = _size(place)
        if size is None or (size < file.bytes and not served):
            continue
        found = stamps.sha256_of(place)
        place.with_suffix(".parts").unlink(missing_ok=True)
        if found == file.sha256:
            place.replace(folder / file.name)
        else:
            place.unlink()
            yield f"{file.name} had SHA-256 {found}, expected {file.sha256}: deleted"


def _check_room(entry: Entry, missing: Sequence[WeightFile], folder: Path) -> None:
    have = sum(_size(draft(folder, file.name)) or 0 for file in missing)
    copies = 2 if any(isinstance(s, PackageSpec) and s.archive for s in entry.sources) else 1
    needed = copies * sum(file.bytes for file in missing) - have + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise FetchError(
            f"{entry.name} needs {needed / 1e6:.0f} MB in {folder}, free are {free / 1e6:.0f} MB. "
            f"Make room, or set RAG_HOME to a folder on a larger disk."
        )


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FetchError(f"{folder} cannot be made: {error}. Set RAG_HOME elsewhere.") from error


@contextlib.contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Hold a lock that ends with this process, however it ends."""
    import fcntl

    handle = os.open(place, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def require_good(entry: Entry, home: Home) -> None:
    """Raise ModelBroken naming each file that is missing or differs from the catalogue."""
    bad = [check for check in verify(entry, home) if not check.ok]
    if bad:
        names = ", ".join(f"{c.path} ({c.found or 'missing'}, expected {c.expected})" for c in bad)
        raise ModelBroken(f"{names}. Delete it and run: rag models fetch {entry.name}")
