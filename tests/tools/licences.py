"""Licences and a bill of materials of what is installed beside us, from the packages' own metadata.

python -m tests.tools.licences            # a table
python -m tests.tools.licences --sbom     # CycloneDX 1.5 JSON
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

import rag

OURS = "sourcebound"
ROOT = Path(__file__).parents[2]

# What an Apache-2.0 program may need: permissive licences, and weak copyleft for libraries that
# are used as they are.
ALLOWED = re.compile(
    r"\b(?:MIT|MIT-0|Apache|BSD|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|HPND|Zlib|"
    r"Unlicense|0BSD|CC0|BSL-1\.0|Boost|Expat|3-clause|WTFPL|LGPL|Lesser General)", re.I
)  # fmt: skip
REFUSED = re.compile(r"AGPL|Affero|(?<!L)(?<!Lesser )\bGPL|(?<!Lesser )General Public|SSPL|BUSL|"
                     r"Commons Clause|non-?commercial|proprietary", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Package:
    """A package with its version and what its metadata say of its licence."""

    name: str
    version: str
    licence: str


def packages() -> list[Package]:
    """What is pinned for us and installed here, by name."""
    pinned = requirements()
    found = {
        name: Package(name, each.version, licence_of(each))
        for each in distributions()
        if (name := canonical(each.metadata["Name"])) in pinned
    }
    return [found[name] for name in sorted(found)]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(package: Distribution) -> str:
    """The licence expression, the classifiers, or the first line of the licence field or file."""
    data = package.metadata
    if data.get("License-Expression"):
        return str(data["License-Expression"])
    classified = [
        line.rsplit("::", 1)[1].strip()
        for line in data.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if classified:
        return " OR ".join(classified)
    stated = (data.get("License") or "").strip().splitlines()
    return stated[0][:100] if stated else _from_file(package)


def _from_file(package: Distribution) -> str:
    for file in package.files or []:
        if re.match(r"(?i)licen[cs]e|copying", Path(str(file)).name):
            text = Path(str(package.locate_file(file))).read_text("utf-8", "replace")
            known = ALLOWED.search(text[:600])
            return known[0] if known else "unknown"
    return "unknown"


def problem(package: Package) -> str | None:
    """Why a package may not be used, or None."""
    choices = re.split(r"\bOR\b|;", package.licence)
    if any(ALLOWED.search(each) and not REFUSED.search(each) for each in choices):
        return None
    return f"{package.name} {package.version}: {package.licence}"


def requirements() -> set[str]:
    """Canonical names of everything pinned in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return set(_pins(lines))


def _pins(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if "==" in line and not line.startswith("#"):
            yield canonical(line.split("==")[0].strip())


def bill() -> dict[str, object]:
    """CycloneDX 1.5, no time and no random number in it: the same environment, the same bytes."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{each.name}@{each.version}",
            "name": each.name,
            "version": each.version,
            "purl": f"pkg:pypi/{each.name}@{each.version}",
            "licenses": [{"license": {"name": each.licence}}],
        }
        for each in packages()
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": OURS,
                "version": rag.__version__,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": components,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sbom", action="store_true")
    if parser.parse_args().sbom:
        sys.stdout.write(json.dumps(bill(), indent=1, ensure_ascii=False) + "\n")
        return 0
    for each in packages():
        sys.stdout.write(f"{each.name:32} {each.version:16} {each.licence}\n")
    bad = [told for each in packages() if (told := problem(each))]
    sys.stdout.write("".join(f"NOT ALLOWED {told}\n" for told in bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
