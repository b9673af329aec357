"""The Settings tab: how sure an answer must be, and what runs where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.home import home
from rag.ui.levels import LEVELS, USUAL, thresholds
from rag.ui.markup import phrase, safe
from rag.ui.sessions import Desk
from rag.ui.strings import say

_LEVEL = "level"


class SettingsTab:
    """Components and events of the tab."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.level = gr.Radio([], label="When to answer", elem_id="level", visible=False)
        self.facts = gr.HTML("", elem_id="settings", apply_default_css=False)

    @property
    def labelled(self) -> list[Any]:
        """Components whose words depend on the language, in the order of `shown`."""
        return [self.level, self.facts]

    def shown(self, language: str, level: str) -> list[Any]:
        """Updates for `labelled`."""
        holder = self._desk.holder
        if not holder.ready or holder.problem is not None:
            words = holder.problem if holder.ready else say(language, "loading")
            return [gr.update(visible=False), facts_html({}, language, words)]
        try:
            limits = thresholds(holder.get())
        except RagError as problem:  # or the whole page, which shows this tab too, would be blank
            return [gr.update(visible=False), facts_html({}, language, str(problem))]
        choices = [
            (say(language, f"level_{name}", n=f"{limits[name]:.2f}"), name)
            for name in LEVELS
            if name in limits
        ]
        update = gr.update(
            choices=choices, value=level, visible=bool(choices), label=say(language, "level"),
            info=say(language, "level_info"),
        )  # fmt: skip
        return [update, self._facts(language)]

    def remembered(self, owner: str) -> str:
        """The level of the last visit."""
        kept = self._desk.conversations.preference(_LEVEL, owner)
        return kept if kept in LEVELS else USUAL

    def choose(self, level: str | None, request: gr.Request) -> None:
        """Take a level for this tab and the visits to come."""
        session = self._desk.session(request.session_hash)
        if level in LEVELS:
            session.level = level
            self._desk.conversations.prefer(_LEVEL, level, session.owner)

    def _facts(self, language: str) -> str:
        try:
            facts = self._desk.holder.get().describe()
        except RagError as problem:
            return facts_html({}, language, str(problem))
        folder = {say(language, "home_folder"): str(home().root)}
        return facts_html({**facts, **folder}, language)


def facts_html(facts: Mapping[str, str], language: str, problem: str | None = None) -> str:
    """What runs where, by the assistant's own account."""
    rows = "".join(f"<dt>{safe(k)}</dt><dd>{safe(v)}</dd>" for k, v in facts.items())
    bad = f'<p class="sb-problem">{safe(problem)}</p>' if problem else ""
    return (
        f'<h2>{phrase(language, "what_runs")}</h2>{bad}<dl class="sb-facts">{rows}</dl>'
        f'<p class="sb-small">{phrase(language, "settings_local")}</p>'
    )
