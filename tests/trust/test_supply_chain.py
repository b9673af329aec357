"""What we stand on: pinned, under licences we may use, listed, and built to the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.tools import licences
from tests.tools.licences import OURS, ROOT, canonical

BEFORE_ANY_PACKAGE = {"pip", "setuptools", "wheel"}


def needed(name: str, extras: frozenset[str] = frozenset(), seen: set | None = None) -> set[str]:
    """Everything that a package needs here, through and through."""
    seen = set() if seen is None else seen
    if (name, extras) in seen:
        return set()
    seen.add((name, extras))
    try:
        wanted = [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:
        return set()
    found = set()
    for each in wanted:
        marks = [{"extra": extra} for extra in (*extras, "")]
        if each.marker is None or any(each.marker.evaluate(mark) for mark in marks):
            below = canonical(each.name)
            found |= {below} | needed(below, frozenset(each.extras), seen)
    return found


def test_all_that_is_needed_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    wanted = set()
    for each in map(Requirement, named):
        if each.marker is None or each.marker.evaluate():
            name = canonical(each.name)
            wanted |= {name} | needed(name, frozenset(each.extras))
    assert {"numpy", "torch", "gradio", "starlette", "safetensors", "pytest"} <= wanted
    assert wanted - licences.requirements() - BEFORE_ANY_PACKAGE - {OURS} == set()


def test_pins_are_exact_and_single() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.\-\[\]]+==[\w.+!]+( ?;.*)?", line) for line in pins)
    names = [canonical(line.split("==")[0]) for line in pins]
    assert sorted(names) == sorted(set(names))


def test_licences_are_compatible() -> None:
    listed = licences.packages()
    assert len(listed) > 60
    assert [told for each in listed if (told := licences.problem(each))] == []


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 AND BSD-3-Clause", True),
        ("LGPL-3.0-only", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("MIT AND GPL-2.0-only", False),
        ("MIT OR GPL-2.0-only", True),
        ("unknown", False),
        ("Proprietary", False),
    ],
)
def test_the_judge_of_licences(licence: str, allowed: bool) -> None:
    assert (licences.problem(licences.Package("x", "1", licence)) is None) == allowed


def test_the_bill_of_materials_lists_what_is_installed() -> None:
    bill = licences.bill()
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    listed = {each["name"] for each in bill["components"]}
    assert {"numpy", "torch", "llama-cpp-python", "gradio"} <= listed and OURS not in listed
    assert all(each["purl"].startswith("pkg:pypi/") for each in bill["components"])
    assert licences.bill() == bill


@pytest.mark.slow
def test_the_wheel_is_the_same_when_built_again(tmp_path: Path) -> None:
    hashes = set()
    for number in (1, 2):
        target = tmp_path / str(number)
        environment = os.environ | {
            "SOURCE_DATE_EPOCH": "1700000000",
            "PYTHONHASHSEED": str(number),
        }
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        (wheel,) = target.glob("*.whl")
        hashes.add((wheel.name, hashlib.sha256(wheel.read_bytes()).hexdigest()))
    assert len(hashes) == 1


def test_an_audit_that_could_not_ask_does_not_pass() -> None:
    """pip-audit alone ends with 0 when it could look up nothing at all."""
    shown = subprocess.run(
        ["make", "-n", "audit"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    (command,) = [line for line in shown.splitlines() if "--requirement" in line]
    assert "pip-audit --strict" in command and "constraints.txt" in command
