"""The Gradio page: asks an assistant, shows its events, and holds no logic of its own.

    seam -> turns -> sessions -> chat, library_tab, evaluation_tab, settings_tab -> page -> serving
    rendering, evidence, reader, library, reports: records in, escaped HTML out

Importing this package loads nothing heavy; Gradio is imported when a page is built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rag.errors import ExtraMissing
from rag.ui.seam import Evaluate, Source

if TYPE_CHECKING:
    from rag.ui.serving import Extension

Authentication = Callable[[str, str], bool] | tuple[str, str] | Sequence[tuple[str, str]]


def create_app(
    source: Source,
    *,
    auth: Authentication | None = None,
    hosts: Iterable[str] = ("localhost",),
    evaluate: Evaluate | None = None,
    extensions: Iterable[Extension] = (),
) -> Any:
    """The application as `fastapi.FastAPI`; see `rag.ui.serving.create_app`.

    Raises:
        ExtraMissing: gradio is not installed.
    """
    return _serving().create_app(
        source, auth=auth, hosts=hosts, evaluate=evaluate, extensions=extensions
    )


def launch(
    source: Source,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    auth: Authentication | None = None,
    open_browser: bool = False,
    evaluate: Evaluate | None = None,
    extensions: Iterable[Extension] = (),
) -> None:
    """Serve the page until interrupted.

    Raises:
        UsageError: the port is taken or the host cannot be bound.
        ExtraMissing: gradio is not installed.
    """
    _serving().serve(
        source, host=host, port=port, open_browser=open_browser, auth=auth, evaluate=evaluate,
        extensions=extensions,
    )  # fmt: skip


def _serving() -> Any:
    from rag.ui.environment import prepare

    prepare()
    try:
        from rag.ui import serving
    except ModuleNotFoundError as absent:
        if str(absent.name).partition(".")[0] != "gradio":
            raise  # the library is there and lacks something itself
        raise ExtraMissing("ui", "gradio") from absent
    return serving
