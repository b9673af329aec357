"""The application that serves the page, and running it."""

from __future__ import annotations

import asyncio
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

from rag.home import home
from rag.ui.conversations import Conversations
from rag.ui.departures import hush_departures
from rag.ui.feedback import FEEDBACK_FILE, Feedback
from rag.ui.library import MAX_FILE_MEGABYTES
from rag.ui.listening import GRACE_SECONDS, Answers, address, bound, names_of
from rag.ui.originals import Originals
from rag.ui.page import Page
from rag.ui.seam import Evaluate, Holder, Source
from rag.ui.security import Guard
from rag.ui.sessions import Desk
from rag.ui.theme import asset
from rag.ui.theme import theme as page_theme

Extension = Callable[[FastAPI, Holder], None]
"""Adds routes to the application before the page, which answers every other address. What is to be
waited for when it is stopped goes into the list `state.answers` of the application."""


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
    app.state.answers = [desk]
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


class Server(uvicorn.Server):
    """Lets the answers at hand end, and be saved, when it is stopped; it takes no more of them."""

    def __init__(self, app: FastAPI, grace: float = GRACE_SECONDS) -> None:
        # Once nothing is answered, event streams would hold it up for as long as a tab is open.
        super().__init__(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
        hush_departures()  # after uvicorn has set up its log
        self._answers: list[Answers] = app.state.answers
        self._grace = grace

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for each in self._answers:
            each.stop(self._grace)
        latest = time.monotonic() + self._grace
        # A second Ctrl-C sets `force_exit`.
        while any(each.inside for each in self._answers) and not self.force_exit:
            if time.monotonic() > latest:
                break
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)


def serve(source: Source, *, host: str, port: int, open_browser: bool, **options: Any) -> None:
    """Run the application until interrupted; `options` are those of `create_app`."""
    names = names_of(host, "" if options.get("auth") else " without a login")
    with bound(host, port) as listener:
        server = Server(create_app(source, hosts=names, **options))
        if open_browser:
            page = address(host, listener.getsockname()[1])
            threading.Thread(target=_open, args=(server, page), daemon=True).start()
        server.run(sockets=[listener])


def _open(server: uvicorn.Server, page: str) -> None:
    while not server.started:
        time.sleep(0.05)
    webbrowser.open(page)
