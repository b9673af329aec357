"""What `rag models` shows, as records: the command line only prints them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.home import Home
from rag.models import catalogue, fetch
from rag.models.catalogue import Role


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One line of `rag models list`; `path` is None until the model is fetched. Sizes in bytes."""

    name: str
    title: str
    role: Role
    default: bool
    bytes: int
    licence: str
    note: str
    path: Path | None


def list_models(home: Home) -> list[ModelRow]:
    """All models of the catalogue and whether they are on this machine, in catalogue order."""
    return [
        ModelRow(
            entry.name,
            entry.title,
            entry.role,
            entry.default,
            entry.bytes,
            entry.licence,
            entry.note,
            fetch.place_of(entry, home) if fetch.is_present(entry, home) else None,
        )
        for entry in catalogue.load()
    ]
