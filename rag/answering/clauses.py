"""Which of the parties that one sentence sets against each other has which value.

"The first was lost in 2024, while the second still works": both names and the year stand in the
quote, and only the clause tells whose year it is.
"""

from __future__ import annotations

import re

from rag.answering.dates import dates, without
from rag.answering.figures import figures
from rag.answering.names import name_tokens
from rag.answering.segments import clauses as spans
from rag.answering.segments import words

_AGAINST = re.compile(r"[,;—]\s*(?:while|whereas|whilst|but)\s+|;\s+|[，；]而?")
_LABELLED = re.compile(r"[^:]{1,60}:\s")
"""A row of a table is one party's: "Flight: 6; Date: November 2025; Launch site: Wenchang"."""
_BEGINS = re.compile(
    r"(?:while |whereas |but |although )?"
    r"(?:(?:the|its|his|her|their) (?:[A-Za-z-]+ ){0,2}[a-z]+,? )?"
    r"(?P<name>[A-Z][\w’'-]+)"
)
_REFERS_BACK = re.compile(r"\bthe (?:former|latter)\b|\brespectively\b|前者|后者")
"""Words by which a clause tells of the party of another one."""
_TELLING = 2
"""Words of a statement that only the other clause has, before it is taken for what is told."""
_HEAD = 30
"""Characters within which a clause names its subject."""


def exchanged_values(statement: str, quote: str) -> list[str]:
    """The name in `statement` whose clause of `quote` lacks the statement's figures and dates,
    where the clause of a name that the statement leaves out has them; at most one.
    """
    clauses = _AGAINST.split(quote)
    heads = [_head(clause) for clause in clauses]
    if len(clauses) < 2 or not all(heads) or len(set(heads)) < len(heads):
        return []
    told = set(re.findall(r"[\w-]+", statement))
    mentioned = [place for place, head in enumerate(heads) if head in told]
    if len(mentioned) != 1:
        return []
    own = clauses.pop(mentioned[0])
    values = _values(statement)
    astray = values - _values(own)
    others = (_REFERS_BACK.split(clause)[0] for clause in clauses)
    return [heads[mentioned[0]]] if astray and any(astray & _values(c) for c in others) else []


def other_party(statement: str, quote: str) -> list[str]:
    """The name in `statement` whose clause of `quote` says nothing of what is told, while a clause
    that begins with another name says it.
    """
    told = name_tokens(statement, quote)
    parts = [quote[slice(*span)] for span in spans(quote)]
    own = [part for part in parts if any(name in part for name in told)]
    if not told or len(own) != 1 or len(parts) < 2 or _LABELLED.match(quote):
        return []
    if _REFERS_BACK.search(quote):
        return []
    said = words(statement) - words(" ".join(told))
    for part in parts:
        head = _BEGINS.match(part)
        if part == own[0] or head is None or head["name"] in told:
            continue
        apart = said & words(own[0]) - words(part)
        if not apart and len(said & words(part) - words(own[0])) >= _TELLING:
            return [told[0]]
    return []


def _head(clause: str) -> str:
    """The first name of a clause, where it begins with one; else ""."""
    if _LABELLED.match(clause):
        return ""
    named = name_tokens(clause, clause)
    return named[0] if named and 0 <= clause.find(named[0]) < _HEAD else ""


def _values(text: str) -> set[tuple[object, ...]]:
    """Figures by value and dimension, and years."""
    measured = {(figure.value, figure.dimension) for figure in figures(without(text))}
    return measured | {("year", date.year) for date in dates(text) if date.year is not None}
