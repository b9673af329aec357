"""Erase what is kept of forgotten documents: saved answers, opinions, runs, uploaded copies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from rag.errors import RagError
from rag.evaluation.records import without_texts
from rag.types import Forgotten
from rag.ui.feedback import FEEDBACK_FILE

CONVERSATIONS_FILE = "conversations.db"


def forget_in_state(state: Path, going: Forgotten) -> int:
    """Erase every saved answer and opinion that quotes what is going; how many there were.

    A conversation that is left without a turn goes too. A saved run of the evaluation keeps its
    figures. Uploaded copies of the files are deleted.

    Raises:
        RagError: another process holds the conversations for ten seconds, or a file cannot be
            written. The same call does what is left.
    """
    try:
        count = _in_conversations(state / CONVERSATIONS_FILE, going)
        count += _in_lines(
            state / FEEDBACK_FILE, lambda line: None if _quotes(line, going, "answer") else line
        )
        for run in sorted((state / "evaluation").glob("*.jsonl")):
            count += _in_lines(run, lambda line: _bare(line, going))
        _delete_uploads((state / "uploads").resolve(), going)
    except (sqlite3.Error, OSError) as error:
        raise RagError(
            f"What is saved in {state} about the document cannot all be erased ({error}), and the "
            "document is still in the index. Close the page or mend that, then run the same "
            "command again."
        ) from error
    return count


def _delete_uploads(uploads: Path, going: Forgotten) -> None:
    # Not at earlier paths: another file may stand there by now.
    for path in {Path(each.path) for each in going.documents}:
        if uploads in path.resolve().parents:
            path.unlink(missing_ok=True)


def _in_conversations(path: Path, going: Forgotten) -> int:
    if not path.is_file():
        return 0
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        with connection:
            rows = connection.execute("SELECT id, conversation, answer FROM turns").fetchall()
            gone = [(number, where) for number, where, text in rows if _quotes(text, going)]
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


def _in_lines(path: Path, kept: Callable[[str], str | None]) -> int:
    """Write a file of lines anew, each as `kept` gives it back or left out; how many differ."""
    if not path.is_file():
        return 0
    # A kill may have cut a character in two: what cannot be decoded is written back as it was.
    lines = path.read_text("utf-8", errors="surrogateescape").split("\n")
    drawn = [kept(line) for line in lines]
    changed = sum(new != old for new, old in zip(drawn, lines, strict=True))
    if changed:
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        left = "\n".join(line for line in drawn if line is not None)
        draft.write_text(left, "utf-8", errors="surrogateescape")
        draft.replace(path)
    return changed


def _bare(line: str, going: Forgotten) -> str | None:
    """A line of a run: as it is, or only the figures of its answer where that quotes.

    One that a kill cut off is left out: a run that is gone on with passes over it, too.
    """
    try:
        fields: Any = json.loads(line or "{}")
        answer = fields["result"]["answer"] if "result" in fields else None
    except (ValueError, TypeError, KeyError):
        return None
    if answer is None or "citations" not in answer or not _quotes(json.dumps(answer), going):
        return line
    fields["result"]["answer"] = without_texts(answer)
    return json.dumps(fields, ensure_ascii=False)


def _quotes(text: str, going: Forgotten, inside: str = "") -> bool:
    """Whether a saved answer quotes what is going; one that cannot be read, whether it names it."""
    try:
        fields: Any = json.loads(text)
        answer = fields[inside] if inside else fields
        cited = [
            (each["document"], each["file_sha256"], int(each["start"]), each["quote"])
            for each in (*answer["citations"], *answer["nearest"])
        ]
    except (ValueError, TypeError, KeyError):
        return any(json.dumps(path)[1:-1] in text or path in text for path in going.paths)
    return any(going.hold(*each) for each in cited)
