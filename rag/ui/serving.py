"""The application that serves the page, and running it."""

from __future__ import annotations

import logging
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Iterable
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.middleware import Middleware

from rag.errors import UsageError
from rag.home import home
from rag.ui.conversations import Conversations
from rag.ui.feedback import FEEDBACK_FILE, Feedback
from rag.ui.library import MAX_FILE_MEGABYTES
from rag.ui.originals import Originals
from rag.ui.page import Page
from rag.ui.seam import Evaluate, Holder, Source
from rag.ui.security import Guard, is_loopback
from rag.ui.sessions import Desk
from rag.ui.theme import asset
from rag.ui.theme import theme as page_theme

_LOG = logging.getLogger(__name__)
Extension = Callable[[FastAPI, Holder], None]
"""Adds routes to the application before the page, which answers every other address."""


def create_app(
    source: Source,
    *,
    auth: Any = None,
    hosts: Iterable[str] = ("localhost",),
    evaluate: Evaluate | None = None,
    extensions: Iterable[Extension] = (),
) -> FastAPI:
    """The guarded application: extensions first, then the page at `/`.

    `hosts` are the names it answers to besides plain addresses. `auth` is the page's login alone;
    an extension asks for its own. `evaluate` starts a run from the Evaluation tab.
    """
    # Gradio reads and closes nothing of this application: it is mounted, and has its own.
    closed: dict[str, Any] = {"openapi_url": None, "docs_url": None, "redoc_url": None}
    app = FastAPI(middleware=[Middleware(Guard, hosts=frozenset(hosts))], **closed)
    holder = Holder(source)
    state = home().state
    desk = Desk(holder, Conversations(state / "conversations.db"), Feedback(state / FEEDBACK_FILE))
    originals = Originals(desk)
    app.router.routes.extend(originals.routes())
    for extend in extensions:
        extend(app, holder)
    blocks = Page(desk, originals, evaluate).blocks
    blocks.queue(max_size=32, default_concurrency_limit=4)
    blocks.max_threads, blocks.state_session_capacity = 16, 200
    gr.mount_gradio_app(
        app, blocks, path="/", auth=auth, show_error=False, footer_links=[], run_history=False,
        enable_monitoring=False, pwa=False, ssr_mode=False, theme=page_theme(),
        max_file_size=f"{MAX_FILE_MEGABYTES}mb",
        # Gradio rewrites the selectors of `css`, those of a media query otherwise than the rest.
        css=asset("page.css"), head=f"<style>{asset('narrow.css')}</style>", js=asset("page.js"),
        app_kwargs=closed,
    )  # fmt: skip
    return app


def serve(source: Source, *, host: str, port: int, open_browser: bool, **options: Any) -> None:
    """Run the application until interrupted; `options` are those of `create_app`."""
    _must_be_free(host, port)
    if not is_loopback(host):
        _LOG.warning(
            "The page on %s can be reached from other machines%s. Use 127.0.0.1 to keep it here.",
            host,
            "" if options.get("auth") else ", without a login",
        )
    names = {"localhost", host} if is_loopback(host) else {"localhost", host, socket.gethostname()}
    app = create_app(source, hosts=names, **options)
    # Open event streams would hold up the end for as long as a tab is open.
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)
    )
    if open_browser:
        threading.Thread(target=_open, args=(server, f"http://{host}:{port}"), daemon=True).start()
    server.run()


def _open(server: uvicorn.Server, address: str) -> None:
    while not server.started:
        time.sleep(0.05)
    webbrowser.open(address)


def _must_be_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise UsageError(
                f"The page cannot be served on {host}:{port}: {problem.strerror}. "
                "Choose another one with --port."
            ) from problem
