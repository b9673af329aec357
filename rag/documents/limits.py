"""How much one file may cost, and the check that an archive stays within it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from rag.errors import ReadError

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on reading one file; the defaults suit 2 GB of free memory.

    `unpacked_bytes`, `ratio` and `members` are for formats that are zip archives. The others hold
    only in a child process (`isolation`): `seconds` of its processor time, so that a busy machine
    does not lose files, `wall_seconds` by the clock, for a reader that waits for what never comes,
    and `memory_bytes` of address space. Windows counts no processor time: there `seconds` are
    those of the clock.
    """

    file_bytes: int = 200 * MEGABYTE
    unpacked_bytes: int = 500 * MEGABYTE
    ratio: float = 200.0
    members: int = 20_000
    seconds: float = 120.0
    wall_seconds: float = 1_800.0
    memory_bytes: int = 3_000 * MEGABYTE


def check_size(size: int, name: str, limits: Limits) -> None:
    """Refuse an empty file and one larger than `limits.file_bytes`.

    Raises:
        ReadError: reason "empty" or "too large".
    """
    if size == 0:
        raise ReadError(f"{name} is empty: 0 bytes.", "empty")
    if size > limits.file_bytes:
        found, most = size / MEGABYTE, limits.file_bytes / MEGABYTE
        raise ReadError(
            f"{name} has {found:.0f} MB, more than the limit of {most:.0f} MB. Split the file.",
            f"too large ({found:.0f} MB, limit {most:.0f} MB)",
        )


def check_archive(data: bytes, name: str, limits: Limits) -> None:
    """Refuse a zip archive that is damaged, encrypted or unpacks to more than it should.

    Only the directory is read, nothing is unpacked. A directory that lies about its sizes does
    not help a bomb: zipfile stops at the size stated there and then reports a wrong checksum.

    Raises:
        ReadError: reason "damaged archive", "encrypted" or "zip bomb".
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise ReadError(f"{name} is cut off or damaged: {error}.", "damaged archive") from error
    if any(member.flag_bits & 0x1 for member in members):
        raise ReadError(f"{name} is protected by a password. Save it without one.", "encrypted")
    unpacked = sum(member.file_size for member in members)
    if len(members) > limits.members or unpacked > limits.unpacked_bytes:
        raise _bomb(name, f"{len(members)} parts, {unpacked / MEGABYTE:.0f} MB unpacked")
    # Small and very regular documents compress well too; only megabytes make a bomb.
    if unpacked > 10 * MEGABYTE and unpacked > limits.ratio * len(data):
        raise _bomb(name, f"unpacks to {unpacked / max(len(data), 1):.0f} times its size")


def _bomb(name: str, found: str) -> ReadError:
    return ReadError(f"{name} looks like a zip bomb: {found}. It was not unpacked.", "zip bomb")
