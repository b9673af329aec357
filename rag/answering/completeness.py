"""Whether an answer covers what its question counts or sets side by side: all of "which four
partners", both of "SMIC versus Hua Hong"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.checks import setting
from rag.answering.names import missing_names, name_tokens
from rag.answering.questions import wants_several
from rag.answering.repair import rows_of_one_table
from rag.answering.units import NUMBER_WORDS
from rag.types import Evidence

_COUNTED = re.compile(
    r"\b(?:which|what|who|name|list)\s(?:(?:are|were)\s)?(?:the\s|its\s|their\s)?"
    r"(two|three|four|five|six|seven|eight|nine)\b",
    re.IGNORECASE,
)
_NAME = r"[A-Z0-9][\w’'.-]*(?:\s[A-Z0-9][\w’'.-]*)*"
_SIDES = re.compile(
    rf"\b(?P<one>{_NAME})\s(?:versus|vs\.?|or|compared (?:with|to))\s(?P<other>{_NAME})"
    rf"|\b(?:between|both)\s(?P<this>{_NAME})\sand\s(?P<that>{_NAME})"
)


def counted(question: str) -> int:
    """How many things a question says it wants: 4 for "which four partners", else 0."""
    found = _COUNTED.search(question)
    return int(NUMBER_WORDS[found[1].lower()]) if found else 0


def covers(question: str, cited: Sequence[Evidence]) -> bool:
    """False where what is cited leaves out one of two names that the question compares, or has
    fewer rows of a table than the question counts things.
    """
    rows = rows_of_one_table(cited)
    if rows and len(rows) < counted(question):
        return False
    sides = _SIDES.search(question) if wants_several(question) else None
    if sides is None:
        return True
    told = setting(cited)
    return not any(_missing(name, told) for name in sides.groupdict().values() if name)


def _missing(name: str, told: str) -> bool:
    behind = f"of {name}"  # a word that stands first is no name for its capital alone
    tokens = name_tokens(behind)
    return bool(tokens) and set(tokens) <= set(missing_names(behind, told))
