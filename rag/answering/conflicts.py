"""Sentences that give another value of the same thing: shown side by side, never settled by us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answering.dates import dates, without
from rag.answering.figures import Figure, figures
from rag.answering.orders import gives_orders
from rag.answering.questions import wanted
from rag.indexing.terms import question_terms, terms
from rag.types import Evidence

_ALIKE = 0.6
"""How much of the question, by idf, the rival must cover, as a share of what the quote covers."""
_SAME_WORDS = 0.3
_TELLING = 0.8
"""Terms of the question this near to its rarest one say what it is about: "31 % in optics" and
"34 % in sonar" are two matters, however much else the sentences share. The rival needs them all."""


def rivals(
    question: str,
    statement: str,
    cited: Sequence[Evidence],
    evidence: Sequence[Evidence],
    idf: Mapping[str, float],
) -> list[tuple[Evidence, str]]:
    """Evidence that answers the same question with another value, and that value as written.

    Only for questions that want a figure or a date; the rival must cover nearly as much of the
    question as the cited quote does, and share words with it beyond the question's.
    """
    kind = wanted(question)
    if kind not in ("figure", "date") or not cited:
        return []
    quote = " ".join(item.quote for item in cited)
    found = []
    for item in evidence:
        if item in cited or gives_orders(item.quote):
            continue
        if not _same_matter(question, quote, item, idf):
            continue
        value = (
            _other_figure(question, statement, quote, item.quote)
            if kind == "figure"
            else _other_date(statement, quote, item.quote)
        )
        if value:
            found.append((item, value))
    return found


def _same_matter(question: str, quote: str, rival: Evidence, idf: Mapping[str, float]) -> bool:
    asked = question_terms(question)
    mine, theirs = set(terms(quote)), set(terms(f"{rival.quote} {rival.section or ''}"))
    weight = sum(idf.get(term, 0.0) for term in asked if term in mine)
    other = sum(idf.get(term, 0.0) for term in asked if term in theirs)
    shared = {t for t in mine & theirs if not t.isdigit() and len(t) > 3}
    long = {t for t in mine if not t.isdigit() and len(t) > 3}
    covered = {term: idf.get(term, 0.0) for term in asked if term in mine}
    telling = {t for t, w in covered.items() if w >= _TELLING * max(covered.values())}
    around = theirs | set(terms(f"{rival.document.title} {rival.before}"))
    if not telling <= around:
        return False
    return other >= _ALIKE * weight > 0 and len(shared) >= _SAME_WORDS * max(1, len(long))


def _other_figure(question: str, statement: str, quote: str, rival: str) -> str | None:
    asked = {_key(f) for f in figures(without(question))}
    told = [f for f in figures(without(statement)) if _key(f) not in asked and not f.weak]
    theirs = figures(without(rival))
    keys = {_key(f) for f in theirs}
    for figure in told:
        if _key(figure) in keys:
            return None
    for figure in told:
        for other in theirs:
            same_kind = other.dimension == figure.dimension
            noun = _noun(statement, figure) & _noun(rival, other)
            if same_kind and not other.weak and (figure.dimension or noun):
                return rival[other.start : other.end].strip()
    return None


def _noun(text: str, figure: Figure) -> set[str]:
    """The few words after a bare number, which say what is counted."""
    return set(terms(text[figure.end : figure.end + 40])[:4])


def _other_date(statement: str, quote: str, rival: str) -> str | None:
    told = dates(statement)
    theirs = dates(rival)
    if not told or not theirs or any(a.agrees(b) for a in told for b in theirs):
        return None
    return rival[theirs[0].start : theirs[0].end].strip()


def _key(figure: Figure) -> tuple[str, str]:
    return (str(figure.value.normalize()), figure.dimension)
