"""How many threads number crunching gains from."""

from __future__ import annotations

import os
from pathlib import Path


def physical_cores() -> int:
    """Cores this process may run on, counted once where two threads share one. Linux or all."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    allowed = os.sched_getaffinity(0)
    place = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
    siblings = {_text(Path(place.format(cpu))) or str(cpu) for cpu in allowed}
    return max(1, len(siblings))


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
