"""Commands timed from outside, as processes of their own, and the sizes of what is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import EvaluationError


@dataclass(frozen=True, slots=True)
class Process:
    """One finished process: wall-clock seconds, and its largest resident size in MB (10^6)."""

    seconds: float
    peak_mb: float
    output: str


# A process of its own between this one and the measured one: a child's largest size includes that
# of the process it was forked from, and this one may hold models.
_WATCH = """
import json, os, sys, time
begun = time.perf_counter()
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - begun
report = {"seconds": seconds, "size": usage.ru_maxrss, "code": os.waitstatus_to_exitcode(status)}
print("\\n" + json.dumps(report), file=sys.stderr)
"""


def run_process(arguments: Sequence[str]) -> Process:
    """Run Python with these arguments and measure it by the system's own accounting (wait4).

    Raises:
        EvaluationError: it ended with a code other than 0.
    """
    watched = subprocess.run(
        [sys.executable, "-S", "-c", _WATCH, *arguments], capture_output=True, text=True
    )
    *said, last = watched.stderr.strip().splitlines()
    report = json.loads(last)
    if report["code"] != 0:
        why = said[-1] if said else "it said nothing"
        raise EvaluationError(f"{' '.join(arguments)} ended with code {report['code']}: {why}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Process(report["seconds"], report["size"] * unit / 1e6, watched.stdout)


def folder_mb(folder: Path) -> float:
    """MB (10^6 bytes) of the regular files below a folder, each counted once."""
    seen: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            status = path.stat()
            seen[(status.st_dev, status.st_ino)] = status.st_size
    return sum(seen.values()) / 1e6
