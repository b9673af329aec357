"""Where things live: `models/` and `index/` of a checkout, or the platform's data folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from rag.errors import UsageError

ENVIRONMENT_VARIABLE = "RAG_HOME"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds `models/` and `index/`, and how it was found."""

    root: Path
    found_by: str

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def index(self) -> Path:
        """The default index: `index/default`."""
        return self.root / "index" / "default"

    @property
    def state(self) -> Path:
        """Conversations, feedback and measurements of this machine."""
        return self.root / "index" / "state"


def home(root: Path | str | None = None) -> Home:
    """Find the home: the argument, then RAG_HOME, then the checkout, then the data folder.

    Raises:
        UsageError: the argument or RAG_HOME names something that is not a folder.
    """
    if root is not None:
        return Home(_folder(Path(root), "the home folder given"), "argument")
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        return Home(_folder(Path(named), ENVIRONMENT_VARIABLE), ENVIRONMENT_VARIABLE)
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "eval").is_dir():
        return Home(checkout, "checkout")
    from platformdirs import user_data_path

    return Home(user_data_path("sourcebound", appauthor=False), "platform data folder")


def _folder(path: Path, what: str) -> Path:
    if path.exists() and not path.is_dir():
        raise UsageError(f"{what} is a file, not a folder: {path}. Name a folder instead.")
    return path.expanduser().resolve()
