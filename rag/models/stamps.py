"""What is known about a weights file by its content: its SHA-256, and whether it loads.

Hashing a gigabyte takes about a second, so the result is kept in `index/state/weights` of the
home, keyed by the file's path and valid while its inode, size and time of change stay the same:
the time that the system keeps (ctime), which no program can set back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rag.home import home

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stamp:
    """`size` in bytes, `changed` in nanoseconds since the epoch, `sha256` in lower-case hex."""

    size: int
    changed: int
    sha256: str
    loads: bool = False
    inode: int = 0


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in lower-case hex, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def stamp(path: Path) -> Stamp:
    """The stamp of a file, from the state folder while the file is unchanged, else computed."""
    path = path.resolve()
    status = path.stat()
    kept = _read(path)
    now = (status.st_size, status.st_ctime_ns, status.st_ino)
    if kept and (kept.size, kept.changed, kept.inode) == now:
        return kept
    sha256 = sha256_of(path)
    loads = kept is not None and kept.loads and kept.sha256 == sha256
    fresh = Stamp(status.st_size, status.st_ctime_ns, sha256, loads, status.st_ino)
    _write(path, fresh)
    return fresh


def mark_as_loading(path: Path) -> None:
    """Remember that the file has been loaded once without harm."""
    _write(path.resolve(), replace(stamp(path), loads=True))


def _place(path: Path) -> Path:
    key = hashlib.sha256(os.fsencode(path)).hexdigest()[:24]
    return home().state / "weights" / f"{key}.json"


def _read(path: Path) -> Stamp | None:
    try:
        return Stamp(**json.loads(_place(path).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, value: Stamp) -> None:
    place = _place(path)
    # A read-only home costs a second at each start, never an answer.
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(asdict(value)), "utf-8")
        draft.replace(place)
