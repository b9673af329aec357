"""One question and what has been heard of its answer so far, filled by a worker thread.

The page reads snapshots of a turn; it never iterates the assistant itself, because a Gradio
generator changes threads between two yields and cannot be interrupted inside one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.errors import RagError
from rag.types import (
    Answer,
    AnswerReady,
    Event,
    Evidence,
    EvidenceFound,
    EvidenceJudged,
    Filters,
    Stage,
    TokenWritten,
)
from rag.ui.levels import at_level
from rag.ui.seam import Holder

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Step:
    """A stage with the seconds since the question at which it began."""

    name: str
    detail: str
    began: float


@dataclass(slots=True)
class Turn:
    """State of one turn. `version` grows with every change, so a reader knows when to redraw.

    Once its answer stands, it takes the place of turn `replaces` and of all behind it. `row` is
    where it is saved; for one that could not be, where that begins which it should have replaced.
    """

    number: int
    question: str
    filters: Filters = field(default_factory=Filters)
    level: str = ""
    replaces: int | None = None
    row: int | None = None
    rating: str = ""
    asked: float = field(default_factory=time.monotonic)
    steps: list[Step] = field(default_factory=list)
    evidence: tuple[Evidence, ...] = ()
    judged: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    answer: Answer | None = None
    problem: str | None = None
    seconds: float | None = None
    version: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        return not self.done.is_set() and not self.stop.is_set()

    @property
    def stopped(self) -> bool:
        return self.stop.is_set() and self.answer is None

    def elapsed(self) -> float:
        """Seconds since the question, or what the whole turn took."""
        return self.seconds if self.seconds is not None else time.monotonic() - self.asked

    def enter(self, name: str, detail: str = "") -> None:
        """Begin a stage."""
        self.steps.append(Step(name, detail, self.elapsed()))
        self.version += 1

    def take(self, event: Event) -> None:
        """Fold one event into the state."""
        match event:
            case Stage(name, detail):
                self.enter(name, detail)
            case EvidenceFound(evidence):
                self.evidence = evidence
            case EvidenceJudged(judged):
                self.judged = judged
            case TokenWritten(text):
                if not self.text and (not self.steps or self.steps[-1].name != "writing"):
                    self.enter("writing")
                self.text += text
            case AnswerReady(answer):
                self.answer = answer
        self.version += 1


def run_turn(
    turn: Turn,
    holder: Holder,
    generating: threading.Lock,
    history: Sequence[tuple[str, str]],
) -> None:
    """Answer a turn. `generating` admits one model run at a time; retrieval does not wait."""
    holding = False
    try:
        if not holder.ready or holder.problem is not None:
            turn.enter("loading")
        assistant = at_level(holder.get(), turn.level)
        for event in assistant.stream(turn.question, history, turn.filters, turn.stop):
            if turn.stop.is_set():
                break
            turn.take(event)
            if isinstance(event, EvidenceFound) and not holding:
                holding = _wait_for(generating, turn)
    except RagError as problem:
        turn.problem = str(problem)
    except Exception:
        _LOG.exception("a question could not be answered")
        turn.problem = "internal"
    finally:
        if holding:
            generating.release()
        turn.seconds = turn.elapsed()
        turn.version += 1
        turn.done.set()


def start_turn(
    turn: Turn,
    holder: Holder,
    generating: threading.Lock,
    history: Sequence[tuple[str, str]],
) -> None:
    """Run `run_turn` in a thread that does not keep the process alive."""
    arguments = (turn, holder, generating, tuple(history))
    threading.Thread(target=run_turn, args=arguments, daemon=True).start()


def _wait_for(generating: threading.Lock, turn: Turn) -> bool:
    if generating.acquire(blocking=False):
        return True
    turn.enter("waiting")
    while not turn.stop.is_set():
        if generating.acquire(timeout=0.1):
            return True
    return False
