"""Erase what the page keeps of forgotten documents: saved answers, opinions, uploaded copies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from rag.errors import RagError
from rag.types import StoredDocument
from rag.ui.feedback import FEEDBACK_FILE

CONVERSATIONS_FILE = "conversations.db"


def forget_in_state(state: Path, documents: Sequence[StoredDocument]) -> int:
    """Erase every saved answer and opinion that quotes one of `documents`; how many there were.

    A conversation that is left without a turn goes too. Uploaded copies of the files are deleted.

    Raises:
        RagError: another process holds the conversations for ten seconds, or a file cannot be
            written. The same call does what is left.
    """
    try:
        count = _in_conversations(state / CONVERSATIONS_FILE, documents)
        count += _in_feedback(state / FEEDBACK_FILE, documents)
        _delete_uploads((state / "uploads").resolve(), documents)
    except (sqlite3.Error, OSError) as error:
        raise RagError(
            f"What is saved in {state} about the document cannot all be erased ({error}), and the "
            "document is still in the index. Close the page or mend that, then run the same "
            "command again."
        ) from error
    return count


def _delete_uploads(uploads: Path, documents: Sequence[StoredDocument]) -> None:
    for path in {Path(each.path) for each in documents}:
        if uploads in path.resolve().parents:
            path.unlink(missing_ok=True)


def _in_conversations(path: Path, documents: Sequence[StoredDocument]) -> int:
    if not path.is_file():
        return 0
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        with connection:
            rows = connection.execute("SELECT id, conversation, answer FROM turns").fetchall()
            gone = [(number, where) for number, where, text in rows if _quotes(text, documents)]
            connection.executemany("DELETE FROM turns WHERE id = ?", [row[:1] for row in gone])
            connection.execute(
                "DELETE FROM conversations WHERE id NOT IN (SELECT conversation FROM turns)"
            )
            # A conversation is named after its first question, which may be among the erased.
            connection.executemany(
                "UPDATE conversations SET title = (SELECT substr(question, 1, 80) FROM turns "
                "WHERE conversation = conversations.id ORDER BY turns.id LIMIT 1) WHERE id = ?",
                [row[1:] for row in gone],
            )
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(gone)


def _in_feedback(path: Path, documents: Sequence[StoredDocument]) -> int:
    if not path.is_file():
        return 0
    # A kill may have cut a character in two: what cannot be decoded is written back as it was.
    lines = path.read_text("utf-8", errors="surrogateescape").split("\n")
    kept = [line for line in lines if not _quotes(line, documents, "answer")]
    if len(kept) < len(lines):
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text("\n".join(kept), "utf-8", errors="surrogateescape")
        draft.replace(path)
    return len(lines) - len(kept)


def _quotes(text: str, documents: Sequence[StoredDocument], inside: str = "") -> bool:
    """Whether a saved answer quotes one of the documents.

    Offsets count in the version of the file that was quoted. In another version they tell nothing,
    so all quotes of it are taken for quotes of the document: rather one erased too many than one
    left. An answer that cannot be read is judged by whether it names the file.
    """
    try:
        fields: Any = json.loads(text)
        answer = fields[inside] if inside else fields
        cited = [*answer["citations"], *answer["nearest"]]
        places = [(each["document"], each["file_sha256"], int(each["start"])) for each in cited]
    except (ValueError, TypeError, KeyError):
        return any(json.dumps(each.path)[1:-1] in text or each.path in text for each in documents)
    return any(
        path == each.path and (sha256 != each.file_sha256 or each.start <= start < each.end)
        for path, sha256, start in places
        for each in documents
    )
