"""Which documents may answer: the boxes to choose them, and a chip for each choice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

import gradio as gr

from rag.ui.levels import USUAL
from rag.ui.limits import boxes_of, chips_html
from rag.ui.markup import shorten
from rag.ui.sessions import Desk
from rag.ui.strings import say
from rag.ui.theme import asset

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class FilterBar:
    """The chips above the question and the boxes below it. Built in two places of the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.chips = gr.HTML("", elem_id="chips", apply_default_css=False,
                             js_on_load=asset("chips.js"))  # fmt: skip

    def build_boxes(self) -> None:
        """Add the boxes at this place of the page."""
        with gr.Accordion("Limit", open=False, elem_id="filters") as self.box:
            with gr.Row():
                self.documents = gr.Dropdown([], multiselect=True, label="Documents", scale=3,
                                             elem_id="filter-documents")  # fmt: skip
                self.outlets = gr.Dropdown([], multiselect=True, label="Outlets", scale=2,
                                           elem_id="filter-outlets")  # fmt: skip
            with gr.Row():
                self.since = gr.Textbox(label="Since", placeholder="2024-01-31", max_lines=1)
                self.until = gr.Textbox(label="Until", placeholder="2024-12-31", max_lines=1)
        self.box.expand(self._opened, self.values[:2], self.values[:2], **_QUIET)
        self.chips.drop(self._drop, self.values, [*self.values, self.chips], **_QUIET)
        gr.on([box.change for box in self.values], self.drawn, self.values, [self.chips],
              trigger_mode="always_last", **_QUIET)  # fmt: skip

    @property
    def values(self) -> list[Any]:
        """The boxes, in the order of `boxes_of`."""
        return [self.documents, self.outlets, self.since, self.until]

    @property
    def labelled(self) -> list[Any]:
        """Components whose words depend on the language, in the order of `words`."""
        return [self.box, *self.values]

    def words(self, language: str) -> list[Any]:
        """Updates for `labelled`."""
        return [
            gr.update(label=say(language, "filters")),
            gr.update(label=say(language, "filter_documents"), choices=self._titles()),
            gr.update(label=say(language, "filter_outlets"), choices=self._outlets()),
            gr.update(label=say(language, "filter_since")),
            gr.update(label=say(language, "filter_until")),
        ]

    def only(self, title: str) -> Any:
        """The box of documents with that one chosen, which may be newer than its choices."""
        return gr.update(choices=self._titles([title]), value=[title])

    def _opened(self, documents: list[str] | None, outlets: list[str] | None) -> list[Any]:
        self._desk.catch_up()
        return [
            gr.update(choices=self._titles(documents or ())),
            gr.update(choices=self._outlets(outlets or ())),
        ]

    def _titles(self, chosen: Iterable[str] = ()) -> list[tuple[str, str]]:
        """(words, title) of each document, and of chosen ones that are gone: Gradio takes no value
        that is not among the choices."""
        rows = self._desk.documents()
        here = [(f"{shorten(r.title, 90)} ({PurePath(r.path).name})", r.title) for r in rows]
        gone = set(chosen) - {row.title for row in rows}
        return here + [(shorten(title, 90), title) for title in sorted(gone)]

    def _outlets(self, chosen: Iterable[str] = ()) -> list[str]:
        return sorted({*chosen, *(row.outlet for row in self._desk.documents() if row.outlet)})

    def drawn(
        self, documents: list[str] | None, outlets: list[str] | None,
        since: str, until: str, request: gr.Request,
    ) -> str:  # fmt: skip
        """The chips for what the boxes say."""
        session = self._desk.session(request.session_hash)
        return chips_html(boxes_of(documents, outlets, since, until), session)

    def _drop(
        self, documents: list[str] | None, outlets: list[str] | None,
        since: str, until: str, event: gr.EventData, request: gr.Request,
    ) -> list[Any]:  # fmt: skip
        session = self._desk.session(request.session_hash)
        kind, value = str(getattr(event, "kind", "")), str(getattr(event, "value", ""))
        documents = [row for row in documents or [] if (kind, row) != ("document", value)]
        outlets = [row for row in outlets or [] if (kind, row) != ("outlet", value)]
        since, until = "" if kind == "since" else since, "" if kind == "until" else until
        if kind == "editing":
            session.editing = None
        if kind == "level":
            session.level = USUAL
        chips = chips_html(boxes_of(documents, outlets, since, until), session)
        return [documents, outlets, since, until, chips]
