"""Figures in prose, normalised: "€2.4 bn", "2.4 billion euros" and "2,400 million euros" are one.

Nothing here is fuzzy: 5 % and 6 % differ, and so do percent and percentage points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from rag.answering.units import CURRENCIES, HAN_DIGITS, MAGNITUDES, NUMBER_WORDS, UNITS


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in the dimension's base unit; `dimension` is "" for a bare number.

    `weak` marks words such as "one" or "both" that often are no figure at all.
    """

    value: Decimal
    dimension: str
    start: int
    end: int
    weak: bool = False


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_HAN_UNIT = [unit for unit in UNITS if not unit.isascii() and not unit.startswith(("°", "μ"))]
_HAN_CURRENCY = [
    name for name in CURRENCIES if (not name.isascii() and len(name) > 1) or name == "元"
]
_SIGN = _alternatives([c for c in CURRENCIES if not c[-1].isalpha() and c != "元"])
_CODE = _alternatives([c for c in CURRENCIES if c.isalpha() and len(c) == 3 and c.isascii()])
_NAME = _alternatives([c for c in CURRENCIES if c[-1].isalpha() and c.isascii()])
_HAN_NEXT = _alternatives(_HAN_UNIT + _HAN_CURRENCY)
_LATIN_UNIT = _alternatives([unit for unit in UNITS if unit not in _HAN_UNIT])
_WORDS = "zero|" + _alternatives([w for w in NUMBER_WORDS if w not in ("zero", "single")])
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"

_FIGURE = re.compile(
    rf"""
    (?:(?P<sign>{_SIGN})\s?|(?<![A-Za-z])(?P<code>{_CODE})\s?(?=[\d]))?
    (?:(?P<digits>(?<![\w.,\-/])\d+(?:,\d{{3}})+(?:\.\d+)?|(?<![\d.,])\d+(?:\.\d+)?)
     |(?<![\w-])(?P<compound>(?:{_TENS})-(?:{_ONES})|{_WORDS})(?![\w])
     |(?P<han>[{"".join(HAN_DIGITS)}十百千]+)(?={_HAN_NEXT}|[个名艘颗枚架家座项次台])
    )
    (?:(?:\s|-)?(?P<magnitude>万亿|[万亿萬億]|(?:thousand|million|billion|trillion|bn|mn|tn)(?![a-z])
       |[kmb](?![a-z\d])(?<=\d[kmb])))?
    (?:(?:\s(?:of\ an?|an?|of)\s|\s|-)?(?P<unit>{_HAN_NEXT}
       |(?:{_LATIN_UNIT})(?![\w²]))
     |\s(?:of\s)?(?:US\ |U\.S\.\ |Chinese\ |Hong\ Kong\ |American\ )?(?P<currency>{_NAME})(?![\w]))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:-|–|—|to|and|至|到)\s?", re.IGNORECASE)
_WEAK = {"one", "both", "half", "single", "zero", "twice", "second"}
_IDENTIFIER = re.compile(r"[A-Za-z]-?$")


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    """All figures in order of appearance. Identifiers such as "Ofeq-13" or "5G" are left out."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        figure = _figure(match, text)
        if figure is not None:
            found.append(figure)
    return tuple(_with_range_units(found, text))


def _figure(match: re.Match[str], text: str) -> Figure | None:
    if match["digits"] and not match["sign"] and _is_identifier(match, text):
        return None
    number = _number(match)
    if number is None:
        return None
    currency = match["sign"] or match["code"] or match["currency"]
    magnitude = (match["magnitude"] or "").lower()
    if len(magnitude) == 1 and magnitude.isascii() and not currency:
        dimension, factor = UNITS.get(magnitude, ("", Decimal(1)))
        return Figure(number * factor, dimension, match.start(), match.end())
    number *= MAGNITUDES.get(magnitude, Decimal(1))
    unit = (match["unit"] or "").lower()
    if unit in CURRENCIES:
        currency = unit
    if currency:
        return Figure(number, CURRENCIES[currency.lower()], match.start(), match.end())
    dimension, factor = UNITS.get(unit, ("", Decimal(1)))
    weak = (match["compound"] or "").lower() in _WEAK and not dimension and not magnitude
    return Figure(number * factor, dimension, match.start(), match.end(), weak)


def _is_identifier(match: re.Match[str], text: str) -> bool:
    """ "Ofeq-13", "J-10CE", "5G", "Long March 5B" name things: a name check, not a figure."""
    before = text[max(0, match.start("digits") - 2) : match.start("digits")]
    after = text[match.end("digits") : match.end("digits") + 1]
    glued = after.isascii() and after.isalpha() and not match["magnitude"] and not match["unit"]
    generation = match["unit"] == "G" and after == "G"
    return bool(_IDENTIFIER.search(before)) or glued or generation


def _number(match: re.Match[str]) -> Decimal | None:
    if match["digits"]:
        try:
            return Decimal(match["digits"].replace(",", ""))
        except InvalidOperation:
            return None
    if match["han"]:
        return _han_number(match["han"])
    word = match["compound"].lower()
    if "-" in word:
        tens, ones = word.split("-")
        return NUMBER_WORDS[tens] + NUMBER_WORDS[ones]
    return NUMBER_WORDS[word]


def _han_number(text: str) -> Decimal | None:
    total, current = 0, 0
    for character in text:
        if character in HAN_DIGITS:
            current = HAN_DIGITS[character]
        else:
            total += (current or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            current = 0
    return Decimal(total + current)


def _with_range_units(found: list[Figure], text: str) -> list[Figure]:
    """In "60-80 tons" and "$2-3 billion" both ends share the unit."""
    for position in range(len(found) - 1):
        left, right = found[position], found[position + 1]
        between = text[left.end : right.start]
        if left.dimension or not right.dimension or not _RANGE.fullmatch(between):
            continue
        bare = _FIGURE.match(text, right.start)
        own = _number(bare) if bare else None
        if own:
            scaled = left.value * (right.value / own)
            found[position] = Figure(scaled, right.dimension, left.start, left.end)
    return found


def missing_figures(statement: str, source: str) -> list[str]:
    """Figures of `statement`, as written, that `source` does not hold with the same unit.

    A bare number is found in any figure of that value ("37" in "37 percent" is not: a share
    is no count). Dates are not figures: remove them first with `rag.answering.dates.without`.
    """
    have = figures(source)
    values = {(figure.value, figure.dimension) for figure in have}
    counts = {
        value for value, dimension in values if dimension not in ("percent", "percentage point")
    }
    missing = []
    for figure in figures(statement):
        if figure.weak or (figure.value, figure.dimension) in values:
            continue
        if not figure.dimension and figure.value in counts | _spoken(have, source):
            continue
        missing.append(statement[figure.start : figure.end].strip())
    return missing


def _spoken(have: tuple[Figure, ...], source: str) -> set[Decimal]:
    """The plain numbers as written, so that "636.9" is found in "636.9 billion yuan"."""
    plain = set()
    for figure in have:
        match = _FIGURE.match(source, figure.start)
        number = _number(match) if match else None
        if number is not None and figure.dimension not in ("percent", "percentage point"):
            plain.add(number)
    return plain
