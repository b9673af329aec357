"""Answers as JSON and back: the contract every interface shares."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rag.errors import InputError
from rag.types import Answer, Checks, Citation, Conflict, Provenance, Statement, Timings

_KINDS = {"start": int, "end": int, "quote": str, "document": str, "file_sha256": str}


def to_dict(answer: Answer) -> dict[str, Any]:
    """Plain lists, strings and numbers, in the contract's order of fields."""
    fields: dict[str, Any] = json.loads(json.dumps(asdict(answer), ensure_ascii=False))
    return fields


def to_json(answer: Answer) -> str:
    """One line of JSON; Han characters are written as they are."""
    return json.dumps(to_dict(answer), ensure_ascii=False)


def citations_in(text: str, name: str) -> list[tuple[str, Citation]]:
    """Every citation of an answer file with the id or question of its answer.

    Accepts one Answer, a list of them, or one a line.

    Raises:
        InputError: not JSON, or not of that shape; names the line.
    """
    found: list[tuple[str, Citation]] = []
    for place, item in _objects(text, name):
        if not isinstance(item, dict) or "citations" not in item:
            raise InputError(
                f"{name}, {place}: not an answer: a JSON object with 'citations' was expected. "
                "Make one with: rag ask QUESTION --json"
            )
        label = str(item.get("id") or item.get("question") or place)
        for key in ("citations", "nearest"):
            listed = item.get(key, [])
            if not isinstance(listed, list):
                raise InputError(f"{name}, {place}: '{key}' is not a list.")
            found += [(label, _citation(raw, f"{name}, {place}")) for raw in listed]
    return found


def from_dict(fields: dict[str, Any]) -> Answer:
    """The inverse of `to_dict`. Raises InputError when a field is absent or unknown."""
    try:
        return Answer(
            **{
                **fields,
                "statements": tuple(
                    Statement(s["text"], tuple(s["citations"]), Checks(**s["checks"]))
                    for s in fields["statements"]
                ),
                "citations": tuple(_cited(c) for c in fields["citations"]),
                "nearest": tuple(_cited(c) for c in fields["nearest"]),
                "conflicts": tuple(
                    Conflict(c["about"], tuple(c["citations"])) for c in fields["conflicts"]
                ),
                "timings": Timings(**fields["timings"]),
                "provenance": Provenance(**fields["provenance"]),
            }
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"Not an answer object: {error}. Make one with: rag ask --json") from error


def _cited(fields: dict[str, Any]) -> Citation:
    return Citation(**{**fields, "also_in": tuple(fields.get("also_in", ()))})


def _objects(text: str, name: str) -> Iterable[tuple[str, Any]]:
    try:
        whole = json.loads(text)
        return (
            [(f"item {i}", o) for i, o in enumerate(whole, 1)]
            if isinstance(whole, list)
            else [("the answer", whole)]
        )
    except (ValueError, RecursionError):
        return list(_lines(text, name))


def _lines(text: str, name: str) -> Iterable[tuple[str, Any]]:
    # Not splitlines(): it would also break at U+2028, which a quote may hold.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield f"line {number}", json.loads(line)
            except (ValueError, RecursionError) as error:
                raise InputError(f"{name}, line {number}: not JSON ({error}).") from error


def _citation(raw: Any, where: str) -> Citation:
    known = Citation.__dataclass_fields__
    if not isinstance(raw, dict):
        raise InputError(f"{where}: a citation is not an object: {str(raw)[:40]!r}.")
    # By type, not isinstance: True is no offset.
    if any(type(raw[key]) is not kind for key, kind in _KINDS.items() if key in raw):
        raise InputError(f"{where}: a citation has a field of the wrong kind.")
    try:
        return _cited({key: value for key, value in raw.items() if key in known})
    except TypeError as error:
        raise InputError(f"{where}: a citation lacks a field: {error}.") from error
