"""From a question to evidence: search, sentences, labels."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.answering.evidence import (
    Candidate,
    candidates,
    inverse_document_frequency,
    rank_sentences,
    within_budget,
)
from rag.indexing import Index
from rag.indexing.terms import question_terms, quoted_phrases
from rag.types import Attribution, Evidence, Filters, FloatMatrix, Hit, Page

PASSAGES = 16
SENTENCES = 9
TOKENS = 400
_LEAST_SIMILARITY = 0.15


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a question found. `evidence` is in the order of the prompt, `ranked` best first;
    `translation` is the question in the documents' language, "" where it is in that already;
    `generation` names the state of the index that was searched."""

    question: str
    hits: tuple[Hit, ...]
    ranked: tuple[Candidate, ...]
    evidence: tuple[Evidence, ...]
    idf: dict[str, float]
    translation: str = ""
    generation: str = ""


def retrieve(
    index: Index,
    encode: Callable[[Sequence[str]], FloatMatrix],
    question: str,
    filters: Filters | None,
    translation: str = "",
) -> Retrieval:
    """Search and choose the evidence. Nothing found gives empty tuples.

    `encode` gives the vectors of sentences, float32 (texts, dimension), with the index's embedder.
    A `translation` is what vectors are compared with; the words of both wordings are looked for.
    """
    main = translation or question
    both = f"{question} {translation}".rstrip()
    asked = question_terms(both)
    with index.snapshot():
        generation = index.generation
        hits = index.search(
            main,
            limit=PASSAGES,
            filters=filters or Filters(),
            lexical_weight=lexical_weight(main),
            variants=(question,) if translation else (),
        )
        found = candidates(hits, index.sentences, index.file_text)
        idf = inverse_document_frequency(index.document_frequency(asked), index.passage_count)
        ranked = rank_sentences(both, found, idf, index.vector(main), encode)
        ranked = [c for c in ranked if c.lexical > 0 or c.dense >= _LEAST_SIMILARITY]
        chosen = within_budget(ranked, SENTENCES, TOKENS, estimate_tokens)
        evidence = [
            replace(
                _evidence(f"S{number}", item, index.pages(item.document.path)),
                also_in=_elsewhere(index, item),
            )
            for number, item in enumerate(chosen, start=1)
        ]
    return Retrieval(
        question, tuple(hits), tuple(ranked), tuple(evidence), idf, translation, generation
    )


def estimate_tokens(text: str) -> int:
    """About how many tokens a text has: the same number before and after the model is loaded."""
    han = sum(1 for character in text if ord(character) >= 0x2E80)
    return han + (len(text) - han) // 4 + 4


def lexical_weight(question: str) -> float:
    """More weight on words for quoted phrases, figures, and short questions.

    Source: the same choice in GPT4All's LocalDocs, which fitted it to BEIR.
    """
    if quoted_phrases(question):
        return 3.0
    if len(question_terms(question)) <= 3 or re.search(r"\d", question):
        return 1.5
    return 1.0


def _evidence(label: str, item: Candidate, pages: Sequence[Page]) -> Evidence:
    span = item.sentence
    return Evidence(
        label=label,
        quote=item.text,
        document=item.document,
        start=span.start,
        end=span.end,
        page=_page(pages, span.start),
        attribution=_attribution(span.attributions),
        before=item.before,
        after=item.after,
        section=span.section,
        score=item.score,
    )


def _elsewhere(index: Index, item: Candidate) -> tuple[str, ...]:
    others = index.elsewhere(item.document.identifier, item.text)
    return tuple(dict.fromkeys(d.path for d in others if d.path != item.document.path))


def _page(pages: Sequence[Page], start: int) -> int | None:
    place = bisect_right([page.start for page in pages], start) - 1
    return pages[place].number if 0 <= place < len(pages) else None


def _attribution(found: Sequence[Attribution]) -> str | None:
    return "; ".join(item.text for item in found) or None
