"""The whole page: header, tabs, what happens on load, and serving it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from rag.types import Filters
from rag.ui.chat import ChatTab
from rag.ui.evaluation_tab import EvaluationTab
from rag.ui.library_tab import LibraryTab
from rag.ui.limits import chips_html
from rag.ui.markup import phrase, safe
from rag.ui.originals import Originals
from rag.ui.seam import Evaluate
from rag.ui.sessions import Desk, Session
from rag.ui.settings_tab import SettingsTab
from rag.ui.strings import LANGUAGES, pick_language, say
from rag.ui.talk import conversations_html
from rag.ui.theme import asset

_WATCH_SECONDS = 3.0
"""How often a page that says what is wrong looks whether it still is."""
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class Page:
    """Builds the Blocks around one desk."""

    def __init__(self, desk: Desk, originals: Originals, evaluate: Evaluate | None) -> None:
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
                    self._chat = ChatTab(desk, originals, self._viewer, self._listing)
                with gr.Tab("Library", id="library", render_children=True) as documents:
                    self._library = LibraryTab(desk, originals, self._viewer)
                with gr.Tab("Evaluation", id="evaluation", render_children=True) as evaluation:
                    self._evaluation = EvaluationTab(desk, evaluate)
                with gr.Tab("Settings", id="settings", render_children=True) as settings:
                    self._settings = SettingsTab(desk)
            self._watch = gr.Timer(_WATCH_SECONDS, active=False)
            self._tab_list = [ask, documents, evaluation, settings]
            self._wire()

    def _wire(self) -> None:
        chat, library, evaluation = self._chat, self._library, self._evaluation
        settings, bar = self._settings, self._chat.filters
        loaded = [self._header, self._heading, self._new, self._listing, *self._tab_list,
                  *settings.labelled, *evaluation.labelled, *chat.labelled, *library.labelled,
                  bar.chips, *chat.whole]  # fmt: skip
        loaded.insert(0, self._watch)
        self._drawn = len(loaded)
        self.blocks.load(self._load, None, loaded, concurrency_limit=None, **_QUIET)
        self._watch.tick(self._look_again, None, loaded, **_QUIET)
        self.blocks.unload(self._unload)
        self._tab_list[2].select(
            evaluation.opened, None, [evaluation.run, evaluation.other, evaluation.view], **_QUIET
        )
        self._tab_list[1].select(self._browse, [library.search], [self._header, library.table],
                                 **_QUIET)  # fmt: skip
        self._tab_list[3].select(self._set_up, None, settings.labelled, **_QUIET)
        settings.level.input(settings.choose, [settings.level], None, **_QUIET).then(
            bar.drawn, bar.values, [bar.chips], **_QUIET
        )
        library.version.change(self._refresh, None, [self._header, *chat.labelled], **_QUIET)
        library.table.only(self._only, None, [self._tabs, bar.documents], **_QUIET)
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
        session.level = await asyncio.to_thread(self._settings.remembered, session.owner)
        await asyncio.to_thread(self._desk.recall, session, request.query_params.get("c"))
        if not self._desk.holder.ready:
            yield self._everything(session)
            while not self._desk.holder.ready:
                await asyncio.sleep(0.1)
            if session.turns:
                yield await asyncio.to_thread(self._around, session)
                return
        yield await asyncio.to_thread(self._everything, session)

    def _look_again(self, request: gr.Request) -> list[Any]:
        """Where the models could not be loaded: try again, and draw what has come of it."""
        session, holder = self._desk.session(request.session_hash), self._desk.holder
        holder.try_again()
        if holder.problem is not None and holder.problem == session.told:
            return [gr.skip()] * self._drawn
        return self._around(session) if session.turns else self._everything(session)

    def _around(self, session: Session) -> list[Any]:
        """All but the conversation and its chips: a question is being drawn by its own event."""
        kept = 1 + len(self._chat.whole)
        return self._everything(session)[:-kept] + [gr.skip()] * kept

    def _everything(self, session: Session) -> list[Any]:
        language = session.language
        self._desk.catch_up()
        session.told = self._desk.holder.problem
        return [
            gr.update(active=session.told is not None),
            _header_html(language, self._desk),
            f'<h2 class="sb-side-head">{phrase(language, "conversations")}</h2>',
            say(language, "new"),
            conversations_html(self._desk, session),
            *(gr.update(label=say(language, f"tab_{name}"))
              for name in ("ask", "library", "evaluation", "settings")),
            *self._settings.shown(language, session.level),
            *self._evaluation.words(language),
            *self._chat.words(language),
            *self._library.words(language),
            chips_html(Filters(), session),
            *self._chat.restored(session),
        ]  # fmt: skip

    def _browse(self, wanted: str, request: gr.Request) -> list[str]:
        """The library as it is now: files may have been indexed from the command line."""
        table = self._library.found(wanted, request)
        language = self._desk.session(request.session_hash).language
        return [_header_html(language, self._desk), table]

    def _set_up(self, request: gr.Request) -> list[Any]:
        session = self._desk.session(request.session_hash)
        return self._settings.shown(session.language, session.level)

    def _only(self, event: gr.EventData) -> tuple[Any, Any]:
        """Go and ask about the articles of one file."""
        row = self._desk.document(getattr(event, "id", None))
        if row is None:
            return gr.skip(), gr.skip()
        return gr.update(selected="ask"), self._chat.filters.only(row.title)

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
