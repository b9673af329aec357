"""Best passages by BM25, from SQLite's FTS5."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Mapping, Sequence

from rag.indexing.terms import question_terms, quoted_phrases

POSTINGS_BUDGET = 10_000
"""How many (term, passage) pairs a question may touch: the frequent terms are left for later.

They weigh little in BM25 and cost nearly all the time in a large index. So the rarer ones choose
the candidates, and the frequent ones only help to order these.
"""
_CANDIDATES = 2
"""So many times more candidates than asked for are ordered by the frequent terms as well."""
_SATURATION, _LENGTH_SHARE = 1.2, 0.75
"""k1 and b of BM25, as FTS5 has them."""
HEADING_WEIGHT = 0.5
"""A title is repeated in each passage of its document, so it counts half."""


def lexical_search(
    connection: sqlite3.Connection,
    question: str,
    count: int,
    documents: Sequence[int] | None,
    passages: int,
) -> list[tuple[int, float]]:
    """The best `count` (passage, BM25 score), higher is better, best first.

    `documents` are the documents that may be found; None is all. `passages` is how many there are
    in the index. A passage that has none of the rarer terms is not found by the frequent ones.
    """
    terms = question_terms(question)
    frequency = document_frequency(connection, terms)
    rare = _within_budget(frequency)
    expression = _expression(question, [term for term in terms if term in rare])
    if not expression:
        return []
    frequent = {term: n for term, n in frequency.items() if term not in rare}
    wanted = _CANDIDATES * count if frequent else count
    found = _ranked(connection, expression, wanted, documents)
    if frequent:
        found = _with_frequent(connection, found, frequent, passages)
    return found[:count]


def _ranked(
    connection: sqlite3.Connection, expression: str, count: int, documents: Sequence[int] | None
) -> list[tuple[int, float]]:
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


def _with_frequent(
    connection: sqlite3.Connection,
    found: Sequence[tuple[int, float]],
    frequent: Mapping[str, int],
    passages: int,
) -> list[tuple[int, float]]:
    """Add what the frequent terms weigh in BM25, the mean length being that of the candidates."""
    rows = connection.execute(
        "SELECT rowid, heading, body FROM lexical WHERE rowid IN (SELECT value FROM json_each(?))",
        (json.dumps([identifier for identifier, _ in found]),),
    ).fetchall()
    held = {identifier: (_apart(heading), _apart(body)) for identifier, heading, body in rows}
    lengths = {i: (h.count(" ") + b.count(" ")) // 2 for i, (h, b) in held.items()}
    mean = sum(lengths.values()) / max(1, len(lengths))
    weights = [
        (f" {term} ", max(1e-6, math.log((passages - n + 0.5) / (n + 0.5))))
        for term, n in frequent.items()
    ]

    def added(identifier: int) -> float:
        heading, body = held[identifier]
        length = lengths[identifier] / mean
        damping = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length)
        counts = ((w, HEADING_WEIGHT * heading.count(t) + body.count(t)) for t, w in weights)
        return float(sum(w * n * (_SATURATION + 1) / (n + damping) for w, n in counts))

    scored = [(identifier, score + added(identifier)) for identifier, score in found]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def _apart(text: str) -> str:
    """Each term with a space on either side, so that it can be counted without splitting."""
    return f" {text.replace(' ', '  ')} " if text else ""


def document_frequency(connection: sqlite3.Connection, terms: Sequence[str]) -> dict[str, int]:
    """In how many passages each term occurs, 0 for those that do not."""
    marks = ",".join("?" * len(terms))
    found = dict(
        connection.execute(f"SELECT term, passages FROM terms WHERE term IN ({marks})", list(terms))
    )
    return {term: found.get(term, 0) for term in terms}


def _within_budget(frequency: Mapping[str, int]) -> set[str]:
    kept: set[str] = set()
    touched = 0
    for term in sorted(frequency, key=lambda each: frequency[each]):
        touched += frequency[term]
        if any(frequency[each] for each in kept) and touched > POSTINGS_BUDGET:
            break
        kept.add(term)
    return kept


def _expression(question: str, terms: Sequence[str]) -> str:
    parts = [_quoted(term) + ("*" if _one_han(term) else "") for term in terms]
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
