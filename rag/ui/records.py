"""Answers to JSON and back, for the conversations kept on this machine."""

from __future__ import annotations

import dataclasses
from typing import Any

from rag.types import Answer, Checks, Citation, Conflict, Provenance, Statement, Timings


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """The answer as plain JSON types; tuples become lists when dumped."""
    return dataclasses.asdict(answer)


def answer_from_dict(data: dict[str, Any]) -> Answer:
    """The inverse of `answer_to_dict`; unknown fields, from a newer version, are ignored.

    Raises:
        KeyError, TypeError: a field is missing or of another shape.
    """
    fields = _known(Answer, data)
    fields["statements"] = tuple(
        Statement(row["text"], tuple(row["citations"]), Checks(**_known(Checks, row["checks"])))
        for row in data["statements"]
    )
    fields["citations"] = tuple(Citation(**_known(Citation, row)) for row in data["citations"])
    fields["nearest"] = tuple(Citation(**_known(Citation, row)) for row in data["nearest"])
    fields["conflicts"] = tuple(
        Conflict(row["about"], tuple(row["citations"])) for row in data["conflicts"]
    )
    fields["timings"] = Timings(**_known(Timings, data["timings"]))
    fields["provenance"] = Provenance(**_known(Provenance, data["provenance"]))
    return Answer(**fields)


def _known(record: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in dataclasses.fields(record)}
    return {name: value for name, value in data.items() if name in names}
