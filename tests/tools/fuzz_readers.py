"""Feed mutated real files to every reader and to what follows, for a given time each.

    python -m tests.tools.fuzz_readers 60 [FORMAT ...]

Anything but text or a ReadError is a fault: its bytes are kept, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import tempfile
import time
import traceback
import zipfile
from pathlib import Path

from rag.documents import fold, read
from rag.errors import ReadError
from tests.documents import fixtures
from tests.documents.test_readers_bad_input import damaged

SLOW_SECONDS = 10.0
"""A file of a few kilobytes that takes longer counts as a hang (processor time)."""


def main() -> int:
    """Fuzz each format in turn; print one line for each. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, help="for each format")
    parser.add_argument("formats", nargs="*", help=f"of {', '.join(sorted(fixtures.MAKERS))}")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    faults = 0
    for name in options.formats or sorted(fixtures.MAKERS):
        faults += fuzz(name, options.seconds, random.Random(f"{options.seed} {name}"))
    return 1 if faults else 0


def fuzz(name: str, seconds: float, chance: random.Random) -> int:
    """Read mutated files of one format until the time is over. Returns the number of faults."""
    faults = read_well = refused = 0
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"story.{name}"
        whole = fixtures.MAKERS[name](path).read_bytes()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            data = mutated(whole, chance)
            path.write_bytes(data)
            began = time.process_time()
            try:
                check(path)
                read_well += 1
            except ReadError:
                refused += 1
            except Exception:
                faults += 1
                keep(name, data, traceback.format_exc())
            took = time.process_time() - began
            slowest = max(slowest, took)
            if took > SLOW_SECONDS:
                faults += 1
                keep(name, data, f"took {took:.1f} s")
    counts = f"{read_well} read, {refused} refused, {faults} faults"
    sys.stdout.write(f"{name:5} {counts}, slowest {slowest:.2f} s\n")
    sys.stdout.flush()
    return faults


def mutated(whole: bytes, chance: random.Random) -> bytes:
    """Damaged bytes; of an archive mostly one member, or a wrong checksum would hide the reader."""
    if not whole.startswith(b"PK") or chance.random() < 0.1:
        return damaged(whole, chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(stream, "w") as new:
        names = [member.filename for member in old.infolist() if member.file_size]
        struck = chance.choice(names)
        for each in names:
            data = old.read(each)
            new.writestr(each, damaged(data, chance) if each == struck else data)
    return stream.getvalue()


def check(path: Path) -> None:
    """Read a file to its sentences and hold its spans against its text."""
    source = read(path)
    for document in source.documents:
        for sentence in document.sentences:
            if not fold(source.text[sentence.start : sentence.end]):
                raise ValueError(f"an empty sentence at {sentence.start}")


def keep(name: str, data: bytes, why: str) -> None:
    """Write the bytes at fault to a file of their own and say where."""
    with tempfile.NamedTemporaryFile(suffix=f".{name}", delete=False) as kept:
        kept.write(data)
    sys.stderr.write(f"{name}: {kept.name}\n{why}\n")


if __name__ == "__main__":
    sys.exit(main())
