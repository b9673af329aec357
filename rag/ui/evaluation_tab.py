"""The Evaluation tab: saved runs, two of them compared, and a short run started from here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.ui import reports
from rag.ui.markup import phrase, safe
from rag.ui.seam import Evaluate, RunProgressLike
from rag.ui.sessions import Desk
from rag.ui.strings import say

_LOG = logging.getLogger(__name__)
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


class _StoppedByReaderError(RagError):
    """Ends a run from inside its progress callback; what is done is kept."""


class EvaluationTab:
    """Components and events of the tab. One run at a time, whoever started it."""

    def __init__(self, desk: Desk, evaluate: Evaluate | None) -> None:
        self._desk = desk
        self._evaluate = evaluate
        self._running = threading.Lock()
        self._run: _Running | None = None
        with gr.Row(elem_id="runs"):
            self.run = gr.Dropdown([], label="Run", elem_id="run", scale=3, min_width=220)
            self.other = gr.Dropdown([], label="Compare with", elem_id="run-other", scale=3,
                                     min_width=220)  # fmt: skip
            self.start = gr.Button("Quick run", elem_id="run-start", scale=1, min_width=130,
                                   visible=evaluate is not None)  # fmt: skip
            self.stop = gr.Button("Stop", elem_id="run-stop", scale=1, min_width=130,
                                  visible=False)  # fmt: skip
        self.status = gr.HTML("", elem_id="run-status")
        self.view = gr.HTML("", elem_id="evaluation", apply_default_css=False)
        self._wire()

    @property
    def labelled(self) -> list[Any]:
        """Components whose words depend on the language, in the order of `words`."""
        return [self.run, self.other, self.start, self.stop]

    def words(self, language: str) -> list[Any]:
        """Updates for `labelled`."""
        return [
            gr.update(label=say(language, "run")),
            gr.update(label=say(language, "compare_with")),
            say(language, "quick_run"),
            say(language, "stop"),
        ]

    def opened(self, request: gr.Request) -> tuple[Any, Any, str]:
        """The tab comes into view: updates for `run`, `other` and `view`."""
        return self._listed(self._desk.session(request.session_hash).language, None)

    def _wire(self) -> None:
        chosen = [self.run, self.other]
        for box in chosen:
            box.input(self._show, chosen, [self.view], **_QUIET)
        self.start.click(
            self._begin, None, [self.status, self.start, self.stop, *chosen, self.view],
            concurrency_limit=1, **_QUIET,
        )  # fmt: skip
        self.stop.click(self._end, None, None, queue=False, **_QUIET)

    def _listed(self, language: str, wanted: str | None) -> tuple[Any, Any, str]:
        names = list(reports.runs())
        shown = wanted if wanted in names else next(iter(names), None)
        none = (say(language, "no_other_run"), "")
        return (
            gr.update(choices=names, value=shown),
            gr.update(choices=[none, *names], value=""),
            self._html(shown, "", language),
        )

    def _show(self, name: str | None, other: str | None, request: gr.Request) -> str:
        return self._html(name, other, self._desk.session(request.session_hash).language)

    def _html(self, name: str | None, other: str | None, language: str) -> str:
        known = reports.runs()
        if name not in known:
            return f'<p class="sb-empty">{phrase(language, "no_reports")}</p>'
        try:
            if other in known and other != name:
                return reports.comparison_html(known[other], known[name], language)
            return reports.run_html(known[name], language)
        except RagError as problem:
            return f'<p class="sb-problem">{safe(problem)}</p>'

    def _begin(self, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        language = self._desk.session(request.session_hash).language
        still = (gr.skip(),) * 5
        if self._evaluate is None or not self._running.acquire(blocking=False):
            yield (_note(say(language, "run_busy")), *still)
            return
        run = self._run = _Running(self._evaluate, self._desk, self._running)
        shown, hidden = gr.update(visible=True), gr.update(visible=False)
        try:
            for state in run.states():
                yield _bar(state, language), hidden, shown, *still[:3]
        finally:
            run.stop.set()
        words = run.problem or say(language, "run_done", name=run.name or "")
        listed = self._listed(language, run.name)
        yield _note(words), shown, hidden, *listed

    def _end(self) -> None:
        if self._run is not None:
            self._run.stop.set()


class _Running:
    """An evaluation in a thread of its own, which lets go of `held` when it ends.

    `name` or `problem` stands then. `stop` ends it at its next question.
    """

    def __init__(self, evaluate: Evaluate, desk: Desk, held: threading.Lock) -> None:
        self.name: str | None = None
        self.problem: str | None = None
        self.stop = threading.Event()
        self._held = held
        self._state: RunProgressLike | None = None
        self._changed = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(evaluate, desk), daemon=True)
        self._thread.start()

    def states(self) -> Iterator[RunProgressLike | None]:
        """How far it is, at least every second, until it ends."""
        while self._thread.is_alive():
            yield self._state
            self._changed.wait(1.0)
            self._changed.clear()

    def _work(self, evaluate: Evaluate, desk: Desk) -> None:
        try:
            self.name = evaluate(desk.holder.get(), self._take)
        except RagError as problem:
            self.problem = str(problem)
        except Exception as problem:
            _LOG.exception("the evaluation ended badly")
            self.problem = f"{type(problem).__name__}: {problem}"
        finally:
            self._held.release()
            self._changed.set()

    def _take(self, state: RunProgressLike) -> None:
        self._state = state
        self._changed.set()
        if self.stop.is_set():
            raise _StoppedByReaderError(
                f"Stopped after {state.done} of {state.total}; the next run goes on from there."
            )


def _bar(state: RunProgressLike | None, language: str) -> str:
    if state is None:
        return _note(say(language, "run_prepares"))
    percent = round(100 * state.done / max(state.total, 1))
    left = f"{(state.remaining_s or 0) / 60:.1f}"
    words = phrase(language, "run_at", done=state.done, all=state.total, left=left)
    return (
        f'<div class="sb-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{percent}" aria-label="{words}">'
        f'<span style="width: {percent}%"></span></div><p class="sb-small">{words}</p>'
    )


def _note(words: str) -> str:
    return f'<p class="sb-small" role="status">{safe(words)}</p>'
