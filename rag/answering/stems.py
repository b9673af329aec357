"""A crude common form of a term, so that a question and a sentence meet in other endings."""

from __future__ import annotations

from rag.indexing.terms import terms

_ENDINGS = ("ment", "ation", "tion", "ing", "ed", "es", "er", "ly", "e")
_LEAST = 4
_MONTHS = {
    "jan": "january", "feb": "february", "mar": "march", "apr": "april", "jun": "june",
    "jul": "july", "aug": "august", "sep": "september", "sept": "september", "oct": "october",
    "nov": "november", "dec": "december",
}  # fmt: skip


def stem(term: str) -> str:
    """ "launched" and "launch", "investing" and "investment", "Jan" and "January" become one."""
    term = _MONTHS.get(term, term)
    for ending in _ENDINGS:
        if term.isascii() and term.endswith(ending) and len(term) - len(ending) >= _LEAST:
            return term[: -len(ending)]
    return term


def stems(text: str) -> set[str]:
    """The stems of all terms of a text."""
    return {stem(term) for term in terms(text)}
