"""`rag models`."""

from __future__ import annotations

import argparse

from rag.cli.output import Line, bar, put, say
from rag.home import home
from rag.models import catalogue
from rag.models import fetch as fetching
from rag.models.commands import list_models


def show(options: argparse.Namespace) -> int:
    """What the catalogue holds and what is here."""
    for row in list_models(home()):
        mark = "*" if row.default else " "
        size = f"{row.bytes / 1e6:7.0f} MB"
        put(
            f"{mark} {row.name:28} {row.role:10} {size}  {row.licence:12} "
            f"{row.path or 'not fetched'}"
        )
    say("* default. Fetch with: rag models fetch [NAME]")
    return 0


def _entries(names: list[str]) -> list[catalogue.Entry]:
    if names:
        return [catalogue.find(name) for name in names]
    return [entry for entry in catalogue.load() if entry.default]


def fetch(options: argparse.Namespace) -> int:
    """Download what is missing, check its hash."""
    for entry in _entries(options.names):
        line = Line()
        say(f"{entry.name}: {entry.bytes / 1e6:.0f} MB")

        def progress(now: fetching.Progress, line: Line = line) -> None:
            rate = f"{now.rate / 1e6:.1f} MB/s" if now.rate else ""
            left = f"{now.seconds_left:.0f} s left" if now.seconds_left else ""
            line.show(f"{bar(now.done, now.total)} {now.done / 1e6:.0f} MB {rate} {left}")

        folder = fetching.fetch(entry, home(), progress)
        line.end()
        say(f"{entry.name}: verified in {folder}")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Read the weights again and compare hashes; 1 when one differs or is absent."""
    wrong = 0
    for entry in _entries(options.names):
        for file in fetching.verify(entry, home()):
            found = "absent" if file.found is None else f"SHA-256 {file.found[:16]}..."
            state = "ok" if file.ok else f"{found}, expected {file.expected[:16]}..."
            put(f"{entry.name}  {file.path.name}  {state}")
            wrong += not file.ok
    if wrong:
        say("Run: rag models fetch")
    return 1 if wrong else 0


def path(options: argparse.Namespace) -> int:
    """Where a fetched model is."""
    put(str(fetching.path(options.name, home())))
    return 0
