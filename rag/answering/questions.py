"""What kind of answer a question wants, read from its wording."""

from __future__ import annotations

import re

from rag.answering.dates import dates, without
from rag.answering.dimensions import dimensions
from rag.answering.figures import figures
from rag.answering.names import name_tokens
from rag.answering.parts import parts
from rag.answering.polarity import is_yes_no

_WANTS = {
    "date": r"(?:^|\b(?:and|or|since|until|by|from|me|know) |, )when\b"
    r"|\b(?:which|what|in which|in what) (?:year|month|date|day)\b"
    r"|什么时[候间]|何时|哪一年|哪年|几月",
    "figure": r"\bhow (?:many|much|large|big|long|far|high|tall|heavy|fast|old|often|wide|deep|"
    r"strong)\b|\b(?:what|which) (?:share|percentage|proportion|percent|price|cost|number|figure|"
    r"amount|value|mass|weight|length|height|speed|range|capacity|revenue|rate|diameter|distance|"
    r"altitude|population|budget|quota|tariff|duty|temperature|resolution|size|width)\b"
    r"|\bwhat (?:does|did|do|will|would|must) [^?]*?\b(?:charge|cost|pay|weigh)\b"
    r"|\bworth\b|\bwhat (?:is|was|are|were|will be) (?:the|its|their) [^?]*?\b(?:mass|weight|"
    r"length|height|depth|draught|speed|range|capacity|revenue|rate|diameter|distance|price|cost|value|"
    r"share|number|budget|output|population|thrust|power)\b|多少|几[个名艘颗枚架家座]|多大|多长|多高",
    "person": r"\bwho(?:se|m)?\b|\bwhich (?:minister|scientist|official|analyst|author|president|"
    r"chairman|director|head|person|engineer|general|admiral|mayor)\b|谁|哪位",
    "place": r"\bwhere\b|\b(?:which|what) (?:city|country|province|port|place|site|base|town|state|"
    r"region|district|island)\b|哪里|何处|哪个(?:城市|国家|省)",
    "name": r"\b(?:which|what) (?:(?!had|has|have|did|does|do|is|are|was|were|will|the)[\w-]+ )?"
    r"(?:company|firm|university|institute|agency|ministry|satellite|ship|rocket|model|system|"
    r"organi[sz]ation|code ?name|product|vessel|bank|line|carrier|airline|maker|manufacturer|"
    r"supplier|builder|operator|insurer|shipyard|newspaper|party|court|committee|consortium|fund|"
    r"contractor|partner|group|state)s?\b"
    r"|\bname of\b|\bcalled\b",
}  # fmt: skip
_PATTERNS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _WANTS.items()}

_ASKING = r"(?:who|what|which|when|where|why|how)"
_PARTS = re.compile(
    rf"\b{_ASKING}\b[^?]*(?:,|\band\b|\bor\b)[^?,]{{0,24}}?\b{_ASKING}\b"
    r"|^(?:who|what) (?:are|were) (?:the |its |their )?[^?]*?\band\b"
    r"|\bboth (?:figures|values|dates|numbers|names|years)\b"
    r"|\?\s*(?:and\b)?[^?]{4,}\?"
    r"|(?:谁|什么|多少|哪|何|几)[^?？]*[，、和及][^?？]*(?:谁|什么|多少|哪|何|几)|分别",
    re.IGNORECASE,
)


_HOLDER = re.compile(
    r"\bwho(?: (?:is|was|are|were)|['’]s) (?:the|its|their|his|her)\b", re.IGNORECASE
)
_NO_PERSON = re.compile(r"\b[Tt]he(?: [A-Z][\w’'-]*)+|\bnon-\w+")
"""Who holds an office is a person, whose name has no article: "the first non-Chinese person to go
to the Chinese Space Station" does not say who the astronaut is."""
_BARE_WORDS = 2
_CHOICE = re.compile(r"\bor\b|还是", re.IGNORECASE)
_HAN = re.compile("[\u4e00-\u9fff]")
_ASKS_HAN = (
    r"\bChinese (?:name|characters?|term|word|title|expression|phrase|form|equivalent|slogan)\b"
    r"|\b(?:called|named|written|said|put|spelled|known as|express(?:ed)?) in Chinese\b"
)
_WANTS_HAN = re.compile(rf"[\u4e00-\u9fff]|{_ASKS_HAN}|\bin Chinese\b", re.IGNORECASE)


def has_parts(question: str) -> bool:
    """Whether the question asks for more than one thing: "Who built it, and when?"."""
    return bool(_PARTS.search(question)) or len(parts(question)) > 1


_LIST = re.compile(
    r"\b(?:what|which|who) (?:are|were|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|\bwhich (?!was\b|is\b|has\b|does\b)\w{3,}s\b"
    r"|\bin (?:what|which) (?:two|three|four|five)\b"
    r"|\bwhat (?:[\w-]+ ){0,3}?(?:types|kinds|countries|companies|firms|reasons|measures|"
    r"conditions|sectors|fields|shortcomings|obstacles|advantages|provinces|cities|agencies|"
    r"ministries|partners)\b"
    r"|\b(?:name|list) (?:the|all|two|three)\b|哪些|哪几",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:both|compare|difference|differ|between|more|less|fewer|larger|smaller|higher|lower|"
    r"longer|shorter|older|newer|heavier|lighter|earlier|later|sources? (?:dis)?agree|versus|vs|"
    r"respectively|each (?:one|of))\b|\bfrom each\b"
    r"|比较|区别|相比",
    re.IGNORECASE,
)


_LATEST = re.compile(
    r"\b(?:latest|most recent|newest|corrected|correction|revised|revision|updated)\b"
    r"|最新|更正|修订|修正",
    re.IGNORECASE,
)


def wants_latest(question: str) -> bool:
    """Whether the newest of several accounts is asked for: "After its revision, how many ...?"."""
    return bool(_LATEST.search(question))


def wants_list(question: str) -> bool:
    """Whether several things of one kind are asked for: "Which islands have radar?"."""
    return bool(_LIST.search(question))


def wants_several(question: str) -> bool:
    """Whether one sentence may not be enough: parts, a comparison, a list."""
    return has_parts(question) or wants_list(question) or bool(_COMPARISON.search(question))


def wanted(question: str) -> str | None:
    """ "date", "figure", "person", "place", "name": whatever is asked for first; None when the
    wording does not tell, or wants Yes or No.
    """
    if is_yes_no(question):
        return None
    if re.search(_ASKS_HAN, question, re.IGNORECASE):
        return "name"  # of "the Chinese expression for a space power", no power
    found = {kind: pattern.search(question) for kind, pattern in _PATTERNS.items()}
    starts = {kind: match.start() for kind, match in found.items() if match}
    return min(starts, key=starts.__getitem__, default=None)


def gives(kind: str | None, statement: str, question: str) -> bool:
    """Whether a statement holds something of that kind which the question did not bring along."""
    if kind is None:
        return True
    if kind == "date":
        known = {(d.year, d.month, d.day) for d in dates(question)}
        return any((d.year, d.month, d.day) not in known for d in dates(statement))
    if kind == "figure":
        asked = {(f.value, f.dimension) for f in figures(without(question))}
        found = {(f.value, f.dimension) for f in figures(without(statement))}
        fitting = dimensions(question)
        return any(not of or fitting is None or of in fitting for _, of in found - asked)
    if kind == "person" and _HOLDER.search(question):
        statement = _NO_PERSON.sub("", statement)
    return _names_something(statement, question)


def _names_something(statement: str, question: str) -> bool:
    """Whether a name stands in a statement that the question did not bring along, or did as one of
    a choice; an answer of two words ("Klaipeda.") is taken for one.
    """
    if len(statement.split()) <= _BARE_WORDS:
        return True
    names = name_tokens(statement, question)
    if _CHOICE.search(question):
        return bool(names)
    asked = {word.casefold() for word in re.findall(r"\w+", question) + name_tokens(question)}
    new = [name for name in names if name.casefold() not in asked]
    # Characters behind a name in Latin letters are that name again, unless they are asked for.
    return any(_WANTS_HAN.search(question) or not _HAN.search(name) for name in new)
