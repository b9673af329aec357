"""The Markdown sources of the corpus's binary files, read into blocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["heading1", "heading2", "paragraph", "item", "table", "note", "break"]


@dataclass(frozen=True, slots=True)
class Block:
    """`text` of a paragraph is on one line; `rows` only for a table, its head row first."""

    kind: Kind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """`fields` is the front matter as written."""

    output: str
    fields: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def moment(self) -> dt.datetime:
        """The document's date at midnight UTC; 2025-01-01 when it gives none."""
        day = dt.date.fromisoformat(self.fields.get("date", "2025-01-01"))
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


_MARKS: tuple[tuple[str, Kind], ...] = (
    ("## ", "heading2"),
    ("# ", "heading1"),
    ("- ", "item"),
    ("> ", "note"),
)


def _row(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _table(lines: list[str]) -> Block:
    rows = [_row(line) for line in lines]
    return Block("table", rows=tuple(row for row in rows if set("".join(row)) - set("-: ")))


def _blocks(body: str) -> Iterator[Block]:
    for part in body.split("\n\n"):
        lines = [line for line in part.splitlines() if line.strip()]
        if not lines:
            continue
        if lines == ["---"]:
            yield Block("break")
        elif lines[0].startswith("|"):
            yield _table(lines)
        elif lines[0].startswith(tuple(mark for mark, _ in _MARKS)):
            for line in lines:
                kind, text = next(
                    ((kind, line[len(mark) :]) for mark, kind in _MARKS if line.startswith(mark)),
                    ("paragraph", line),
                )
                yield Block(kind, text.strip())
        else:
            yield Block("paragraph", " ".join(line.strip() for line in lines))


def read_source(path: Path) -> Source:
    """Read one source; ValueError when the front matter or its `output` is missing."""
    text = path.read_text(encoding="utf-8")
    opening, _, rest = text.partition("---\n")
    head, found, body = rest.partition("\n---\n")
    if opening or not found:
        raise ValueError(f"{path.name}: no front matter between two lines of three dashes")
    pairs = (line.partition(":") for line in head.splitlines() if line.strip())
    fields = {key.strip(): value.strip() for key, _, value in pairs}
    if "output" not in fields:
        raise ValueError(f"{path.name}: the front matter names no output")
    return Source(fields["output"], fields, tuple(_blocks(body)))
