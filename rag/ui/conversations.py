"""Conversations kept in one SQLite file on this machine, readable by its owner only."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rag.answering.serialise import from_dict, to_json
from rag.errors import InputError
from rag.types import Answer

_LOG = logging.getLogger(__name__)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations(
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
    updated TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
CREATE TABLE IF NOT EXISTS turns(
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations(id),
    question TEXT NOT NULL, answer TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS preferences(
    owner TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (owner, name));
CREATE INDEX IF NOT EXISTS turns_of ON turns(conversation);
"""
_TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Conversation:
    """A line of the list; `updated` is ISO 8601 in UTC."""

    identifier: str
    title: str
    updated: str


class Saved(NamedTuple):
    """Where a turn was saved: its conversation and its row."""

    conversation: str
    row: int


class SavedTurn(NamedTuple):
    """A turn as saved. Rows of a conversation grow from turn to turn."""

    row: int
    question: str
    answer: Answer


class Conversations:
    """All conversations of one home. Every call opens its own connection: any thread may call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        path.chmod(0o600)
        with self._open() as connection:
            connection.executescript(_SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock, closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            yield connection

    def listed(self, owner: str = "", limit: int = 200) -> list[Conversation]:
        """The owner's conversations, the latest first."""
        query = (
            "SELECT id, title, updated FROM conversations WHERE owner = ? "
            "ORDER BY updated DESC, rowid DESC LIMIT ?"
        )
        with self._open() as connection:
            return [Conversation(*row) for row in connection.execute(query, (owner, limit))]

    def turns(self, identifier: str, owner: str = "") -> list[SavedTurn]:
        """Those that can be read, in order; empty for an unknown conversation."""
        query = (
            "SELECT turns.id, question, answer FROM turns "
            "JOIN conversations AS c ON c.id = conversation WHERE c.id = ? AND c.owner = ? "
            "ORDER BY turns.id"
        )
        with self._open() as connection:
            rows = connection.execute(query, (identifier, owner)).fetchall()
        kept = []
        for row, question, data in rows:
            try:
                kept.append(SavedTurn(row, question, from_dict(json.loads(data))))
            except (InputError, ValueError) as problem:
                _LOG.warning("a saved answer of another version is left out: %s", problem)
        return kept

    def append(
        self, identifier: str | None, answer: Answer, owner: str = "", since: int | None = None
    ) -> Saved:
        """Add a turn, to a new conversation when there is none.

        It takes the place of the turn in row `since` and of all behind it: both is done, or
        neither.
        """
        data = to_json(answer)
        with self._open() as connection:
            known = connection.execute(
                "SELECT 1 FROM conversations WHERE id = ? AND owner = ?", (identifier, owner)
            ).fetchone()
            if identifier is None or known is None:
                identifier = uuid.uuid4().hex
                title = " ".join(answer.question.split())[:_TITLE_LENGTH]
                connection.execute(
                    "INSERT INTO conversations(id, owner, title) VALUES (?, ?, ?)",
                    (identifier, owner, title),
                )
            elif since is not None:
                connection.execute(
                    "DELETE FROM turns WHERE conversation = ? AND id >= ?", (identifier, since)
                )
            connection.execute(
                "INSERT INTO turns(conversation, question, answer) VALUES (?, ?, ?)",
                (identifier, answer.question, data),
            )
            row = connection.execute("SELECT last_insert_rowid()").fetchone()[0]
            connection.execute(
                "UPDATE conversations SET updated = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') "
                "WHERE id = ?",
                (identifier,),
            )
        return Saved(identifier, row)

    def title(self, identifier: str, owner: str = "") -> str | None:
        """A conversation's name, None for an unknown one."""
        query = "SELECT title FROM conversations WHERE id = ? AND owner = ?"
        with self._open() as connection:
            row = connection.execute(query, (identifier, owner)).fetchone()
        return None if row is None else str(row[0])

    def preference(self, name: str, owner: str = "") -> str | None:
        """What `prefer` stored."""
        query = "SELECT value FROM preferences WHERE owner = ? AND name = ?"
        with self._open() as connection:
            row = connection.execute(query, (owner, name)).fetchone()
        return None if row is None else str(row[0])

    def prefer(self, name: str, value: str, owner: str = "") -> None:
        """Remember a choice of the owner's for the next visit."""
        with self._open() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO preferences(owner, name, value) VALUES (?, ?, ?)",
                (owner, name, value),
            )

    def rename(self, identifier: str, title: str, owner: str = "") -> None:
        """Give a conversation another name; an empty one changes nothing."""
        title = " ".join(title.split())[:_TITLE_LENGTH]
        if not title:
            return
        with self._open() as connection:
            connection.execute(
                "UPDATE conversations SET title = ? WHERE id = ? AND owner = ?",
                (title, identifier, owner),
            )

    def delete(self, identifier: str, owner: str = "") -> None:
        """Forget a conversation and its turns; unknown ones are no error."""
        with self._open() as connection:
            connection.execute(
                "DELETE FROM turns WHERE conversation IN "
                "(SELECT id FROM conversations WHERE id = ? AND owner = ?)",
                (identifier, owner),
            )
            connection.execute(
                "DELETE FROM conversations WHERE id = ? AND owner = ?", (identifier, owner)
            )
