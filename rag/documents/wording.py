"""Words of a line: how many there are, and whether they are set as a title."""

from __future__ import annotations

import re

from rag.documents.fold import HAN

_WORD = re.compile(rf"[{HAN}]|[^\W_{HAN}]+(?:[’'.&/-][^\W_{HAN}]+)*")
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "nor",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "by",
        "with",
        "as",
        "is",
        "are",
        "be",
        "vs",
        "via",
        "into",
        "over",
        "after",
        "its",
        "it",
        "than",
        "that",
        "this",
        "amid",
        "per",
        "up",
        "out",
        "off",
        "about",
        "under",
        "between",
        "during",
    ]
)


def words(text: str) -> int:
    """Number of words; two Han characters count as one."""
    found = _WORD.findall(text)
    han = sum(1 for word in found if len(word) == 1 and word >= "\u2e80")
    return len(found) - han + (han + 1) // 2


def is_title_case(text: str) -> bool:
    """Whether nearly all longer words begin with a capital."""
    longer = [word for word in _WORD.findall(text) if word.lower() not in _SMALL and word.isascii()]
    capital = sum(not word[0].islower() for word in longer)
    return bool(longer) and capital >= 0.8 * len(longer)


def plain(text: str) -> str:
    """A line without the marks that Markdown puts around a heading or an emphasis."""
    return text.strip("#*_ \t") if text[:1] in "#*_" else text
