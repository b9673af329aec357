"""Figures given to something else than in the quote: "costs 3 million" of what has 3 million seats.

A figure of a statement stands in its quote, but what the statement says of it stands only beside
another figure of that kind. Nothing is weighed: one word that stands with the figure clears it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from rag.answering.aliases import same_place
from rag.answering.dates import dates, without
from rag.answering.figure_check import NOT_A_NOUN
from rag.answering.figures import Figure, figures
from rag.answering.names import name_tokens
from rag.answering.periods import without_periods
from rag.answering.segments import Span, at, clauses, pieces, same, words

_EARLIER = re.compile(
    r"\b(?:earlier|before|previous\w*|ago|formerly|originally|last|had|was|were|since|against|from"
    r"|than|compared|instead|used to|in (?:19|20)\d\d)\b|此前|去年|原|上年|曾",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:up|down) from|\bcompared|\bagainst|\bfrom\b|\bafter\b|\bearlier\b|\binstead of"
    r"|\brather than|\bbudgeted",
    re.IGNORECASE,
)
_SAME_DAY = re.compile(r"\b(?:same|that) (?:day|month|year|date)\b|当[日天年月]|同[日天年月]")
_COUNTED = re.compile(r"\s?(?:[a-z-]+)(?:\s(?!of|in|on|at|by|to|and|for)[a-z-]+)?")
_NO_SUBJECT = re.compile(r"[据但在从而该其截按因]|.?[\d一二三四五六七八九十]")
"""How a Chinese sentence begins that does not begin with its subject."""
_HAN_HEAD = 9
"""Characters of a clause within which its subject begins, behind 而 and a title."""
_MOST_FIGURES = 40
"""More are a table run together: nothing tells there what stands with what, and each is compared
with each."""
_CONVERTED = Decimal("0.05")
"""How far the two figures of a conversion may lie apart for being rounded."""


def astray(statement: str, quote: str) -> list[str]:
    """Figures of `statement`, as written, that `quote` gives to something else."""
    told, have = _plain(statement), _plain(quote)
    mine, theirs = _figures(told), _figures(have)
    if not _SAME_DAY.search(quote):
        mine, theirs = mine + _days(statement), theirs + _days(quote)
    if len(theirs) > _MOST_FIGURES:
        return []
    found = []
    for figure in mine:
        around = _around(figure, mine, told)
        if around is None:
            continue
        places = [other for other in theirs if same(figure, other)]
        rivals = [
            other
            for other in theirs
            if not same(figure, other) and _of_a_kind(figure, other, told, have, theirs)
        ]
        if places and _is_astray(around, statement, quote, places, rivals):
            found.append(statement[figure.start : figure.end].strip())
    return found or _of_another_year(statement, quote, mine, theirs)


def _of_another_year(
    statement: str, quote: str, mine: list[Figure], theirs: list[Figure]
) -> list[str]:
    """The one year of a statement, where the clause with its figure has another, and the clause
    with that year another figure of the kind.
    """
    years = [date for date in dates(statement) if date.year is not None]
    measured = [figure for figure in mine if not _is_day(figure)]
    if len(years) != 1 or len(measured) != 1:
        return []
    cut, figure = clauses(quote), measured[0]
    own = {at(cut, other.start) for other in theirs if same(figure, other)}
    rivals = {at(cut, other.start) for other in theirs if other.dimension == figure.dimension} - own
    when: dict[int | None, Span] = {
        date.year: at(cut, date.start) for date in dates(quote) if date.year is not None
    }
    told = when.pop(years[0].year, None)
    if told in rivals and own & set(when.values()):
        return [statement[years[0].start : years[0].end].strip()]
    return []


def _of_a_kind(figure: Figure, rival: Figure, told: str, have: str, theirs: list[Figure]) -> bool:
    """Whether one could be taken for the other: the same dimension, and of counts the same noun; a
    unit or noun may be left out where the next word is none ("China for 25 and"), and is then that
    of the figure before.
    """
    before = [f.dimension for f in theirs if f.end <= rival.start and not _is_day(f)]
    left_out = not rival.dimension and bool(NOT_A_NOUN.match(have, rival.end))
    left_out = left_out and before[-1:] == [figure.dimension]
    if figure.dimension and abs(figure.value - rival.value) <= abs(figure.value) * _CONVERTED:
        return False  # "209 acres (85 ha)"
    if figure.dimension or rival.dimension:
        return figure.dimension == rival.dimension or left_out
    counted = _noun(told, figure.end)
    return left_out or not counted or bool(counted & _noun(have, rival.end))


def _noun(text: str, place: int) -> frozenset[str]:
    counted = _COUNTED.match(text, place)
    return words(counted[0]) if counted else frozenset()


@lru_cache(maxsize=512)
def _plain(text: str) -> str:
    return without(without_periods(text))


def _figures(text: str) -> list[Figure]:
    found = [f for f in figures(text) if f.dimension not in ("ordinal", "times")]
    return [f for f in found if not f.weak or NOT_A_NOUN.match(text, f.end)]


def _days(text: str) -> list[Figure]:
    """Days, months and years as figures of their own kinds."""
    found = []
    for date in dates(text):
        if date.month and date.day:
            number, kind = date.month * 100 + date.day, "day"
        else:
            number, kind = (date.month, "month") if date.month else (date.year or 0, "year")
        found.append(Figure(Decimal(number), kind, date.start, date.end))
    return found


def _is_day(figure: Figure) -> bool:
    return figure.dimension in ("day", "month", "year")


def _around(figure: Figure, mine: list[Figure], told: str) -> str | None:
    """What the statement says with a figure: its piece where it has several of the kind, but
    nothing where one piece has two; what is counted is left out, as all of them may be that.
    """
    kind = [each for each in mine if each.dimension == figure.dimension]
    counted = _COUNTED.match(told, figure.end)
    end = counted.end() if counted and not figure.dimension else figure.end
    if len(kind) == 1:
        return told[: figure.start] + " " + told[end:]
    span = at(pieces(told), figure.start)
    if sum(span[0] <= each.start < span[1] for each in kind) > 1:
        return None
    bare = [
        told[slice(*piece)]
        for piece in pieces(told)
        if not any(piece[0] <= each.start < piece[1] for each in mine)
    ]
    return " ".join([told[span[0] : figure.start], told[end : max(end, span[1])], *bare])


def _is_astray(
    around: str, statement: str, quote: str, places: list[Figure], rivals: list[Figure]
) -> bool:
    said = words(around)
    return any(
        all(_nearer_to(rival, place, said, statement, quote) for place in places)
        for rival in rivals
    )


def _nearer_to(
    rival: Figure, place: Figure, said: frozenset[str], statement: str, quote: str
) -> bool:
    """Whether all that tells rival and place apart speaks for the rival. An earlier value ("up from
    3") shares its subject with the later one, so a statement on the past may have it.
    """
    whole = clauses(quote)
    here, there = at(whole, place.start), at(whole, rival.start)
    narrow = here == there
    if narrow:
        cut = pieces(quote)
        here, there = at(cut, place.start), at(cut, rival.start)
        if here == there:
            return False
    own, other = words(quote[slice(*here)]), words(quote[slice(*there)])
    compared = narrow and _COMPARED.search(quote[here[0] : place.start + 1])
    if compared and _EARLIER.search(statement):
        return False
    if own & said - other:
        return _other_party(statement, quote, here, there)
    return bool(other & said - own)


def _other_party(statement: str, quote: str, here: Span, there: Span) -> bool:
    """Whether each piece names one party, and the statement only that of the other piece."""
    if statement[:1] > "\u2e7f":
        head = statement[:2]
        if _NO_SUBJECT.match(statement):
            return False
        start = quote[there[0] : there[0] + _HAN_HEAD]
        return head in start and head not in quote[slice(*here)]
    ours, theirs = (_parties(quote[slice(*span)]) for span in (here, there))
    told = _parties(statement, quote)
    if len(ours) != 1 or len(theirs) != 1:
        return False
    return any(_same(theirs[0], t) for t in told) and not any(_same(ours[0], t) for t in told)


def _parties(text: str, known: str = "") -> list[str]:
    """Names in a text, those of several words once."""
    runs: list[str] = []
    for name in name_tokens(text, known or text):
        if runs and re.search(rf"{re.escape(runs[-1].split()[-1])}\s{re.escape(name)}", text):
            runs[-1] += " " + name
        else:
            runs.append(name)
    return runs


def _same(one: str, other: str) -> bool:
    low, high = one.casefold(), other.casefold()
    return low == high or low in high or high in low or same_place(low, high)
