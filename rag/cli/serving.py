"""`rag ui`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any

from rag.answering.assistant import Assistant
from rag.cli.documents import index_folder
from rag.cli.output import say
from rag.errors import IndexMissing, UsageError
from rag.home import home


class PageAssistant(Assistant):
    """An assistant whose refusals the page can make stricter or milder."""

    def at_threshold(self, threshold: float) -> Assistant:
        """The same index and models, refusing below another confidence. Not to be closed."""
        other = copy(self)
        other._confidence = replace(self.confidence, threshold=threshold)
        return other


def _require_index(options: argparse.Namespace) -> None:
    """The page can take files in, so it may begin with an empty index."""
    from rag.indexing import Index, update
    from rag.models.loading import as_embedder

    try:
        Index.open(index_folder(options), None).close()
    except IndexMissing:
        update(index_folder(options), [], as_embedder(options.embedder, home()))


def quick_run(options: argparse.Namespace) -> Callable[[Any, Callable[..., None]], str]:
    """What the Evaluation tab starts: `rag eval dev --quick` with the page's own generator."""

    def run(assistant: Assistant, progress: Callable[..., None]) -> str:
        from rag.api import assistant_factory
        from rag.cli.evaluating import _settings as run_settings
        from rag.evaluation.commands import evaluate

        outcome = evaluate(
            "dev",
            assistant_factory=assistant_factory(options.embedder, assistant.generator()),
            quick=True,
            progress=progress,
            settings=run_settings(options),
        )
        return outcome.run.name

    return run


def ui(options: argparse.Namespace) -> int:
    """Serve the chat page until interrupted; the models load behind it."""
    from rag.server.application import attach
    from rag.server.gate import Limits, read_keys
    from rag.ui import launch
    from rag.ui.listening import address

    login = None
    if options.user:
        name, colon, password = options.user.partition(":")
        if not (name and colon and password):
            raise UsageError("--user takes NAME:PASSWORD.")
        login = (name, password)

    def load() -> Assistant:
        _require_index(options)
        return PageAssistant(options.index, embedder=options.embedder, generator=options.generator)

    # The routes for programs know nothing of the page's login: behind one, they ask for a key.
    keys = read_keys(None)
    beside = [partial(attach, limits=Limits(keys))] if keys or login is None else []
    say(f"Opening {address(options.host, options.port)} (stop with Ctrl-C)")
    launch(
        load, host=options.host, port=options.port, auth=login, open_browser=options.open,
        evaluate=quick_run(options), extensions=beside,
    )  # fmt: skip
    return 0
