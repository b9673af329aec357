"""The Ask tab: question and streamed answer on the left, evidence on the right."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import Any

import gradio as gr

from rag.types import Filters
from rag.ui import evidence as panel
from rag.ui import rendering
from rag.ui.markup import phrase, safe, shorten
from rag.ui.opening import export_html, open_html
from rag.ui.sessions import MAX_QUESTION, Desk, Session
from rag.ui.strings import say
from rag.ui.theme import asset
from rag.ui.turns import Turn

_TICK = 0.05
_CLOCK = 0.5
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class ChatTab:
    """Components and events of the tab."""

    def __init__(self, desk: Desk, viewer: Any, listing: Any) -> None:
        self._desk = desk
        self._viewer = viewer
        self._listing = listing
        with gr.Row(elem_id="ask-row"):
            with gr.Column(scale=5, min_width=320, elem_id="talk"):
                self._talk()
            with gr.Column(scale=4, min_width=320, elem_id="beside"):
                self.evidence = gr.HTML(
                    panel.panel_html(None, (), "en"), elem_id="evidence",
                    apply_default_css=False, js_on_load=asset("panel.js"),
                )  # fmt: skip
        self.exporter = gr.HTML("", visible="hidden", js_on_load=asset("exporter.js"))
        self.conversation = gr.Textbox(visible="hidden", elem_id="conversation")
        self._wire()

    def _talk(self) -> None:
        self.chat = gr.Chatbot(
            elem_id="chat", label="Conversation", show_label=False, buttons=[], allow_tags=False,
            latex_delimiters=[], feedback_options=None, layout="panel", height=None,
            group_consecutive_messages=False, line_breaks=False,
        )  # fmt: skip
        self.examples = gr.HTML("", elem_id="examples", apply_default_css=False,
                                js_on_load=asset("examples.js"))  # fmt: skip
        with gr.Row(elem_id="ask-line", equal_height=True):
            self.box = gr.Textbox(show_label=False, label="Question", elem_id="question", lines=1,
                                  max_lines=6, scale=8, autofocus=True, container=False,
                                  max_length=MAX_QUESTION)  # fmt: skip
            self.ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=1, min_width=84)
            self.stop = gr.Button("Stop", elem_id="stop", scale=1, min_width=84, visible=False)
        with gr.Accordion("Limit", open=False, elem_id="filters") as self.limits:
            with gr.Row():
                self.documents = gr.Dropdown([], multiselect=True, label="Documents", scale=3,
                                             elem_id="filter-documents")  # fmt: skip
                self.outlets = gr.Dropdown([], multiselect=True, label="Outlets", scale=2,
                                           elem_id="filter-outlets")  # fmt: skip
            with gr.Row():
                self.since = gr.Textbox(label="Since", placeholder="2024-01-31", max_lines=1)
                self.until = gr.Textbox(label="Until", placeholder="2024-12-31", max_lines=1)

    @property
    def filters(self) -> list[Any]:
        return [self.documents, self.outlets, self.since, self.until]

    @property
    def whole(self) -> list[Any]:
        """Everything that another conversation changes, in the order of `restored`."""
        return [self.chat, self.evidence, self.examples, self.conversation]

    @property
    def labelled(self) -> list[Any]:
        """Components whose words depend on the language, in the order of `words`."""
        return [self.chat, self.box, self.ask, self.stop, self.limits, *self.filters]

    def words(self, language: str) -> list[Any]:
        """Updates for `labelled`."""
        rows = self._desk.documents()
        titles = [(f"{shorten(r.title, 90)} ({PurePath(r.path).name})", r.title) for r in rows]
        outlets = sorted({row.outlet for row in rows if row.outlet})
        return [
            gr.update(placeholder=self._welcome(language)),
            gr.update(label=say(language, "question"), placeholder=say(language, "placeholder")),
            say(language, "ask"),
            say(language, "stop"),
            gr.update(label=say(language, "filters")),
            gr.update(label=say(language, "filter_documents"), choices=titles),
            gr.update(label=say(language, "filter_outlets"), choices=outlets),
            gr.update(label=say(language, "filter_since")),
            gr.update(label=say(language, "filter_until")),
        ]

    def restored(self, session: Session) -> list[Any]:
        """Updates for `whole`."""
        documents = self._desk.documents()
        return [
            messages(session),
            panel.panel_html(session.current, documents, session.language),
            "" if session.turns else self._examples(session.language),
            session.conversation or "",
        ]

    def _welcome(self, language: str) -> str:
        key = "welcome_text"
        if not self._desk.holder.ready:
            key = "loading"
        elif not self._desk.documents():
            key = "welcome_empty"
        words = self._desk.holder.problem if self._desk.holder.ready else None
        return (
            f'<div class="sb-welcome"><h2>{phrase(language, "welcome")}</h2>'
            f"<p>{safe(words or say(language, key))}</p></div>"
        )

    def _examples(self, language: str) -> str:
        rows = "".join(
            f'<button type="button" class="sb-example" data-id="{row.identifier}">'
            f"{safe(shorten(row.title, 70))}</button>"
            for row in self._desk.documents()[:4]
        )
        return f'<p class="sb-small">{phrase(language, "examples")}</p>{rows}' if rows else ""

    def _wire(self) -> None:
        asking = gr.on(
            [self.box.submit, self.ask.click], self._ask, [self.box, *self.filters],
            [self.box, *self.whole, self.ask, self.stop, self._listing],
            concurrency_limit=None, **_QUIET,
        )  # fmt: skip
        asking.then(lambda: (gr.update(visible=True), gr.update(visible=False)), None,
                    [self.ask, self.stop], queue=False, **_QUIET)  # fmt: skip
        self.stop.click(self._stop, None, None, queue=False, **_QUIET)
        self.evidence.recall(self._recall, None, [self.evidence], **_QUIET)
        self.evidence.open(self._open, None, [self._viewer], **_QUIET)
        self.evidence.export(self._export, None, [self.exporter], **_QUIET)
        self.evidence.again(self._again, None, [self.box], **_QUIET).then(
            None, None, None, js="() => { document.querySelector('#question textarea').focus(); }"
        )
        self.examples.example(self._example, None, [self.box], **_QUIET)
        self.conversation.change(
            None, [self.conversation], None,
            js="id => { const a = new URL(location.href); id ? a.searchParams.set('c', id) : "
            "a.searchParams.delete('c'); history.replaceState(null, '', a); }",
        )  # fmt: skip

    async def _ask(
        self, question: str, documents: list[str] | None, outlets: list[str] | None,
        since: str, until: str, request: gr.Request,
    ) -> AsyncIterator[tuple[Any, ...]]:  # fmt: skip
        session = self._desk.session(request.session_hash)
        since, until = (since or "").strip(), (until or "").strip()
        problem = _refused(session, question, since, until)
        if problem is not None:
            if problem:
                gr.Warning(problem)
            yield tuple(gr.skip() for _ in range(8))
            return
        filters = Filters(tuple(documents or ()), tuple(outlets or ()),
                          since.strip() or None, until.strip() or None)  # fmt: skip
        turn = self._desk.ask(session, question.strip(), filters)
        try:
            async for state in self._follow(session, turn):
                yield state
        finally:
            turn.stop.set()

    async def _follow(self, session: Session, turn: Turn) -> AsyncIterator[tuple[Any, ...]]:
        """Redraw at most 20 times a second what changed, and twice a second for the clock."""
        loop, seen, drawn, panel_state = asyncio.get_running_loop(), -1, 0.0, ""
        first: tuple[Any, ...] = ("", gr.update(visible=False), gr.update(visible=True), "")
        while True:
            ended = not turn.running
            if turn.version != seen or loop.time() - drawn > _CLOCK or ended:
                seen, drawn = turn.version, loop.time()
                beside = panel.panel_html(turn, self._desk.documents(), session.language)
                sent = beside if beside != panel_state else gr.skip()
                panel_state = beside
                if not ended:
                    box, ask, stop, examples = first
                    first = (gr.skip(),) * 4
                    yield (box, messages(session), sent, examples, gr.skip(), ask, stop, gr.skip())
            if ended:
                break
            await asyncio.sleep(_TICK)
        listing = gr.skip()
        if turn.answer is not None:
            await asyncio.to_thread(self._desk.keep, session, turn.answer)
            listing = await asyncio.to_thread(conversations_html, self._desk, session)
        yield (
            first[0], messages(session), beside, first[3], session.conversation or "",
            gr.update(visible=True), gr.update(visible=False), listing,
        )  # fmt: skip

    def _stop(self, request: gr.Request) -> None:
        turn = self._desk.session(request.session_hash).current
        if turn is not None:
            turn.stop.set()

    def _recall(self, event: gr.EventData, request: gr.Request) -> Any:
        session = self._desk.session(request.session_hash)
        turn = session.turn(getattr(event, "turn", None))
        if turn is None:
            return gr.skip()
        return panel.panel_html(turn, self._desk.documents(), session.language)

    def _open(self, event: gr.EventData, request: gr.Request) -> Any:
        session = self._desk.session(request.session_hash)
        turn = session.turn(getattr(event, "turn", None))
        if turn is None:
            return gr.skip()
        return open_html(self._desk, session, turn, str(getattr(event, "key", "")))

    def _export(self, event: gr.EventData, request: gr.Request) -> Any:
        session = self._desk.session(request.session_hash)
        turn = session.turn(getattr(event, "turn", None))
        if turn is None or turn.answer is None:
            return gr.skip()
        return export_html(turn, turn.answer, str(getattr(event, "kind", "")), session.language)

    def _again(self, event: gr.EventData, request: gr.Request) -> Any:
        turn = self._desk.session(request.session_hash).turn(getattr(event, "turn", None))
        return turn.question if turn is not None else gr.skip()

    def _example(self, event: gr.EventData, request: gr.Request) -> Any:
        language = self._desk.session(request.session_hash).language
        wanted = str(getattr(event, "id", ""))
        for row in self._desk.documents():
            if str(row.identifier) == wanted:
                return say(language, "example", title=shorten(row.title, 120))
        return gr.skip()


def messages(session: Session) -> list[dict[str, str]]:
    """The whole conversation for `gr.Chatbot`."""
    rows: list[dict[str, str]] = []
    for turn in session.turns:
        rows.append({"role": "user", "content": rendering.question_html(turn)})
        answer = rendering.answer_html(turn, session.language)
        rows.append({"role": "assistant", "content": answer})
    return rows


def conversations_html(desk: Desk, session: Session) -> str:
    """The list of saved conversations, the open one marked."""
    language = session.language
    rows = "".join(
        f'<li class="{"sb-on" if row.identifier == session.conversation else ""}">'
        f'<button type="button" class="sb-pick" data-id="{row.identifier}">{safe(row.title)}'
        f'<span class="sb-small">{safe(row.updated[:10])}</span></button>'
        f'<button type="button" class="sb-rename" data-id="{row.identifier}" '
        f'data-ask="{phrase(language, "rename_to")}" data-title="{safe(row.title)}" '
        f'aria-label="{phrase(language, "rename")}: {safe(row.title)}">✎</button>'
        f'<button type="button" class="sb-delete" data-id="{row.identifier}" '
        f'data-sure="{phrase(language, "delete_sure")}" '
        f'aria-label="{phrase(language, "delete")}: {safe(row.title)}">✕</button></li>'
        for row in desk.conversations.listed(session.owner)
    )
    none = f'<p class="sb-small">{phrase(language, "none_yet")}</p>'
    return f'<ul class="sb-list">{rows}</ul>' if rows else none


def _refused(session: Session, question: str, since: str, until: str) -> str | None:
    """Why a question is not taken, "" to say nothing, None to go on."""
    language = session.language
    if not question.strip():
        return ""
    if session.busy:
        return say(language, "busy")
    if len(question) > MAX_QUESTION:
        return say(language, "too_long", n=MAX_QUESTION)
    for given in (since, until):
        if given and not _DATE.fullmatch(given):
            return say(language, "bad_date", given=shorten(given, 40))
    return None
