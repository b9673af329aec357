"""From a question to ranked passages: dense and lexical, fused, folded, with their texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.indexing.contents import Contents
from rag.indexing.dense import DenseSearcher, inner_products
from rag.indexing.duplicates import near, repeats
from rag.indexing.fusion import ranks, reciprocal_rank_fusion
from rag.indexing.lexical import lexical_search
from rag.indexing.records import DOCUMENT_COLUMNS, stored_document, unpack_vectors
from rag.indexing.selection import Allowed
from rag.types import FloatMatrix, Hit, Sentence, StoredDocument

POOL = 100
"""How many passages each ranking hands to the fusion, at least."""


@dataclass(frozen=True, slots=True)
class Query:
    """One wording of a question. `vector` is float32 (1, dimension), None for lexical only."""

    text: str
    vector: FloatMatrix | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A fused passage and where it stood for the question itself (ranks from 0)."""

    passage: int
    score: float
    dense_rank: int | None
    lexical_rank: int | None


def rank(
    connection: sqlite3.Connection,
    dense: DenseSearcher,
    queries: Sequence[Query],
    limit: int,
    allowed: Allowed | None,
    lexical_weight: float,
    passages: int,
) -> list[Ranked]:
    """Passages fused over all wordings, best first; the first query is the question itself.

    `allowed` are those that may answer, None for all; `passages` is how many there are.
    """
    pool = max(POOL, 5 * limit)
    documents = None if allowed is None else allowed.documents
    rankings: list[dict[int, int]] = []
    weights: list[float] = []
    for query in queries:
        found = (
            dense.search(connection, query.vector, pool, allowed)
            if query.vector is not None
            else []
        )
        terms = dense.matching(query.text, pool, allowed)
        if terms is None:
            terms = lexical_search(connection, query.text, pool, documents, passages)
        rankings += [ranks(found), ranks(terms)]
        weights += [1.0, lexical_weight]
    return [
        Ranked(passage, score, rankings[0].get(passage), rankings[1].get(passage))
        for passage, score in reciprocal_rank_fusion(rankings, weights)
    ]


def to_hits(
    connection: sqlite3.Connection,
    ranked: Sequence[Ranked],
    query: Query,
    limit: int,
    contents: Contents,
) -> list[Hit]:
    """The best `limit` as hits; of passages that repeat each other only the best.

    The documents of the others are its `also_in`. Equal scores are ordered by path and position,
    so that the order does not tell the index's history.
    """
    chosen = list(ranked[: 2 * limit + 10])
    rows = _rows(connection, [each.passage for each in chosen])
    # A store that ranks words may name passages that are gone, or not there yet.
    chosen = [each for each in chosen if each.passage in rows]
    if not chosen:
        return []
    chosen.sort(key=lambda each: _order(each, rows[each.passage]))
    blobs = [rows[each.passage][3] for each in chosen]
    vectors = unpack_vectors(blobs, len(blobs[0]) // 2)
    close = near(vectors)
    scores = [0.0] * len(chosen) if query.vector is None else inner_products(vectors, query.vector)
    kept: dict[int, Hit] = {}
    for at, each in enumerate(chosen):
        if len(kept) == limit:
            break
        _, first, last, _, file, *columns = rows[each.passage]
        document = stored_document(columns)
        spans = contents.sentences(document.identifier)[first:last]
        words = contents.text(file)[spans[0].start : spans[-1].end]
        repeated = next(
            (o for o, hit in kept.items() if close[at, o] and repeats(words, hit.text)), None
        )
        if repeated is None:
            kept[at] = _hit(each, document, scores[at], spans, words)
        else:
            kept[repeated] = _also_in(kept[repeated], document)
    return list(kept.values())


def _also_in(hit: Hit, document: StoredDocument) -> Hit:
    if document.identifier in {hit.document.identifier, *(d.identifier for d in hit.also_in)}:
        return hit
    return replace(hit, also_in=(*hit.also_in, document))


def _hit(
    ranked: Ranked,
    document: StoredDocument,
    dense_score: float,
    sentences: tuple[Sentence, ...],
    text: str,
) -> Hit:
    return Hit(
        passage=ranked.passage,
        document=document,
        score=ranked.score,
        dense_score=dense_score,
        dense_rank=ranked.dense_rank,
        lexical_rank=ranked.lexical_rank,
        sentences=sentences,
        text=text,
    )


def _order(ranked: Ranked, row: tuple[Any, ...]) -> tuple[float, str, int, int]:
    _, first, _, _, _, *columns = row
    document = stored_document(columns)
    return (-ranked.score, document.path, document.start, first)


def _rows(connection: sqlite3.Connection, passages: Sequence[int]) -> dict[int, tuple[Any, ...]]:
    marks = ",".join("?" * len(passages))
    rows = connection.execute(
        f"SELECT p.id, p.first, p.last, v.vector, f.id, {DOCUMENT_COLUMNS} FROM passages p "
        "JOIN vectors v ON v.passage = p.id JOIN documents d ON d.id = p.document "
        f"JOIN files f ON f.id = d.file WHERE p.id IN ({marks})",
        list(passages),
    )
    return {row[0]: row for row in rows}
