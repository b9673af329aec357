"""What the page remembers: one session for each open tab, and what all of them share."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from rag.types import Filters, StoredDocument
from rag.ui.conversations import Conversations, SavedTurn
from rag.ui.feedback import Feedback, key_of
from rag.ui.levels import USUAL
from rag.ui.seam import Holder
from rag.ui.shelf import Shelf
from rag.ui.turns import Turn, start_turn

HISTORY_TURNS = 6
_MAX_SESSIONS = 500
_LOG = logging.getLogger(__name__)
Rows = tuple[StoredDocument, ...]


@dataclass(slots=True)
class Session:
    """One open tab. Turns are kept here, because what a browser sends back can be forged.

    `told` is what the tab says is wrong with the models.
    """

    language: str = "en"
    owner: str = ""
    level: str = USUAL
    editing: int | None = None
    conversation: str | None = None
    told: str | None = None
    turns: list[Turn] = field(default_factory=list)

    @property
    def current(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @property
    def busy(self) -> bool:
        return self.current is not None and self.current.running

    def turn(self, number: object) -> Turn | None:
        """The turn of that number, which comes from the browser and may be anything."""
        try:
            wanted = int(str(number))
        except ValueError:
            return None
        return next((turn for turn in self.turns if turn.number == wanted), None)

    def before(self, number: int | None) -> list[Turn]:
        """The turns in front of that one, all for None."""
        return [turn for turn in self.turns if number is None or turn.number < number]

    def saved_from(self, number: int) -> int | None:
        """The first row in which that turn or one behind it is saved."""
        behind = (turn.row for turn in self.turns if turn.number >= number)
        return min((row for row in behind if row is not None), default=None)

    def place_of(self, turn: Turn) -> int:
        """The turn that this one gives way to when it is asked again: where it failed as the last
        one in another's place, that one."""
        wanted = turn.replaces if turn is self.current else None
        return turn.number if wanted is None else wanted

    def history(self, before: int | None = None) -> list[tuple[str, str]]:
        """The last answered turns, in front of that one, as (question, answer)."""
        done = [turn.answer for turn in self.before(before) if turn.answer is not None]
        return [(answer.understood or answer.question, answer.text) for answer in done][
            -HISTORY_TURNS:
        ]


class Desk:
    """Shared by all tabs: the assistant, the conversations, the one place at the model."""

    def __init__(self, holder: Holder, conversations: Conversations, feedback: Feedback) -> None:
        self.holder = holder
        self.conversations = conversations
        self.feedback = feedback
        self._generating = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._shelf = Shelf(holder)
        self.stopping = False

    @property
    def inside(self) -> int:
        """Questions being answered or waiting."""
        return sum(session.busy for session in tuple(self._sessions.values()))

    def stop(self, grace: float) -> None:
        """Take no more questions, and stop what is still being answered after `grace` seconds."""
        self.stopping = True
        cut = threading.Timer(grace, self._stop_all)
        cut.daemon = True
        cut.start()

    def _stop_all(self) -> None:
        for session in tuple(self._sessions.values()):
            if session.current is not None:
                session.current.stop.set()

    def session(self, key: str | None) -> Session:
        """The tab's session; a new one when the page outlived the server."""
        while len(self._sessions) > _MAX_SESSIONS:
            self.drop(next(iter(self._sessions)))
        return self._sessions.setdefault(key or "", Session())

    def drop(self, key: str | None) -> None:
        """Forget a closed tab and stop what it was waiting for."""
        session = self._sessions.pop(key or "", None)
        if session is not None and session.current is not None:
            session.current.stop.set()

    def documents(self) -> tuple[StoredDocument, ...]:
        """All documents, read once until the library changes; none while models load."""
        return self._shelf.documents()

    def library_changed(self) -> None:
        """Read the list of documents again when it is next needed."""
        self._shelf.changed()

    def catch_up(self) -> None:
        """Read it again if `rag index` or the like changed the index beside the page."""
        self._shelf.catch_up()

    def document(self, identifier: object) -> StoredDocument | None:
        """The document of that identifier, which comes from the browser and may be anything."""
        return self._looked_up(
            lambda rows: next((r for r in rows if str(r.identifier) == str(identifier)), None)
        )

    def find(self, path: str, sha256: str | None, start: int) -> StoredDocument | None:
        """The document of a quote, by file and offset."""
        return self._looked_up(lambda rows: _holding(rows, path, sha256, start))

    def _looked_up(self, pick: Callable[[Rows], StoredDocument | None]) -> StoredDocument | None:
        self.catch_up()
        found = pick(self.documents())
        if found is None:
            # A rebuild gives new identifiers to what is, file by file, the same generation.
            self.library_changed()
            found = pick(self.documents())
        return found

    def ask(self, session: Session, question: str, filters: Filters) -> Turn:
        """Begin a turn in a thread and return it at once.

        A question asked again, or in other words, stands at the end until it is answered (`keep`):
        if that fails or is stopped, nothing is lost.
        """
        place, session.editing = session.editing, None
        turn = Turn(len(session.turns) + 1, question, filters, session.level, place)
        history = session.history(place)
        session.turns.append(turn)
        start_turn(turn, self.holder, self._generating, history)
        return turn

    def keep(self, session: Session, turn: Turn) -> bool:
        """Save an answered turn in the session's conversation; False when the disk refuses.

        What it replaces is forgotten here, when its answer stands, and not before.
        """
        if turn.answer is None:
            return True
        since = None
        if turn.replaces is not None:
            earlier = session.before(turn.replaces)
            # By row: not every turn that is saved is shown, and not every one shown was saved.
            since = turn.row = session.saved_from(turn.replaces)
            turn.number, turn.replaces = turn.replaces, None
            session.turns = [*earlier, turn]
        try:
            saved = self.conversations.append(
                session.conversation, turn.answer, session.owner, since
            )
        except (sqlite3.Error, OSError) as problem:
            _LOG.warning("an answer could not be saved: %s", problem)
            return False
        session.conversation, turn.row = saved
        return True

    def rate(self, session: Session, turn: Turn, rating: str, note: str) -> bool:
        """Keep an opinion on an answered turn; False when the disk refuses."""
        if turn.answer is None:
            return True
        try:
            self.feedback.add(turn.answer, rating, note, session.owner)
        except OSError as problem:
            _LOG.warning("an opinion could not be saved: %s", problem)
            return False
        turn.rating = rating
        return True

    def recall(self, session: Session, identifier: str | None) -> None:
        """Make a saved conversation the session's own; an unknown one begins a new one."""
        if session.current is not None:
            session.current.stop.set()
        session.turns, session.conversation, session.editing = [], None, None
        if not identifier:
            return
        ratings = self.feedback.ratings(session.owner)
        for saved in self.conversations.turns(identifier, session.owner):
            session.conversation = identifier
            turn = _past(len(session.turns) + 1, saved)
            turn.rating = ratings.get(key_of(saved.answer), "")
            session.turns.append(turn)


def _holding(rows: Rows, path: str, sha256: str | None, start: int) -> StoredDocument | None:
    same = [r for r in rows if r.path == path or (sha256 is not None and r.file_sha256 == sha256)]
    inside = [row for row in same if row.start <= start < max(row.end, row.start + 1)]
    return next(iter(inside or same), None)


def _past(number: int, saved: SavedTurn) -> Turn:
    answer = saved.answer
    turn = Turn(
        number, saved.question, row=saved.row, answer=answer, seconds=answer.timings.total_s
    )
    turn.done.set()
    return turn
