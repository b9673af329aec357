"""Sentences that give another value of the same thing: shown side by side, never settled by us."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from rag.answering.dates import dates, without
from rag.answering.figures import Figure, figures
from rag.answering.judging import LIKELY, PLAUSIBLE, SURE
from rag.answering.orders import gives_orders
from rag.answering.questions import wanted
from rag.indexing.terms import question_terms, terms
from rag.types import Evidence

_ALIKE = 0.5
"""How much of the question, by idf, the rival and its setting must cover, as a share of what the
cited quote and its setting cover."""
_SAME_WORDS = 0.2
"""The share of the cited quote's longer words that the rival must use too, the question's terms
and units included: where nothing is said alike, another matter is spoken of."""
_SAME_WORDS_NEAR = 0.5
"""The same within one article, where the rows of a table and the shares of a list stand."""
_TELLING = 0.8
"""Terms of the question this near to its rarest one say what it is about: "31 percent in optics"
and "34 percent in sonar" are two matters. What the cited quote has of them the rival needs too."""
_CORRECTS = re.compile(
    r"\b(?:and|but) not\b|\bnot (?:the )?[\d$€£¥]|\b(?:correct(?:s|ed|ion)|revised|updated"
    r"|previously|reported earlier|disagree\w*|instead of|rather than|lower(?:s|ed)|raise[sd]"
    r"|no longer|contrary to|wrongly)\b|更正|订正|修正|而不是|而非",
    re.IGNORECASE,
)
_RATE = re.compile(r"\d.*\b(?:a|per) (?:year|month|week|day|hour)$")
"""28 million a year is no length of time."""
_RANGE = re.compile(r"\s?(?:-|–|—|to|至|到)\s?")
_ROUNDING = Decimal("0.02")
"""Two values may be as far apart, as a share, and be one value rounded."""
CLOSEST = 2
"""How many rivals are shown, and how many are put to the generator: each costs about a second."""
_CONTRASTS = re.compile(
    r"\b(?:but|while|whereas|although|though|however|against|disagree\w*|instead of|rather than)\b"
    r"|\bnot (?:the )?[\d$€£¥]|而|但",
    re.IGNORECASE,
)


class Rival(NamedTuple):
    """A sentence with another value, that value as written, and how likely it must be judged to
    answer the question: the less, the more its words tell that it speaks of the same matter."""

    evidence: Evidence
    value: str
    least: float


def candidates(
    question: str,
    statement: str,
    cited: Sequence[Evidence],
    evidence: Sequence[Evidence],
    idf: Mapping[str, float],
) -> list[Rival]:
    """Evidence that may answer the same question with another value, that nearest in words first.

    Only for questions that want a figure or a date. Within one article a rival must say nearly the
    same in its own words, or that it corrects: the rows of a table and the shares of a list are not
    at odds. Whether a candidate speaks of the same matter is not for words alone to tell ("31
    percent in optics", "34 percent in sonar"): the generator is asked whether it answers the
    question, and must be surer where the words differ, least so where none that tells is missing.
    """
    kind = wanted(question)
    if kind not in ("figure", "date") or not cited:
        return []
    quote = " ".join(item.quote for item in cited)
    covered = max(_covered(question, item, idf) for item in cited)
    found = []
    for item in evidence:
        if item in cited or gives_orders(item.quote) or _of_another_time(question, item.quote):
            continue
        value = (
            _other_figure(question, statement, quote, item.quote)
            if kind == "figure"
            else _other_date(statement, quote, item.quote)
        )
        near = _covered(question, item, idf) >= _ALIKE * covered > 0
        if not value or not near:
            continue
        elsewhere = all(item.document != one.document for one in cited)
        if _CORRECTS.search(item.quote) or _same_matter(question, cited, item, idf):
            found.append(Rival(item, value, PLAUSIBLE))
        elif elsewhere:
            tells = _telling(question, quote, idf) <= _held(item)
            found.append(Rival(item, value, LIKELY if tells else SURE))
    return sorted(found, key=lambda rival: rival.least)


def contrasts(question: str, statement: str, quote: str) -> bool:
    """Whether a quote sets another value of the same kind against the statement's own: "reports
    14.5 m, but pilots advise 13.9 m"."""
    if wanted(question) != "figure" or not _CONTRASTS.search(quote):
        return False
    asked = {_key(f) for f in figures(without(question))}
    told = {_key(f) for f in figures(without(statement))} - asked
    others = {_key(f) for f in figures(without(quote))} - asked - told
    return bool({kind for _, kind in told} & {kind for _, kind in others})


def _covered(question: str, item: Evidence, idf: Mapping[str, float]) -> float:
    """The weight of the question's terms that a sentence and its setting hold."""
    held = _held(item)
    asked = (term for term in question_terms(question) if not term.isdigit())
    return sum(idf.get(term, 0.0) for term in asked if term in held)


def _same_matter(
    question: str, cited: Sequence[Evidence], rival: Evidence, idf: Mapping[str, float]
) -> bool:
    """Whether a rival shares enough of the quote's longer words and all of its telling ones."""
    quote = " ".join(item.quote for item in cited)
    own = set(terms(rival.quote))
    elsewhere = all(rival.document != item.document for item in cited)
    if not _telling(question, quote, idf) <= (_held(rival) if elsewhere else own):
        return False
    # Chinese terms are pairs of characters, and say as much as a long English word.
    long = {t for t in terms(quote) if (len(t) > 3 or not t.isascii()) and not t.isdigit()}
    share = _SAME_WORDS if elsewhere else _SAME_WORDS_NEAR
    return len(long & own) >= max(2, share * len(long))


def _held(item: Evidence) -> set[str]:
    return set(terms(f"{item.quote} {item.before} {item.document.title} {item.section or ''}"))


def _telling(question: str, quote: str, idf: Mapping[str, float]) -> set[str]:
    """The question's heaviest terms among those that the cited quote has."""
    mine = set(terms(quote))
    asked = {t: idf.get(t, 0.0) for t in question_terms(question) if t in mine and not t.isdigit()}
    return {t for t, weight in asked.items() if weight >= _TELLING * max(asked.values())}


def _of_another_time(question: str, rival: str) -> bool:
    """Whether question and rival both name dates, and none in common: last year's value is no
    rival of this year's."""
    asked, told = dates(question), dates(rival)
    return bool(asked and told) and not any(a.agrees(b) for a in asked for b in told)


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
            if not same_kind or other.weak or not (figure.dimension or noun):
                continue
            if _RATE.search(rival[other.start : other.end]):
                continue
            if not _rounded_alike(figure, other):
                return _as_written(other, theirs, rival)
    return None


def _rounded_alike(one: Figure, other: Figure) -> bool:
    """Whether two figures are one value, rounded in one of them: "4.2 million", "4,213,000"."""
    apart = abs(one.value - other.value)
    steps = [
        Decimal(1).scaleb(int(f.written.as_tuple().exponent)) * f.magnitude * f.factor
        for f in (one, other)
    ]
    return 2 * apart <= max(steps) and apart <= _ROUNDING * max(one.value, other.value)


def _as_written(figure: Figure, found: Sequence[Figure], text: str) -> str:
    """A figure as the text has it, with the other end of its range."""
    for left, right in pairwise(found):
        if figure in (left, right) and _RANGE.fullmatch(text[left.end : right.start]):
            return text[left.start : right.end].strip()
    return text[figure.start : figure.end].strip()


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
