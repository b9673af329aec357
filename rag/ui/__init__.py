"""The Gradio page: asks an assistant, shows its events, and holds no logic of its own.

    seam -> turns -> sessions -> chat, library_tab -> page
    rendering, evidence, reader, library, reports: records in, escaped HTML out

Importing this package loads nothing heavy; Gradio is imported when a page is built.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rag.ui.seam import AssistantLike

Authentication = Callable[[str, str], bool] | tuple[str, str] | Sequence[tuple[str, str]]


def build(assistant: AssistantLike | Callable[[], AssistantLike]) -> Any:
    """Return the page as `gradio.Blocks`; a factory is called in a thread behind the page."""
    from rag.ui.environment import prepare

    prepare()
    from rag.ui.page import build_page

    return build_page(assistant)


def launch(
    assistant: AssistantLike | Callable[[], AssistantLike],
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    auth: Authentication | None = None,
    open_browser: bool = False,
) -> None:
    """Serve the page until interrupted.

    Raises:
        UsageError: the port is taken or the host cannot be bound.
    """
    from rag.ui.environment import prepare

    prepare()
    from rag.ui.page import serve

    serve(assistant, host=host, port=port, auth=auth, open_browser=open_browser)
