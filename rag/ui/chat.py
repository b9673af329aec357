"""The Ask tab: question and streamed answer on the left, evidence on the right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from rag.answering.asking import LONGEST_QUESTION
from rag.ui import evidence as panel
from rag.ui import talk
from rag.ui.filter_bar import FilterBar
from rag.ui.limits import bad_date, boxes_of, chips_html
from rag.ui.markup import shorten
from rag.ui.opening import conversation_html, export_html, open_html
from rag.ui.originals import Originals
from rag.ui.sessions import Desk, Session
from rag.ui.strings import say
from rag.ui.theme import asset
from rag.ui.turns import Turn

_TICK = 0.05
_CLOCK = 0.5
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_SKIPPED = tuple(gr.skip() for _ in range(8))
_LEFT = (*_SKIPPED[:5], gr.update(visible=True), gr.update(visible=False), *_SKIPPED[:2])
"""After a question from which the reader went to another conversation: all drawn is that one's."""


class ChatTab:
    """Components and events of the tab."""

    def __init__(self, desk: Desk, originals: Originals, viewer: Any, listing: Any) -> None:
        self._desk = desk
        self._originals = originals
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
        self.opinion = gr.HTML(talk.opinion_html("en"), elem_id="opinion",
                               apply_default_css=False, js_on_load=asset("opinion.js"))  # fmt: skip
        self.conversation = gr.Textbox(visible="hidden", elem_id="conversation")
        self._wire_question()
        self._wire_answers()

    def _talk(self) -> None:
        self.chat = gr.Chatbot(
            elem_id="chat", label="Conversation", show_label=False, buttons=[], allow_tags=False,
            latex_delimiters=[], feedback_options=None, layout="panel", height=None,
            group_consecutive_messages=False, line_breaks=False,
        )  # fmt: skip
        self.examples = gr.HTML("", elem_id="examples", apply_default_css=False,
                                js_on_load=asset("examples.js"))  # fmt: skip
        self.filters = FilterBar(self._desk)
        with gr.Row(elem_id="ask-line", equal_height=True):
            self.box = gr.Textbox(show_label=False, label="Question", elem_id="question", lines=1,
                                  max_lines=6, scale=8, autofocus=True, container=False,
                                  max_length=LONGEST_QUESTION)  # fmt: skip
            self.ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=1, min_width=84)
            self.stop = gr.Button("Stop", elem_id="stop", scale=1, min_width=84, visible=False)
        self.filters.build_boxes()

    @property
    def whole(self) -> list[Any]:
        """Everything that another conversation changes, in the order of `restored`."""
        return [self.chat, self.evidence, self.examples, self.conversation]

    @property
    def labelled(self) -> list[Any]:
        """Components whose words depend on the language, in the order of `words`."""
        return [self.chat, self.box, self.ask, self.stop, self.opinion, *self.filters.labelled]

    def words(self, language: str) -> list[Any]:
        """Updates for `labelled`."""
        return [
            gr.update(placeholder=talk.welcome_html(self._desk, language)),
            gr.update(label=say(language, "question"), placeholder=say(language, "placeholder")),
            say(language, "ask"),
            say(language, "stop"),
            talk.opinion_html(language),
            *self.filters.words(language),
        ]

    def restored(self, session: Session) -> list[Any]:
        """Updates for `whole`."""
        documents = self._desk.documents()
        return [
            talk.messages(session),
            panel.panel_html(session.current, documents, session.language),
            "" if session.turns else talk.examples_html(self._desk, session.language),
            session.conversation or "",
        ]

    def _wire_question(self) -> None:
        asked = [self.box, *self.filters.values]
        shown = [self.box, *self.whole, self.ask, self.stop, self._listing, self.filters.chips]
        again = self.evidence.again(self._again, None, [self.box], **_QUIET)
        streams = (
            gr.on([self.box.submit, self.ask.click], self._ask, asked, shown,
                  concurrency_limit=None, **_QUIET),
            again.success(self._ask, asked, shown, concurrency_limit=None, **_QUIET),
        )  # fmt: skip
        for stream in streams:
            stream.then(lambda: (gr.update(visible=True), gr.update(visible=False)), None,
                        [self.ask, self.stop], queue=False, **_QUIET)  # fmt: skip
        self.stop.click(self._stop, None, None, queue=False, **_QUIET)
        self.examples.example(self._example, None, [self.box], **_QUIET)
        self.evidence.edit(
            self._edit, self.filters.values, [self.box, self.filters.chips], **_QUIET
        ).then(
            None, None, None, js="() => { document.querySelector('#question textarea').focus(); }"
        )

    def _wire_answers(self) -> None:
        self.evidence.recall(self._recall, None, [self.evidence], **_QUIET)
        self.evidence.open(self._open, None, [self._viewer], **_QUIET)
        self.evidence.export(self._export, None, [self.exporter], **_QUIET)
        self._listing.save(self._save, None, [self.exporter], **_QUIET)
        # A note may come while the thumb before it is still on its way: none is left out, and
        # they are kept in the order in which they come.
        self.opinion.rate(self._rate, None, [self.chat], trigger_mode="multiple",
                          concurrency_limit=1, **_QUIET)  # fmt: skip
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
        boxes = boxes_of(documents, outlets, since, until)
        problem = self._refused(session, question)
        if problem is None:
            problem = bad_date(boxes, session.language)
        if problem is not None:
            if problem:
                gr.Warning(problem)
            yield *_SKIPPED, chips_html(boxes, session)
            return
        asked = session, question.strip(), boxes.filters()
        turn = await asyncio.to_thread(self._desk.ask, *asked)
        try:
            async for state in self._follow(session, turn):
                yield state
        finally:
            turn.stop.set()

    async def _follow(self, session: Session, turn: Turn) -> AsyncIterator[tuple[Any, ...]]:
        """Redraw at most 20 times a second what changed, and twice a second for the clock."""
        loop, seen, drawn, panel_state = asyncio.get_running_loop(), -1, 0.0, ""
        first: tuple[Any, ...] = (
            "", "", gr.update(visible=False), gr.update(visible=True),
            chips_html(turn.filters, session),
        )  # fmt: skip
        while True:
            ended = not turn.running
            if turn.version != seen or loop.time() - drawn > _CLOCK or ended:
                seen, drawn = turn.version, loop.time()
                beside = panel.panel_html(turn, self._desk.documents(), session.language)
                sent = beside if beside != panel_state else gr.skip()
                panel_state = beside
                if not ended:
                    box, examples, ask, stop, chips = first
                    first = (gr.skip(),) * 5
                    yield (box, talk.messages(session), sent, examples, gr.skip(), ask, stop,
                           gr.skip(), chips)  # fmt: skip
            if ended:
                break
            await asyncio.sleep(_TICK)
        if session.turn(turn.number) is not turn:
            yield _LEFT
            return
        listing = gr.skip()
        if turn.answer is not None:
            if not await asyncio.to_thread(self._desk.keep, session, turn):
                gr.Warning(say(session.language, "not_saved"))
            await asyncio.to_thread(self._desk.catch_up)  # a quote may be of a new document
            beside = panel.panel_html(turn, self._desk.documents(), session.language)  # its number
            listing = await asyncio.to_thread(talk.conversations_html, self._desk, session)
        yield (
            first[0], talk.messages(session), beside, first[1], session.conversation or "",
            gr.update(visible=True), gr.update(visible=False), listing, first[4],
        )  # fmt: skip

    def _stop(self, request: gr.Request) -> None:
        turn = self._desk.session(request.session_hash).current
        if turn is not None:
            turn.stop.set()

    def _turn(self, event: gr.EventData, request: gr.Request) -> tuple[Session, Turn | None]:
        session = self._desk.session(request.session_hash)
        return session, session.turn(getattr(event, "turn", None))

    def _recall(self, event: gr.EventData, request: gr.Request) -> Any:
        session, turn = self._turn(event, request)
        if turn is None:
            return gr.skip()
        return panel.panel_html(turn, self._desk.documents(), session.language)

    def _open(self, event: gr.EventData, request: gr.Request) -> Any:
        session, turn = self._turn(event, request)
        if turn is None:
            return gr.skip()
        return open_html(self._desk, self._originals, session, turn, str(getattr(event, "key", "")))

    def _export(self, event: gr.EventData, request: gr.Request) -> Any:
        session, turn = self._turn(event, request)
        if turn is None or turn.answer is None:
            return gr.skip()
        kind = str(getattr(event, "kind", ""))
        return export_html(self._desk, turn, turn.answer, kind, session.language)

    def _save(self, event: gr.EventData, request: gr.Request) -> Any:
        session = self._desk.session(request.session_hash)
        return conversation_html(self._desk, session, str(getattr(event, "id", ""))) or gr.skip()

    def _rate(self, event: gr.EventData, request: gr.Request) -> Any:
        session, turn = self._turn(event, request)
        if turn is None or turn.answer is None:
            return gr.skip()
        rating, note = str(getattr(event, "rating", "")), str(getattr(event, "note", ""))
        if not self._desk.rate(session, turn, rating, note):
            gr.Warning(say(session.language, "not_saved"))
        return talk.messages(session)

    def _again(self, event: gr.EventData, request: gr.Request) -> Any:
        session, turn = self._turn(event, request)
        if turn is None or session.busy:
            return gr.skip()
        session.editing = session.place_of(turn)
        return turn.question

    def _edit(
        self, documents: list[str] | None, outlets: list[str] | None, since: str, until: str,
        event: gr.EventData, request: gr.Request,
    ) -> tuple[Any, Any]:  # fmt: skip
        session, turn = self._turn(event, request)
        if turn is None or session.busy:
            return gr.skip(), gr.skip()
        session.editing = session.place_of(turn)
        return turn.question, chips_html(boxes_of(documents, outlets, since, until), session)

    def _example(self, event: gr.EventData, request: gr.Request) -> Any:
        language = self._desk.session(request.session_hash).language
        wanted = str(getattr(event, "id", ""))
        for row in self._desk.documents():
            if str(row.identifier) == wanted:
                return say(language, "example", title=shorten(row.title, 120))
        return gr.skip()

    def _refused(self, session: Session, question: str) -> str | None:
        """Why a question is not taken, "" to say nothing, None to go on."""
        if not question.strip():
            return ""
        if session.busy:
            return say(session.language, "busy")
        if len(question.strip()) > LONGEST_QUESTION:
            return say(session.language, "too_long", n=LONGEST_QUESTION)
        if self._desk.stopping:
            return say(session.language, "stopping")
        return None
