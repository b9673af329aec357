"""`rag ui`."""

from __future__ import annotations

import argparse

from rag.cli.documents import index_folder
from rag.cli.output import say
from rag.errors import IndexMissing, UsageError
from rag.home import home
from rag.ui.seam import AssistantLike


def _require_index(options: argparse.Namespace) -> None:
    """The page can take files in, so it may begin with an empty index."""
    from rag.indexing import Index, update
    from rag.models.loading import as_embedder

    try:
        Index.open(index_folder(options), None).close()
    except IndexMissing:
        update(index_folder(options), [], as_embedder(options.embedder, home()))


def ui(options: argparse.Namespace) -> int:
    """Serve the chat page until interrupted; the models load behind it."""
    from rag.ui import launch

    login = None
    if options.user:
        name, colon, password = options.user.partition(":")
        if not (name and colon and password):
            raise UsageError("--user takes NAME:PASSWORD.")
        login = (name, password)

    def load() -> AssistantLike:
        from rag.cli.asking import open_assistant

        _require_index(options)
        return open_assistant(options)

    say(f"Opening http://{options.host}:{options.port} (stop with Ctrl-C)")
    launch(load, host=options.host, port=options.port, auth=login, open_browser=options.open)
    return 0
