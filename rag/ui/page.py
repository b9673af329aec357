"""The whole page: header, tabs, what happens on load, and serving it."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from rag.errors import RagError, UsageError
from rag.home import home
from rag.ui import reports
from rag.ui.chat import ChatTab, conversations_html
from rag.ui.conversations import Conversations
from rag.ui.library import MAX_FILE_MEGABYTES
from rag.ui.library_tab import LibraryTab
from rag.ui.markup import phrase, safe
from rag.ui.seam import AssistantLike, Holder
from rag.ui.security import Guard, is_loopback
from rag.ui.sessions import Desk, Session
from rag.ui.strings import LANGUAGES, pick_language, say
from rag.ui.theme import asset
from rag.ui.theme import theme as page_theme

_LOG = logging.getLogger(__name__)
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class Page:
    """Builds the Blocks around one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with gr.Blocks(title="Sourcebound", fill_width=True, analytics_enabled=False,
                       delete_cache=(3600, 3600)) as self.blocks:  # fmt: skip
            self._header = gr.HTML(_header_html("en", desk), elem_id="header",
                                   apply_default_css=False)  # fmt: skip
            self._viewer = gr.HTML("", elem_id="viewer", apply_default_css=False,
                                   js_on_load=asset("reader.js"))  # fmt: skip
            with gr.Sidebar(open=False, elem_id="sidebar", width=300):
                self._heading = gr.HTML("", elem_id="sidebar-head")
                self._new = gr.Button("New", size="sm", elem_id="new")
                self._listing = gr.HTML("", elem_id="listing", apply_default_css=False,
                                        js_on_load=asset("conversations.js"))  # fmt: skip
            with gr.Tabs(elem_id="tabs") as self._tabs:
                with gr.Tab("Ask", id="ask") as ask:
                    self._chat = ChatTab(desk, self._viewer, self._listing)
                with gr.Tab("Library", id="library", render_children=True) as documents:
                    self._library = LibraryTab(desk, self._viewer)
                with gr.Tab("Evaluation", id="evaluation", render_children=True) as evaluation:
                    self._evaluation = gr.HTML("", elem_id="evaluation")
                with gr.Tab("Settings", id="settings", render_children=True) as settings:
                    self._settings = gr.HTML("", elem_id="settings")
            self._tab_list = [ask, documents, evaluation, settings]
            self._wire()

    def _wire(self) -> None:
        chat, library = self._chat, self._library
        loaded = [self._header, self._heading, self._new, self._listing, *self._tab_list,
                  self._settings, *chat.labelled, *library.labelled,
                  *chat.whole]  # fmt: skip
        self.blocks.load(self._load, None, loaded, concurrency_limit=None, **_QUIET)
        self.blocks.unload(self._unload)
        self._tab_list[2].select(self._evaluated, None, [self._evaluation], **_QUIET)
        self._tab_list[3].select(self._set_up, None, [self._settings], **_QUIET)
        library.version.change(self._refresh, None, [self._header, *chat.labelled], **_QUIET)
        talk = [*chat.whole, self._listing]
        self._new.click(self._begin, None, talk, **_QUIET)
        self._listing.pick(self._pick, None, talk, **_QUIET)
        self._listing.drop(self._drop, None, talk, **_QUIET)
        self._listing.rename(self._rename, None, [self._listing], **_QUIET)

    async def _load(self, request: gr.Request) -> AsyncIterator[list[Any]]:
        session = self._desk.session(request.session_hash)
        session.language = pick_language(
            request.query_params.get("lang"), request.headers.get("accept-language")
        )
        session.owner = request.username or ""
        await asyncio.to_thread(self._desk.recall, session, request.query_params.get("c"))
        if not self._desk.holder.ready:
            yield self._everything(session)
            while not self._desk.holder.ready:
                await asyncio.sleep(0.1)
            if session.turns:
                # A question asked meanwhile is being drawn by its own event: leave it alone.
                yield self._everything(session)[: -len(self._chat.whole)] + [gr.skip()] * 4
                return
        yield await asyncio.to_thread(self._everything, session)

    def _everything(self, session: Session) -> list[Any]:
        language = session.language
        return [
            _header_html(language, self._desk),
            f'<h2 class="sb-side-head">{phrase(language, "conversations")}</h2>',
            say(language, "new"),
            conversations_html(self._desk, session),
            *(gr.update(label=say(language, f"tab_{name}"))
              for name in ("ask", "library", "evaluation", "settings")),
            self._facts(language),
            *self._chat.words(language),
            *self._library.words(language),
            *self._chat.restored(session),
        ]  # fmt: skip

    def _evaluated(self, request: gr.Request) -> str:
        language = self._desk.session(request.session_hash).language
        return reports.evaluation_html(home().root / "eval" / "reports", language)

    def _set_up(self, request: gr.Request) -> str:
        return self._facts(self._desk.session(request.session_hash).language)

    def _facts(self, language: str) -> str:
        holder = self._desk.holder
        if not holder.ready:
            return reports.settings_html({}, language, say(language, "loading"))
        if holder.problem is not None:
            return reports.settings_html({}, language, holder.problem)
        try:
            return reports.settings_html(holder.get().describe(), language)
        except RagError as problem:
            return reports.settings_html({}, language, str(problem))

    def _refresh(self, request: gr.Request) -> list[Any]:
        language = self._desk.session(request.session_hash).language
        return [_header_html(language, self._desk), *self._chat.words(language)]

    def _unload(self, request: gr.Request) -> None:
        self._desk.drop(request.session_hash)

    def _show(self, session: Session, identifier: str | None) -> list[Any]:
        self._desk.recall(session, identifier)
        return [*self._chat.restored(session), conversations_html(self._desk, session)]

    def _begin(self, request: gr.Request) -> list[Any]:
        return self._show(self._desk.session(request.session_hash), None)

    def _pick(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        session = self._desk.session(request.session_hash)
        return self._show(session, str(getattr(event, "id", "")))

    def _drop(self, event: gr.EventData, request: gr.Request) -> list[Any]:
        session = self._desk.session(request.session_hash)
        identifier = str(getattr(event, "id", ""))
        self._desk.conversations.delete(identifier, session.owner)
        if identifier == session.conversation:
            return self._show(session, None)
        return [*(gr.skip() for _ in range(4)), conversations_html(self._desk, session)]

    def _rename(self, event: gr.EventData, request: gr.Request) -> str:
        session = self._desk.session(request.session_hash)
        identifier, title = str(getattr(event, "id", "")), str(getattr(event, "title", ""))
        self._desk.conversations.rename(identifier, title, session.owner)
        return conversations_html(self._desk, session)


def _header_html(language: str, desk: Desk) -> str:
    other = "zh" if language == "en" else "en"
    status = say(language, "documents_n", n=len(desk.documents()))
    if not desk.holder.ready:
        status = say(language, "loading")
    elif desk.holder.problem is not None:
        status = desk.holder.problem
    theme = phrase(language, "theme")
    return (
        f'<div class="sb-header" lang="{language}">'
        f'<h1 class="sb-brand" title="{phrase(language, "tagline")}">'
        "Sourcebound</h1>"
        f'<span class="sb-status" role="status" title="{phrase(language, "local")}">'
        f"{safe(status)}</span>"
        f'<button type="button" data-sb="language" data-to="{other}" lang="{other}">'
        f"{LANGUAGES[other]}</button>"
        f'<button type="button" data-sb="theme" title="{theme}" aria-label="{theme}">◐</button>'
        "</div>"
    )


def build_page(assistant: AssistantLike | Callable[[], AssistantLike]) -> Any:
    """The Blocks, with the assistant loading behind them."""
    desk = Desk(Holder(assistant), Conversations(home().state / "conversations.db"))
    return Page(desk).blocks


def serve(
    assistant: AssistantLike | Callable[[], AssistantLike],
    *,
    host: str,
    port: int,
    auth: Any,
    open_browser: bool,
) -> None:
    """Launch and block. See `rag.ui.launch`."""
    _must_be_free(host, port)
    if not is_loopback(host):
        _LOG.warning(
            "The page on %s can be reached from other machines%s. Use 127.0.0.1 to keep it here.",
            host,
            "" if auth else ", without a login",
        )
    from starlette.middleware import Middleware

    names = {"localhost", host} if is_loopback(host) else {"localhost", host, socket.gethostname()}
    blocks = build_page(assistant)
    blocks.queue(max_size=32, default_concurrency_limit=4)
    blocks.launch(
        server_name=host, server_port=port, auth=auth, inbrowser=open_browser, share=False,
        show_error=False, quiet=True, footer_links=[], run_history=False, enable_monitoring=False,
        pwa=False, ssr_mode=False, strict_cors=True, max_file_size=f"{MAX_FILE_MEGABYTES}mb",
        max_threads=16, state_session_capacity=200, theme=page_theme(),
        # Gradio rewrites the selectors of `css`, those of a media query otherwise than the rest.
        css=asset("page.css"), head=f"<style>{asset('narrow.css')}</style>", js=asset("page.js"),
        app_kwargs={"middleware": [Middleware(Guard, hosts=names)], "openapi_url": None,
                    "docs_url": None, "redoc_url": None},
    )  # fmt: skip


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
