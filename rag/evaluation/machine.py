"""On what a run was made: commit, machine, versions, memory."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

PACKAGES = ("torch", "sentence-transformers", "faiss-cpu", "llama-cpp-python", "numpy")


def commit() -> str:
    """The checkout's commit, 10 characters, with a hash of what is changed; else the version."""
    root = Path(__file__).resolve().parent.parent.parent
    head = _git(root, "rev-parse", "--short=10", "HEAD")
    if not head or not (root / ".git").exists():
        return f"v{version()}"
    changed = _git(root, "diff", "HEAD", "--", "rag", "eval/corpus", "eval/questions")
    if not changed:
        return head
    return f"{head}-changed-{hashlib.sha256(changed.encode()).hexdigest()[:6]}"


def version() -> str:
    """The installed distribution's version, "unknown" when run from sources alone."""
    try:
        return metadata.version("sourcebound")
    except metadata.PackageNotFoundError:
        return "unknown"


def machine() -> dict[str, str]:
    """Processor, cores, memory, system, Python and the versions of the libraries that matter."""
    facts = {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    for package in PACKAGES:
        try:
            facts[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            facts[package] = "not installed"
    return facts


def peak_memory_mb() -> float:
    """This process's largest resident size so far, in MB (10^6 bytes); 0 where it is not told."""
    try:
        import resource
    except ImportError:
        return 0.0
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1)


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    if file.is_file():
        for line in file.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def _memory() -> str:
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return "unknown"
    return f"{pages * size / 1e9:.1f} GB"
