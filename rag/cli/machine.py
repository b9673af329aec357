"""`rag doctor`, `rag paths`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from rag.cli.documents import index_folder
from rag.cli.output import put
from rag.home import home


def doctor(options: argparse.Namespace) -> int:
    """Check the index and the models; 1 when something is an error."""
    from rag.indexing import Finding, check
    from rag.models.commands import list_models

    findings = check(index_folder(options))
    for row in list_models(home()):
        if row.default and row.path is None:
            findings.append(
                Finding(
                    "error",
                    f"The {row.role} {row.name} is not fetched.",
                    f"Run: rag models fetch {row.name}",
                )
            )
    if options.json:
        put(json.dumps({"findings": [asdict(each) for each in findings]}, ensure_ascii=False))
    else:
        for each in findings:
            put(f"{each.severity}: {each.what} {each.remedy}")
        if not findings:
            put("All is sound.")
    return 1 if any(each.severity == "error" for each in findings) else 0


def paths(options: argparse.Namespace) -> int:
    """Where models and indexes live, and how that was found."""
    found = home()
    put(f"home    {found.root} ({found.found_by})")
    put(f"models  {found.models}\nindex   {found.index}\nstate   {found.state}")
    return 0
