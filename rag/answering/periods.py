"""Quarters and halves of a year: "Q3", "3Q24", "the third quarter", "第三季度" are one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answering.units import HAN_DIGITS, ORDINALS

_ORDINAL = "first|second|third|fourth|1st|2nd|3rd|4th"
_PERIOD = re.compile(
    rf"(?<![\w-])(?P<word>{_ORDINAL})[\s-](?:fiscal\s)?(?P<kind>quarter|half)(?!\w)"
    r"|\b(?-i:(?P<letter>[QH])(?P<digit>[1-4])|(?P<digit2>[1-4])(?P<letter2>[QH]))"
    r"(?:(?=(?:20)?\d\d\b)|(?![\w-]))"
    r"|(?<![前后])第?(?P<han>[一二三四1-4])季度|(?P<half>[上下])半年",
    re.IGNORECASE,
)
_FROM_TO = {
    "H1": ("January", "June", "1", "6"), "H2": ("July", "December", "7", "12"),
    "Q1": ("January", "March", "1", "3"), "Q2": ("April", "June", "4", "6"),
    "Q3": ("July", "September", "7", "9"), "Q4": ("October", "December", "10", "12"),
}  # fmt: skip
_FIRST = {"H1": "|first (?:six|6) months", "Q1": "|first (?:three|3) months"}
_LONG = r"(?:to|ended|ending)\s(?:\w+\s){0,3}?"
_MONTHS = {
    name: re.compile(
        rf"{first}\s?(?:to|through|-|–)\s?{last}|(?<!\d){begin}[-至—–]{end}月{_FIRST.get(name, '')}"
        rf"|{'three' if name[0] == 'Q' else 'six'}\smonths\s{_LONG}{last}"
    )
    for name, (first, last, begin, end) in _FROM_TO.items()
}
"""The same told by months. Another year of accounts would count otherwise; ours is the calendar."""


_ELIDED = re.compile(
    rf"\b(?:in|for|of)\sthe\s(?P<word>{_ORDINAL})(?=[,.;]|\s(?:and|to|from)\b|$)", re.IGNORECASE
)


def _elided(text: str) -> Iterator[str]:
    """Quarters named as "in the second" behind one that is written out."""
    for match in _ELIDED.finditer(text):
        before = list(_periods(text[: match.start()]))
        if before:
            word = match["word"].lower()
            yield before[-1][1][0] + str(ORDINALS.get(word) or int(word[0]))


def named_periods(text: str) -> list[tuple[int, int, str]]:
    """Where each quarter or half of a year stands, and which it is: "Q3"."""
    return [(*match.span(), name) for match, name in _periods(text)]


def _periods(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for match in _PERIOD.finditer(text):
        if match["half"]:
            yield match, "H1" if match["half"] == "上" else "H2"
        elif match["word"]:
            word = match["word"].lower()
            number = ORDINALS.get(word) or int(word[0])
            yield match, ("Q" if match["kind"].lower() == "quarter" else "H") + str(number)
        elif match["han"]:
            yield match, f"Q{HAN_DIGITS.get(match['han'], match['han'])}"
        else:
            yield match, f"{match['letter'] or match['letter2']}{match['digit'] or match['digit2']}"


def period_span(text: str) -> tuple[int, int] | None:
    """Where the first quarter or half of a year stands in a text."""
    match = _PERIOD.search(text)
    return match.span() if match else None


def without_periods(text: str) -> str:
    """`text` with quarters and halves of a year blanked out, so that no figure or name is read in
    them."""
    return _PERIOD.sub(lambda match: " " * len(match[0]), text)


def missing_periods(statement: str, setting: str) -> list[str]:
    """Quarters and halves of a year in `statement`, as written, that are not in `setting`: the
    quotes with their titles, since "In Q3" often stands there alone.
    """
    have = {name for _, name in _periods(setting)}
    have |= set(_elided(setting))
    have |= {name for name, spoken in _MONTHS.items() if spoken.search(setting)}
    return [match[0] for match, name in _periods(statement) if name not in have]
