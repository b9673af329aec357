"""What must be in the environment before Gradio is imported."""

from __future__ import annotations

import os
from pathlib import Path

from rag.home import home


def prepare() -> Path:
    """Switch off telemetry and give uploads a private folder; returns that folder."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ["GRADIO_SSR_MODE"] = "False"
    folder = home().state / "page"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder
