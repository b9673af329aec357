"""Adapters that ship with the package: small trained additions to weights it knows by content.

An adapter only fits the weights it was trained on, so it is found by their SHA-256, and it is
named by its own wherever the generator is named. How it was made: `models/README.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelBroken
from rag.models import catalogue, stamps

FOLDER = Path(__file__).resolve().parent / "adapters"


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA adapter in GGUF form (Hu et al., 2021, arXiv 2106.09685)."""

    path: Path
    sha256: str

    @property
    def fingerprint(self) -> str:
        """The file's name and the first eight hex digits of its SHA-256."""
        return f"{self.path.stem}@{self.sha256[:8]}"


def for_weights(sha256: str) -> Adapter | None:
    """The adapter for the weights of that SHA-256, None when there is none.

    Raises:
        ModelBroken: the file is missing, or is not the one the catalogue names.
    """
    for entry in catalogue.load():
        if entry.adapter is not None and entry.files[0].sha256 == sha256:
            path = FOLDER / entry.adapter.name
            found = stamps.stamp(path).sha256 if path.is_file() else "no file"
            if found != entry.adapter.sha256:
                raise ModelBroken(
                    f"{path}: found {found}, expected SHA-256 {entry.adapter.sha256}. "
                    "Install the package again."
                )
            return Adapter(path, found)
    return None
