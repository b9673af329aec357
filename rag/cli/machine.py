"""`rag doctor`, `rag paths`."""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import rag
from rag.cli.documents import index_folder
from rag.cli.output import put, say
from rag.errors import IndexFault
from rag.home import home

if TYPE_CHECKING:
    from rag.indexing import Finding


def doctor(options: argparse.Namespace) -> int:
    """Check the index and the models; 1 when something is an error."""
    from rag.indexing import check

    directory = index_folder(options)
    findings = [*check(directory), *_models(directory)]
    if options.json:
        told = {**_versions(), "index": str(directory), "findings": [asdict(f) for f in findings]}
        put(json.dumps(told, ensure_ascii=False))
    else:
        say(", ".join(f"{name} {version}" for name, version in _versions().items()))
        for each in findings:
            put(f"{each.severity}: {each.what} {each.remedy}")
        if not findings:
            put("All is sound.")
    return 1 if any(each.severity == "error" for each in findings) else 0


def _versions() -> dict[str, str]:
    return {
        "sourcebound": rag.__version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.platform(terse=True),
    }


def _models(directory: Path) -> list[Finding]:
    """The default models, every byte of them read, and whether the index was made with one."""
    from rag.indexing import Finding, info
    from rag.models import catalogue, fetch

    found, place = [], home()
    for entry in catalogue.load():
        fetched = fetch.is_present(entry, place)
        remedy = f"Run: rag models fetch {entry.name}"
        if entry.default and not fetched:
            found.append(Finding("error", f"The {entry.role} {entry.name} is not fetched.", remedy))
        for file in fetch.verify(entry, place) if fetched else ():
            if not file.ok:
                found.append(Finding("error", f"{file.path} is not what was published.", remedy))
    try:
        made_with = str(info(directory)["embedder"])
    except IndexFault:
        return found  # the findings on the index say why
    usual = catalogue.default("embedder").name
    if made_with.partition("@")[0] != usual:
        what = f"The index was made with {made_with}, not with the usual {usual}."
        found.append(Finding("note", what, "Name its embedder where you ask: --embedder"))
    return found


def paths(options: argparse.Namespace) -> int:
    """Where models and indexes live, and how that was found."""
    found = home()
    put(f"home    {found.root} ({found.found_by})")
    put(f"models  {found.models}\nindex   {found.index}\nstate   {found.state}")
    return 0
