"""Evidence: the few sentences that the generator reads, chosen from the retrieved passages.

Sentences, not passages, go into the prompt: prefill is what a CPU pays for, and a small model is
misled by what it need not read.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.answering.orders import gives_orders
from rag.documents.fold import fold
from rag.indexing.terms import question_terms, terms
from rag.types import FloatMatrix, Hit, Sentence, StoredDocument

Scores = npt.NDArray[np.float64]

_K1, _B, _MEAN_TERMS = 1.2, 0.75, 24.0
_SETTING_SHARE = 0.4
"""A term found only in the title, section or sentence before counts this much of a hit."""
_WEIGHTS = {"lexical": 1.0, "sentence": 0.35, "passage": 0.5, "fused": 1.0}
_EMBEDDED = 24
"""How many sentences are embedded for a question: about 0.1 s on two cores."""
_LEANS = re.compile(
    r"(?:It|Its|He|His|She|Her|They|Their|This|That|These|Those|Such|Both|The (?:company|firm|"
    r"country|ministry|project|programme|program|agency|system|ship|satellite|agreement|deal|"
    r"report|figure|move|two|three|former|latter))\b|(?:该|这|那|其|他|她|它)",
)

_SENDS_ELSEWHERE = re.compile(r"[(\[“\"]?(?:(?:See|Cf\.|Read (?:more|also|our))\s|参见|详见|另见)")
_LONGEST_POINTER = 120
"""Characters. What is longer says more than where to look."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a retrieved passage. `text` is folded; `before` the sentence before
    it, and one more where that one leans on another."""

    document: StoredDocument
    position: int
    sentence: Sentence
    text: str
    before: str
    after: str
    passage_dense: float
    passage_score: float
    score: float = 0.0
    lexical: float = 0.0
    dense: float = 0.0

    @property
    def leans(self) -> bool:
        """True when it opens with a pronoun or the like, so that it needs the one before."""
        return bool(_LEANS.match(self.text))


def candidates(
    hits: Sequence[Hit],
    sentences: Callable[[int], Sequence[Sentence]],
    text: Callable[[str], str],
) -> list[Candidate]:
    """The sentences of all hits, each once, with the best passage they stand in.

    Left out is what gives orders to a machine, and what only tells readers where to look.
    """
    best: dict[tuple[str, int], Candidate] = {}
    for hit in hits:
        whole = text(hit.document.path)
        spans = sentences(hit.document.identifier)
        places = {span.start: place for place, span in enumerate(spans)}
        own = {span.paragraph for span in hit.sentences}
        ordered = ordering_paragraphs([s for s in spans if s.paragraph in own], whole)
        for span in hit.sentences:
            if span.start >= ordered.get(span.paragraph, span.end):
                continue
            key = (hit.document.path, span.start)
            if key not in best or best[key].passage_score < hit.score:
                best[key] = _candidate(hit, span, places.get(span.start, 0), spans, whole)
    return [item for item in best.values() if not sends_elsewhere(item.text)]


def sends_elsewhere(sentence: str) -> bool:
    """Whether a sentence only says where something stands: "See the report of 3 March."."""
    return len(sentence) <= _LONGEST_POINTER and bool(_SENDS_ELSEWHERE.match(sentence))


def ordering_paragraphs(spans: Sequence[Sentence], whole: str) -> dict[int, int]:
    """Paragraphs that give orders to a reading machine, and where in each the orders begin.

    From there to the paragraph's end nothing is evidence: what follows "ignore all instructions"
    is part of the same attempt.
    """
    found: dict[int, int] = {}
    for span in spans:
        if span.paragraph not in found and gives_orders(fold(whole[span.start : span.end])):
            found[span.paragraph] = span.start
    return found


def _candidate(
    hit: Hit, span: Sentence, place: int, spans: Sequence[Sentence], whole: str
) -> Candidate:
    def near(other: int) -> str:
        if not 0 <= other < len(spans):
            return ""
        return fold(whole[spans[other].start : spans[other].end])

    before = near(place - 1)
    if _LEANS.match(before) and spans[place - 2 : place - 1]:
        before = f"{near(place - 2)} {before}"  # what "it" is stands one sentence further back
    return Candidate(
        document=hit.document,
        position=place,
        sentence=span,
        text=fold(whole[span.start : span.end]),
        before=before,
        after=near(place + 1),
        passage_dense=hit.dense_score,
        passage_score=hit.score,
    )


def inverse_document_frequency(frequency: Mapping[str, int], passages: int) -> dict[str, float]:
    """BM25's idf, never negative: ln(1 + (N - n + 0.5) / (n + 0.5)).

    Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009.
    """
    return {
        term: math.log(1 + (max(passages, count) - count + 0.5) / (count + 0.5))
        for term, count in frequency.items()
    }


def rank_sentences(
    question: str,
    found: Sequence[Candidate],
    idf: Mapping[str, float],
    vector: FloatMatrix | None,
    encode: Callable[[Sequence[str]], FloatMatrix] | None,
) -> list[Candidate]:
    """Candidates with their scores, best first; sentences of the same text only once.

    `vector` is the question's, float32 (1, dimension). Only the best 24 by words and passage are
    embedded; each part is scaled by its maximum before the weighted sum. A term in the sentence
    counts by its rarity among the candidates, not in the index: the passages were found by the
    entity asked about, so most candidates name it, and what sets one of them apart is the rest.
    """
    if not found:
        return []
    asked = question_terms(question)
    own = [Counter(terms(item.text)) for item in found]
    holding = {term: sum(term in each for each in own) for term in asked}
    here = inverse_document_frequency(holding, len(found))
    lexical = np.array([_lexical(asked, *each, here, idf) for each in zip(found, own, strict=True)])
    passage = np.array([item.passage_dense for item in found])
    fused = np.array([item.passage_score for item in found])
    score = (
        _WEIGHTS["lexical"] * _scaled(lexical)
        + _WEIGHTS["passage"] * _scaled(passage)
        + _WEIGHTS["fused"] * _scaled(fused)
    )
    dense = np.zeros(len(found))
    if vector is not None and encode is not None:
        chosen = np.argsort(-score, kind="stable")[:_EMBEDDED]
        dense[chosen] = encode([found[i].text for i in chosen]) @ vector[0]
        score = score + _WEIGHTS["sentence"] * _scaled(dense)
    order = sorted(
        range(len(found)),
        key=lambda i: (-round(float(score[i]), 6), found[i].document.path, found[i].sentence.start),
    )
    return _distinct(
        [_scored(found[i], float(score[i]), float(lexical[i]), float(dense[i])) for i in order]
    )


def _scored(item: Candidate, score: float, lexical: float, dense: float) -> Candidate:
    from dataclasses import replace

    return replace(item, score=score, lexical=lexical, dense=dense)


def _lexical(
    asked: Sequence[str],
    item: Candidate,
    own: Mapping[str, int],
    here: Mapping[str, float],
    idf: Mapping[str, float],
) -> float:
    """BM25 of the sentence with the rarity of terms `here`, among the candidates, and the share of
    `idf`, their rarity in the index, for what only its surroundings hold."""
    length = sum(own.values())
    around = set(terms(f"{item.document.title} {item.sentence.section or ''} {item.before}"))
    total = 0.0
    for term in asked:
        if count := own.get(term, 0):
            norm = _K1 * (1 - _B + _B * length / _MEAN_TERMS)
            total += here[term] * count * (_K1 + 1) / (count + norm)
        elif term in around:
            total += idf.get(term, 0.0) * _SETTING_SHARE
    return total


def _scaled(values: Scores) -> Scores:
    top = float(values.max())
    return values / top if top > 0 else np.zeros_like(values)


def _distinct(ranked: Sequence[Candidate]) -> list[Candidate]:
    seen: set[str] = set()
    kept = []
    for item in ranked:
        key = item.text.casefold()
        if key not in seen:
            seen.add(key)
            kept.append(item)
    return kept


def within_budget(
    ranked: Sequence[Candidate], most: int, tokens: int, count: Callable[[str], int]
) -> list[Candidate]:
    """The best sentences that fit `tokens` in all and `most` in number; at least one."""
    chosen: list[Candidate] = []
    left = tokens
    for item in ranked:
        cost = count(item.text)
        if chosen and cost > left:
            continue
        chosen.append(item)
        left -= cost
        if len(chosen) == most or left <= 0:
            break
    return chosen
