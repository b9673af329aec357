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
    rf"(?:half[-\s](?:a[-\s])?dozen|{_SMALL}[-\s]and[-\s]a[-\s]half"
    rf"|(?:{_SMALL}|an?)\s(?:hundred|dozen)(?:\s(?:and\s)?{_SMALL})?|{_SMALL}|hundred|dozen"
    r"|an?(?=\s(?:thousand|million|billion|trillion|decade|century)\b)|half|both|twice)"
)
"""Pattern of a number in words up to 999; "a" only before a magnitude or a span of years."""

_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_PART = "|".join(_PARTS)
_PERIODS = (
    "first second last latter other this upper lower northern southern eastern western front rear"
)
_NO_PERIOD = "".join(rf"(?<!\b{word}\s)" for word in _PERIODS.split())
FRACTION = (
    rf"(?:(?:{_ONES})[-\s](?:{_PART})s?(?!\w)|an?\s(?:{_PART})(?=\sof\b)"
    rf"|(?<=\bby\s)an?\s(?:{_PART})(?=[.;)]|$|,?\s(?:to|from|in|since|over|on|and|while)\b)"
    rf"|{_NO_PERIOD}half(?=\sof\b))"
)
"""Pattern of a share such as "two thirds" or "a quarter of"; "the first half of" is none."""

ORDINAL = (
    rf"(?:\d+(?:st|nd|rd|th)|(?:(?:{_TENS})[-\s])?"
    rf"(?:{'|'.join(o for o in ORDINALS if o != 'first')}|(?<=y[-\s])first))(?!\w)"
)
"""Pattern of an ordinal; "first" is left out, since it often only means "for once"."""

_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
HAN_NUMBER = f"[{''.join(HAN_DIGITS)}十百千]{{1,12}}"
HAN_FRACTION = (
    rf"(?:(?:\d+|{HAN_NUMBER})分之(?:\d+|{HAN_NUMBER})|一半|半数"
    r"|(?<![十百千\d.])[一两二三四五六七八九\d]成(?![功为立本员果熟长分交就绩不])半?)"
)
"""Pattern of a share such as "三分之一"; "百分之五" is a percentage and must be tried before."""


def spelled(text: str) -> Decimal:
    """The value of what `SPELLED` matches."""
    if re.fullmatch(r"half[-\s](?:a[-\s])?dozen", text, re.IGNORECASE):
        return NUMBER_WORDS["half"] * NUMBER_WORDS["dozen"]
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
    """The value of what `FRACTION` or `HAN_FRACTION` matches, to 28 digits."""
    if "成" in text:
        tenths, _, half = text.partition("成")
        return (digits_or_han(tenths) + (NUMBER_WORDS["half"] if half else 0)) / 10
    if text[0] > "\u2e7f" or text[0].isdigit():
        whole, _, share = text.partition("分之")
        return digits_or_han(share) / digits_or_han(whole) if share else Decimal("0.5")
    *count, part = re.split(r"[-\s]", text.lower())
    singular = part.removesuffix("s")
    return NUMBER_WORDS.get(count[0] if count else "", Decimal(1)) / _PARTS[singular]


def digits_or_han(text: str) -> Decimal:
    """The value of digits, or of what `HAN_NUMBER` matches."""
    return Decimal(text) if text[0].isdigit() else han(text)


def ordinal(text: str) -> Decimal:
    """The value of what `ORDINAL` matches."""
    if digits := re.match(r"\d+", text):
        return Decimal(digits[0])
    *tens, last = re.split(r"[-\s]", text.lower())
    return Decimal(ORDINALS[last]) + sum(NUMBER_WORDS[word] for word in tens)


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
