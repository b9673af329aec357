"""Who holds an office and who does what to whom: "A buys B" is not "B buys A"."""

from __future__ import annotations

import re

from rag.answering.names import name_tokens
from rag.answering.segments import at, pieces
from rag.answering.verbs import is_past, root

_OFFICE = (
    r"president|prime minister|minister|director|chair(?:man|woman)|chief executive|governor"
    r"|commander|ambassador|secretary|spokes(?:man|woman|person)|treasurer|chancellor|mayor|head"
    r"|founder|chief engineer|captain"
)
_PERSON = r"[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){0,2}"
_HELD = re.compile(
    rf"(?P<rank>\b(?:deputy|vice|former|acting)\s)?\b(?P<office>{_OFFICE})"
    rf"(?:\s(?:of|for)\s[^,;]{{2,40}}?(?:,\s|\sis\s)|,\s|\s|\sis\s)(?P<person>{_PERSON})",
)
_IS = re.compile(
    rf"^(?P<person>{_PERSON})\s(?:is|was|serves as|became)\s(?:the\s|its\s|their\s|\w+['’]s\s)?"
    rf"(?P<rank>(?:deputy|vice|former|acting)\s)?(?P<office>{_OFFICE})\b"
)
_HAN_OFFICE = (
    "总设计师|总工程师|负责人|所长|司长|部长|局长|主席|总裁|首席执行官|董事长|主任|院长|发言人|总理"
    "|总统"
)
_HAN_HELD = re.compile(
    rf"(?P<rank>副|前|原)?(?P<office>{_HAN_OFFICE})(?:是|为|由)?(?P<person>[\u4e00-\u9fff]{{2,3}})"
)
_FROM_TO = re.compile(rf"\bfrom ({_PERSON}) to ({_PERSON})")
_SEVERAL = re.compile(r"\b(?:counterparts?|colleagues?|successor|predecessor|succeeded|also)\b")
"""Words that tell of more than one holder."""
_ACTS = re.compile(r"[a-z]{3,}")
_AGENT = re.compile(rf"(?P<name>{_PERSON})\s(?:(?:has|had)\s)?(?P<verb>[a-z]{{3,}})\b")
_PASSIVE = re.compile(r"\b(?:by|be|been|was|were|is|are|being)\s(?:\w+\s)?$")
_VERBS = (
    "buy acquire supply sue lend sell pay invade attack defeat overtake beat accuse warn hire "
    "finance fund arm support recognise criticise sanction license owe train own"
)
_TRANSITIVE = frozenset(root(verb) for verb in _VERBS.split())


def other_role(statement: str, quote: str) -> list[str]:
    """Who `statement` gives an office that `quote` gives another, and who acts there on another
    where the other acts on him.
    """
    return [
        *_other_holder(statement, quote),
        *_other_appointed(statement, quote),
        *_turned_acts(statement, quote),
        *_other_agent(statement, quote),
        *_turned_ways(statement, quote),
    ]


def _turned_ways(statement: str, quote: str) -> list[str]:
    """ "from Lisbon to Ghent" of a quote that goes from Ghent to Lisbon."""
    have = {match.groups() for match in _FROM_TO.finditer(quote)}
    told = (match.groups() for match in _FROM_TO.finditer(statement))
    return [here for here, there in told if (there, here) in have and (here, there) not in have]


def _other_appointed(statement: str, quote: str) -> list[str]:
    """As `_other_holder`, of "司长由...担任"."""
    for match in _HAN_HELD.finditer(statement):
        appointed = re.search(rf"(?<!副){match['office']}由[^，。；]*担任", quote)
        named = match["person"] in quote
        if appointed and named and match["person"] not in appointed[0] and not match["rank"]:
            return [match["person"]]
    return []


def _other_agent(statement: str, quote: str) -> list[str]:
    """The name straight before a verb of `statement`, where `quote` has that verb once, behind
    another name and not that one.
    """
    match = _AGENT.match(statement)
    if match is None:
        return []
    places = [m for m in _ACTS.finditer(quote) if root(m[0]) == root(match["verb"])]
    name = match["name"].split()[-1]
    if len(places) != 1 or not is_past(match["verb"]) or name not in quote:
        return []
    place = places[0]
    start, end = at(pieces(quote), place.start())
    ahead = quote[start : place.start()]
    if re.match(r"[^:;]{1,60}: ", quote[start:end]):
        return []  # the cell of a row is no agent
    passive = _PASSIVE.search(ahead) or re.search(r"\bby\b", quote[place.end() : end])
    other = re.search(rf"(?P<other>{_PERSON})(?:\sof\s[A-Z]\w+)?\s(?:(?:has|had)\s)?$", ahead)
    if passive or other is None or name in ahead:
        return []
    alike = set(match["name"].split()) & set(other["other"].split())
    return [] if alike else [match["name"]]


def _other_holder(statement: str, quote: str) -> list[str]:
    told = [*_IS.finditer(statement), *_HELD.finditer(statement), *_HAN_HELD.finditer(statement)]
    held = [*_HELD.finditer(quote), *_HAN_HELD.finditer(quote)]
    found = []
    for match in told:
        person = match["person"]
        last = person.split()[-1]
        if last not in quote:
            continue
        rank = (match["rank"] or "").strip()
        same_office = [h for h in held if h["office"] == match["office"]]
        ours = [h for h in same_office if last in h["person"]]
        plain = [h for h in same_office if (h["rank"] or "").strip() == rank]
        other_rank = bool(ours) and not any((h["rank"] or "").strip() == rank for h in ours)
        another = not ours and bool(plain) and not _SEVERAL.search(quote)
        if other_rank or (another and last.isascii()):
            found.append(person)
    return found


def _turned_acts(statement: str, quote: str) -> list[str]:
    named = name_tokens(statement, quote)
    found = []
    for verb in _ACTS.finditer(statement):
        if root(verb[0]) not in _TRANSITIVE or _PASSIVE.search(statement[: verb.start()]):
            continue
        subject = [n for n in named if n in statement[: verb.start()]]
        objects = [n for n in named if n in statement[verb.end() :]]
        places = [m for m in _ACTS.finditer(quote) if root(m[0]) == root(verb[0])]
        if not subject or not objects or len(places) != 1:
            continue
        place = places[0]
        passive = _PASSIVE.search(quote[: place.start()]) or quote[place.end() :].startswith(" by")
        before, after = quote[: place.start()], quote[place.end() :]
        turned = objects[0] in before and subject[0] in after
        kept = subject[0] in before or objects[0] in after
        if turned and not kept and not passive:
            found.append(subject[0])
    return found
