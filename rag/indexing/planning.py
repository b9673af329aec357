"""What an update has to do, found out from paths and hashes before anything is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.indexing.sources import discover_files, is_gone, sha256_of


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out, with a few words why."""

    path: str
    reason: str


@dataclass(slots=True)
class Plan:
    """`moves` are (old path, new path) of equal content and name; `gone` are to be taken out.

    `renamed` maps paths among `reads` to the ones that held their content under another name: the
    name tells how a file is read, and is the title where it has no other.
    """

    unchanged: int = 0
    moves: list[tuple[str, str]] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    reads: list[Path] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def plan_update(
    connection: sqlite3.Connection, roots: Sequence[Path], prune: bool, directory: Path
) -> Plan:
    """Compare the files below `roots`, but for the index's own folder, with the stored ones.

    Asks the database only for the files that are met, so that adding one to a large index is as
    quick as to a small one; `prune` goes through all.

    Raises:
        InputError: a root is not there (with `prune`, a stored one may be gone).
    """
    present = [
        root for root in roots if not (prune and is_gone(root) and stored_hash(connection, root))
    ]
    plan = Plan()
    files, passed_by = discover_files(present, directory)
    plan.skipped += [Skipped(_readable(path), reason) for path, reason in passed_by]
    moved: set[str] = set()
    for path in files:
        sha256 = sha256_of(path)
        stored = stored_hash(connection, path)
        if sha256 is None:
            plan.skipped.append(Skipped(str(path), "cannot be opened"))
        elif stored == sha256:
            plan.unchanged += 1
        elif stored is None and (old := _left(connection, sha256, moved)) is not None:
            moved.add(old)
            if Path(old).name == path.name:
                plan.moves.append((old, str(path)))
            else:
                plan.renamed[str(path)] = old
                plan.reads.append(path)
        else:
            plan.reads.append(path)
    if prune:
        plan.gone = [
            path
            for (path,) in connection.execute("SELECT path FROM files ORDER BY path")
            if path not in moved and _below(Path(path), roots) and is_gone(Path(path))
        ]
    return plan


def _readable(path: Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode()


def stored_hash(connection: sqlite3.Connection, path: Path) -> str | None:
    """The SHA-256 that the index holds of a file; None when it holds no such file."""
    row = connection.execute("SELECT sha256 FROM files WHERE path = ?", (str(path),)).fetchone()
    return None if row is None else str(row[0])


def _left(connection: sqlite3.Connection, sha256: str, taken: set[str]) -> str | None:
    """A path that held this content and is no longer there."""
    rows = connection.execute("SELECT path FROM files WHERE sha256 = ? ORDER BY path", (sha256,))
    return next((p for (p,) in rows if p not in taken and is_gone(Path(p))), None)


def _below(path: Path, roots: Sequence[Path]) -> bool:
    return any(root == path or root in path.parents for root in roots)
