"""Which dimension a figure must have to answer a question: no mass answers what a thing costs."""

from __future__ import annotations

import re

from rag.answering.units import CURRENCIES, UNITS

_ASKED: dict[str, tuple[str, ...]] = {
    r"\b(?:what|which) (?:share|percentage|proportion|percent)\b|\bby how many percent\b": (
        "percent",
        "percentage point",
        "times",
    ),
    r"\bhow heavy\b|\bhow much (?:does|did|do|will|would|is) [^?]*\bweigh\b"
    r"|\bwhat (?:is|was|are|were) (?:the|its|their) (?:\w+ )?(?:mass|weight)\b": ("mass",),
    r"\bhow (?:tall|deep|wide)\b": ("length",),
    r"\bhow far\b": ("length", "time"),
    r"\bhow long\b": ("length", "time", "months"),
    r"\bhow fast\b|\bwhat (?:\w+ )?speed\b": ("speed", "data rate", "length", "time"),
    r"\b(?:how much|what) (?:does|did|do|will|would|must|has|have) [^?]*"
    r"\b(?:charge|cost|pay|paid|ask for|charged)\b"
    r"|\bwhat (?:price|fee|rent|salary)\b|\bfor how much\b": (
        *sorted(set(CURRENCIES.values())),
        "percent",
    ),
}
_PATTERNS = {re.compile(pattern, re.IGNORECASE): found for pattern, found in _ASKED.items()}
_IN_WORDS = re.compile(r"\bin ([a-z]{3,})\b")
_HOW_MANY = re.compile(
    r"\bhow many ((?:(?!(?:an?|per|in|on|of|at|to|for|did|do|does|has|have|had|is|are|was|were|"
    r"will|can|could|would)\b)[a-z]+[ -]?){1,4})",
    re.IGNORECASE,
)


def dimensions(question: str) -> frozenset[str] | None:
    """Dimensions (`rag.answering.units`) of which a figure that answers must have one, a bare
    number aside; None where any may do.
    """
    for pattern, found in _PATTERNS.items():
        if pattern.search(question):
            return frozenset(found)
    counted = _HOW_MANY.search(question)
    if counted is None:
        return None
    words = re.split("[ -]", counted[1].lower())
    for unit in (" ".join(words[:2]), *words):
        if unit in UNITS:
            return frozenset((UNITS[unit][0],))
    if any(word in CURRENCIES or word in UNITS for word in _IN_WORDS.findall(question.lower())):
        return None  # "How many orders, in euros, ..."
    return frozenset(("containers", "oil", "times"))
