"""Plans and possibilities told as facts: "has bought" of a quote that says "may be bought"."""

from __future__ import annotations

import re

from rag.answering.dates import dates
from rag.answering.figures import figures
from rag.answering.periods import named_periods
from rag.answering.segments import Span, at, pieces, same
from rag.answering.verbs import is_past, root

_DOUBTED = r"may(?! \d)|might|could|would|can|perhaps|possibl[ey]|potentially|hint(?:ed|s)"
_PLANNED = (
    r"will|shall|won['’]t|plan(?:s|ned|ning)?|(?:is|are|was|were|due|set|about|ready) to"
    r"|to be|expect(?:s|ed)?|schedul\w+|slated|intend(?:s|ed)?|aims?|aimed|hopes?|hoped|seeks?"
    r"|propos\w+|agree[sd]? to|undert(?:ak|ook)\w*|want(?:s|ed)? to|target\w*|draft|pencilled"
    r"|forecast|likely|promis\w+|pledg\w+|should|must"
)
_IF = re.compile(rf"\b(?:{_DOUBTED}|{_PLANNED}|if|up to)\b|['’](?:ll|d)\b")
_MAYBE = re.compile(r"\b(?:may|might|could|would)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|no|never|without|nor|neither)\b|n['’]t\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]{2,}")
_DONE = re.compile(r"\b(?:ha(?:s|ve|d)|w(?:as|ere)|did)\b", re.IGNORECASE)
_HAN_DONE = re.compile(r"已(?!经?(?:计划|拟))|完成了")
_HAN_PLANNED = re.compile(r"拟|计划|将(?!军)|预计|力争|有望|可能|规划|目标|准备")
_TO_BE = re.compile(
    r"(?:\s[\w’'-]+){0,6}\s(?:be|have been|have)\s(?:[\w’'-]+\s){0,3}$|\s(?:be\s)?$"
)
"""What may stand between "may" or "expected" and "bought"; not "could read what had been"."""
_PLANNED_BEHIND = re.compile(r"[\w ,.]{0,24}\s?\((?:planned|expected|scheduled|target|tbc)\)")
_ASIDES = (
    "said told called wrote added announced reported according planned expected agreed set put "
    "based led used need named united limited"
)
_BY_THE_WAY = frozenset(_ASIDES.split())
"""Pasts that tell of no event by themselves."""
_VERB_MORE = 3
"""Words, at most, that may stand between a cue and its verb, besides adverbs."""


def not_yet(statement: str, quote: str) -> list[str]:
    """Words of `statement` that tell as done, or as so, what `quote` only plans or deems possible:
    verbs, and figures or dates that stand there only with a plan.
    """
    if _HAN_DONE.search(statement) and not _HAN_PLANNED.search(statement):
        return _values_planned(statement, quote, _HAN_PLANNED, re.compile("已"))
    if _IF.search(statement[:1].lower() + statement[1:]) or _DENIED.search(statement):
        return []
    done = [word for word in _WORD.findall(statement) if _tells(word)]
    found = [word for word in done if _only(word, quote, _IF)]
    found += [word for word in _present(statement) if _only(word, quote, _MAYBE)]
    measured = [figure.dimension for figure in figures(statement)]
    compared = len(set(measured)) < len(measured)
    if not found and not compared and (done or _DONE.search(statement)):
        known = {root(word.lower()) for word in _WORD.findall(quote)}
        if not any(root(word.lower()) in known for word in done):
            found = _values_planned(statement, quote, _IF, None)
    return found


def _tells(word: str) -> bool:
    return word.islower() and is_past(word) and word not in _BY_THE_WAY and word != "need"


def _present(statement: str) -> list[str]:
    """Verbs in the third person behind the subject: "requires"."""
    return [
        word
        for word in _WORD.findall(statement)[1:]
        if word.islower() and len(word) > _VERB_MORE + 1 and word.endswith("s") and word[-2] != "s"
    ]


def _only(word: str, quote: str, cue: re.Pattern[str]) -> bool:
    """Whether `quote` has the verb, and each time in its plain form or behind "be", and behind a
    word of `cue` in its piece.
    """
    places = [
        match for match in _WORD.finditer(quote) if root(match[0].lower()) == root(word.lower())
    ]
    return bool(places) and all(_is_open(match, quote, cue) for match in places)


def _is_open(match: re.Match[str], quote: str, cue: re.Pattern[str]) -> bool:
    low = match[0].lower()
    start, end = at(pieces(quote), match.start())
    ahead = quote[start : match.start()]
    if low.endswith("ing"):
        return cue is _IF and bool(cue.search(ahead))
    if low.endswith("s") and cue is _MAYBE:
        return False
    if is_past(low) and low not in ("cut", "put", "set", "hit"):
        return any(_TO_BE.match(ahead, found.end()) for found in cue.finditer(ahead))
    if low.endswith(("y", "ment", "tion")) and cue is _IF:
        return bool(cue.search(quote[start:end]))
    cues = list(cue.finditer(ahead))
    return bool(cues) and len(_WORD.findall(ahead[cues[-1].end() :])) <= _VERB_MORE + 2


def _values_planned(
    statement: str, quote: str, cue: re.Pattern[str], done: re.Pattern[str] | None
) -> list[str]:
    """Figures and dates of `statement` that stand in `quote` only in pieces with a word of `cue`
    before them and nothing told as done.
    """
    cut = pieces(quote)
    found = []
    for start, end, places in _shared(statement, quote):
        spans = [(at(cut, place), place) for place in places]
        if spans and all(_is_planned(quote, span, place, cue, done) for span, place in spans):
            found.append(statement[start:end].strip())
    return found


def _is_planned(
    quote: str, span: Span, place: int, cue: re.Pattern[str], done: re.Pattern[str] | None
) -> bool:
    ahead = quote[span[0] : place]
    if done is not None:
        return bool(cue.search(ahead)) and not done.search(ahead)
    if _PLANNED_BEHIND.match(quote, place):
        return True
    if not cue.search(ahead):
        return False
    told = [w for w in _WORD.findall(ahead) if _tells(w)]
    return not told or bool(re.search(r"\b(?:be|been)\b", ahead))


def _shared(statement: str, quote: str) -> list[tuple[int, int, list[int]]]:
    """Figures and dates of a statement, each with its places in the quote."""
    theirs = figures(quote)
    shared = [
        (f.start, f.end, [g.start for g in theirs if same(f, g)])
        for f in figures(statement)
        if not f.weak
    ]
    named = named_periods(quote)
    shared += [
        (start, end, [place for place, _, other in named if other == name])
        for start, end, name in named_periods(statement)
    ]
    return shared + [
        (d.start, d.end, [e.start for e in dates(quote) if d.agrees(e)]) for d in dates(statement)
    ]
