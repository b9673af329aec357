"""Best passages by BM25, from SQLite's FTS5."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from rag.indexing.terms import question_terms, quoted_phrases

POSTINGS_BUDGET = 10_000
"""How many (term, passage) pairs a question may touch: the frequent terms are dropped first.

They weigh next to nothing in BM25 and cost nearly all the time in a large index.
"""
HEADING_WEIGHT = 0.5
"""A title is repeated in each passage of its document, so it counts half."""


def lexical_search(
    connection: sqlite3.Connection, question: str, count: int, documents: Sequence[int] | None
) -> list[tuple[int, float]]:
    """The best `count` (passage, BM25 score), higher is better, best first.

    `documents` are the documents that may be found; None is all.
    """
    expression = _expression(connection, question)
    if not expression:
        return []
    ranked = f"bm25(lexical, {HEADING_WEIGHT}, 1.0)"
    if documents is None:
        rows = connection.execute(
            f"SELECT rowid, {ranked} AS s FROM lexical WHERE lexical MATCH ? "
            "ORDER BY s, rowid LIMIT ?",
            (expression, count),
        )
    else:
        rows = connection.execute(
            f"SELECT l.rowid, {ranked} AS s FROM lexical l JOIN passages p ON p.id = l.rowid "
            "WHERE lexical MATCH ? AND p.document IN (SELECT value FROM json_each(?)) "
            "ORDER BY s, l.rowid LIMIT ?",
            (expression, json.dumps(list(documents)), count),
        )
    return [(row[0], -row[1]) for row in rows]


def document_frequency(connection: sqlite3.Connection, terms: Sequence[str]) -> dict[str, int]:
    """In how many passages each term occurs, 0 for those that do not."""
    marks = ",".join("?" * len(terms))
    found = dict(
        connection.execute(f"SELECT term, passages FROM terms WHERE term IN ({marks})", list(terms))
    )
    return {term: found.get(term, 0) for term in terms}


def _expression(connection: sqlite3.Connection, question: str) -> str:
    terms = question_terms(question)
    frequency = document_frequency(connection, terms)
    kept: list[str] = []
    touched = 0
    for term in sorted(terms, key=lambda each: frequency[each]):
        touched += frequency[term]
        if kept and frequency[term] and touched > POSTINGS_BUDGET:
            break
        kept.append(term)
    chosen = set(kept)
    parts = [_quoted(term) + ("*" if _one_han(term) else "") for term in terms if term in chosen]
    parts += [
        f'"{" ".join(_plain(term) for term in phrase)}"' for phrase in quoted_phrases(question)
    ]
    return " OR ".join(parts)


def _one_han(term: str) -> bool:
    return len(term) == 1 and not term.isascii() and term.isalpha()


def _quoted(term: str) -> str:
    return f'"{_plain(term)}"'


def _plain(term: str) -> str:
    return term.replace('"', " ")
