"""Numbers written in words, English and Chinese: "three hundred and fifty", "十二", "二〇二五"."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.answering.units import HAN_DIGITS, NUMBER_WORDS, ORDINALS

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|zero|thrice"
)
_SMALL = rf"(?:(?:{_TENS})(?:[-\s](?:{_ONES}))?|{_TEENS}|{_ONES})"
SPELLED = (
    rf"(?:{_SMALL}[-\s]and[-\s]a[-\s]half|(?:{_SMALL}|an?)\s(?:hundred|dozen)(?:\s(?:and\s)?{_SMALL})?|{_SMALL}|hundred|dozen"
    r"|an?(?=\s(?:thousand|million|billion|trillion)\b)|half|both|twice)"
)
"""Pattern of a number in words up to 999; "a" only before a magnitude."""

_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_PART = "|".join(_PARTS)
FRACTION = rf"(?:(?:{_ONES})[-\s](?:{_PART})s?(?!\w)|an?\s(?:{_PART})(?=\sof\b))"
"""Pattern of a share such as "two thirds" or "a quarter of"."""

ORDINAL = rf"(?:\d+(?:st|nd|rd|th)|{'|'.join(o for o in ORDINALS if o != 'first')})(?!\w)"
"""Pattern of an ordinal; "first" is left out, since it often only means "for once"."""

_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
HAN_NUMBER = f"[{''.join(HAN_DIGITS)}十百千]{{1,12}}"


def spelled(text: str) -> Decimal:
    """The value of what `SPELLED` matches."""
    whole = re.sub(r"[-\s]and[-\s]a[-\s]half$", "", text.lower())
    total = Decimal(0)
    for word in re.split(r"[-\s]+", whole):
        if word in ("hundred", "dozen"):
            total = (total or Decimal(1)) * NUMBER_WORDS[word]
        elif word in ("a", "an"):
            total = Decimal(1)
        elif word != "and":
            total += NUMBER_WORDS[word]
    return total if whole == text.lower() else total + NUMBER_WORDS["half"]


def fraction(text: str) -> Decimal:
    """The value of what `FRACTION` matches, to 28 digits."""
    count, part = re.split(r"[-\s]", text.lower())
    singular = part.removesuffix("s")
    return NUMBER_WORDS.get(count, Decimal(1)) / _PARTS[singular]


def ordinal(text: str) -> Decimal:
    """The value of what `ORDINAL` matches."""
    digits = re.match(r"\d+", text)
    return Decimal(digits[0]) if digits else Decimal(ORDINALS[text.lower()])


def han(text: str) -> Decimal:
    """The value of what `HAN_NUMBER` matches; a row of digits ("二〇二五") is read in order."""
    if len(text) > 1 and not any(character in _HAN_TENS for character in text):
        return Decimal("".join(str(HAN_DIGITS[character]) for character in text))
    total, current = 0, 0
    for character in text:
        if character in HAN_DIGITS:
            current = HAN_DIGITS[character]
        else:
            total += (current or 1) * _HAN_TENS[character]
            current = 0
    return Decimal(total + current)
