"""`rag ui`."""

from __future__ import annotations

import argparse

from rag.cli.output import say
from rag.errors import UsageError


def ui(options: argparse.Namespace) -> int:
    """Serve the chat page until interrupted; the models load behind it."""
    from rag.ui import launch

    login = None
    if options.user:
        name, colon, password = options.user.partition(":")
        if not (name and colon and password):
            raise UsageError("--user takes NAME:PASSWORD.")
        login = (name, password)

    def load() -> object:
        from rag.cli.asking import open_assistant

        return open_assistant(options)

    say(f"Opening http://{options.host}:{options.port} (stop with Ctrl-C)")
    launch(load, host=options.host, port=options.port, auth=login, open_browser=options.open)
    return 0
