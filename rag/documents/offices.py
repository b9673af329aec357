"""Speakers without a name, told by what they are: "the farm ministry", "the union's actuary"."""

from __future__ import annotations

import re

from rag.documents.fold import fold

_WHO = (
    "province|municipality|secretariat|embassy|boards|ministry|council|agency|authority|commission|committee|board|bank|company|operator|union"
    "|association|federation|institute|court|tribunal|police|government|parliament|bureau"
    "|department|navy|regulator|watchdog|minister|director|captain|chairman|chairwoman|mayor"
    "|governor|ambassador|professor|lawyers?|actuary|prosecutors?|inquiry|report|study|survey"
    "|statement|indictment|newspaper|broadcaster|newsletter|journal|operators|owners|insurers"
    "|brokers|monitors|analysts|economists|researchers|scientists|experts|officials|traders"
    "|engineers|surveyors|investigators|underwriters|weather office"
)
_PAPERS = frozenset(("report", "study", "survey", "statement", "inquiry", "journal"))
"""Which paper these are is only told by a word before them."""
_DETERMINER = r"(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|[Oo]ne|[A-Z]\w+[’']s)"
_NOUNS = rf"(?:(?!(?:of|in|by|to|and|that|which|who|for|from)\b)[a-z][\w’'-]*\s){{0,3}}(?:{_WHO})"
_MANY = (
    "analysts|economists|researchers|scientists|experts|officials|traders|brokers|lawyers"
    "|prosecutors|insurers|underwriters|investigators|engineers|monitors"
)
_BEFORE = re.compile(
    rf"(?:^|[\s“\"(])(?:{_DETERMINER}\s(?P<one>{_NOUNS})|(?P<many>(?i:{_MANY})))"
    r"(?:,\s[^,.;]{3,60},)?\s(?:(?:also|has|have|had|later|now|then)\s){0,2}$"
)
_OF = re.compile(rf"(?:[a-z][\w’'-]*\s){{0,2}}(?:{_WHO}|office)\s(?:of|for)\s(?:the\s)?$")
_INSIDE = re.compile(r"\b(?:of|for|from|by|at|in|with|to|on)$")
_AFTER = re.compile(rf"\s{_DETERMINER}\s(?P<name>{_NOUNS})(?=\W|$)")


def office_before(preceding: str) -> tuple[str, int] | None:
    """Who stands right before a verb of saying, and where; None for anything that cannot speak."""
    found = _BEFORE.search(preceding)
    if found is None or found["one"] in _PAPERS:
        return None
    if _INSIDE.search(preceding, 0, found.start()):
        return None  # "a spokesman for the ministry said"
    name = "one" if found["one"] else "many"
    return fold(found[name]), found.start(name)


def office_of(words: str) -> str:
    """The office in the words before a name, "harbour office of " before a town; else ""."""
    found = _OF.search(words)
    return found[0] if found else ""


def office_after(text: str, at: int, end: int) -> tuple[str, int] | None:
    """Who stands right behind text[at], as after "according to", and where the words end."""
    found = _AFTER.match(text, at, end)
    return (fold(found["name"]), found.end("name")) if found else None
