"""Statement-quote pairs, half of them wrong in one detail, and what the checks make of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rag.answering.checks import check
from tests.answering.support import evidence

FIELDS = ("figures", "names", "dates", "negation")


@dataclass(frozen=True)
class Pair:
    """`wrong` is the field that must object, None for a right pair; `found` those that do."""

    identifier: str
    quote: str
    statement: str
    wrong: str | None
    detail: str
    found: tuple[str, ...]


def load(path: Path) -> list[Pair]:
    return [_pair(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _pair(row: dict) -> Pair:
    item = evidence(row["quote"], published=row.get("published"), title=row.get("title", ""))
    checks = check(row["statement"], [item], row.get("question", ""))
    found = tuple(name for name in FIELDS if getattr(checks, name) != "ok")
    return Pair(row["id"], row["quote"], row["statement"], row["wrong"], row["detail"], found)


def precision_and_recall(pairs: list[Pair]) -> tuple[float, float]:
    """Of objections: the share that is right, and the share of wrong pairs that got one."""
    objected = [pair for pair in pairs if pair.found]
    wrong = [pair for pair in pairs if pair.wrong]
    caught = [pair for pair in objected if pair.wrong]
    return len(caught) / len(objected), len(caught) / len(wrong)
