"""JSON lines in and out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rag.errors import EvaluationError

JsonObject = dict[str, Any]


def read_json_lines(path: Path | str) -> list[JsonObject]:
    """The objects of a JSON lines file, in order; empty lines are passed over.

    Raises:
        EvaluationError: the file cannot be read, or a line is not a JSON object.
    """
    objects: list[JsonObject] = []
    try:
        # Not splitlines(): it would also break at U+2028 inside a JSON string.
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise EvaluationError(
            f"{path} cannot be read: {problem}. Name a JSON lines file."
        ) from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as problem:
            raise EvaluationError(f"{path}, line {number}: not JSON ({problem}).") from None
        if not isinstance(value, dict):
            raise EvaluationError(
                f"{path}, line {number}: found {type(value).__name__}, expected a JSON object."
            )
        objects.append(value)
    return objects


def write_json_lines(path: Path, objects: Iterable[JsonObject]) -> None:
    """One object a line, UTF-8, fields in the order given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in objects]
    path.write_text("".join(lines), encoding="utf-8")
