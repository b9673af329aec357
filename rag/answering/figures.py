"""Figures in prose, normalised: "€2.4 bn", "2.4 billion euros" and "2,400 million euros" are one.

Nothing here is fuzzy: 5 % and 6 % differ, and so do percent and percentage points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from rag.answering import numbers
from rag.answering.units import CURRENCIES, MAGNITUDES, UNITS

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in the dimension's base unit; `dimension` is "" for a bare number.

    `value` is `written` times `magnitude` ("bn") times `factor` (the unit's). `weak` marks words
    such as "one" or "both" that often are no figure at all.
    """

    value: Decimal
    dimension: str
    start: int
    end: int
    weak: bool = False
    written: Decimal = _ONE
    magnitude: Decimal = _ONE
    factor: Decimal = _ONE


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_HAN_UNIT = [unit for unit in UNITS if not unit.isascii() and not unit.startswith(("°", "μ"))]
_HAN_CURRENCY = [
    name for name in CURRENCIES if (not name.isascii() and len(name) > 1) or name == "元"
]
_UNIT_WORD = re.compile(r"[^\W\d_]+|%")
_SPELLINGS: dict[tuple[str, Decimal], set[str]] = {}
for _spelling, _unit in UNITS.items():
    _SPELLINGS.setdefault(_unit, set()).add(_spelling)
_SIGN = _alternatives([c for c in CURRENCIES if not c[-1].isalpha() and c != "元"])
_CODE = _alternatives([c for c in CURRENCIES if c.isalpha() and len(c) == 3 and c.isascii()])
_NAME = _alternatives([c for c in CURRENCIES if c[-1].isalpha() and c.isascii()])
_HAN_NEXT = _alternatives(_HAN_UNIT + _HAN_CURRENCY)
_LATIN_UNIT = _alternatives([unit for unit in UNITS if unit not in _HAN_UNIT])
_HAN_MAGNITUDE = _alternatives([m for m in MAGNITUDES if not m.isascii() and m not in "百千"])
_CLASSIFIER = "[个名位艘颗枚架辆家座项次台人种份条]"

_FIGURE = re.compile(
    rf"""
    百分之(?P<share>\d+(?:\.\d+)?|{numbers.HAN_NUMBER})
    |第(?P<hanordinal>\d+|{numbers.HAN_NUMBER})
    |(?<![\w-])(?P<fraction>{numbers.FRACTION})
    |(?<![\w.,])(?<!per\ )(?P<ordinal>{numbers.ORDINAL})
    |(?:(?P<sign>{_SIGN})\s?|(?<![A-Za-z])(?P<code>{_CODE})\s?(?=\d))?
    (?:(?P<minus>(?<![\w.,)\]%])[-−]|(?<!\w)minus\s)?
      (?P<digits>(?<![\d.,])(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?)
     |(?<![\w-])(?P<words>{numbers.SPELLED})(?!\w)
     |(?P<han>{numbers.HAN_NUMBER})(?={_HAN_NEXT}|{_HAN_MAGNITUDE}|{_CLASSIFIER})
    )
    (?:(?:\sa\s|\s|-)?(?P<magnitude>{_HAN_MAGNITUDE}|(?<=\d)[百千](?![米克瓦分])
       |(?:thousand|million|billion|trillion|bn|mn|tn|mln|bln|trn|lakhs?|crores?)(?![a-z])
       |[kmb](?![a-z\d])(?<=\d[kmb])))?
    (?:(?:\s(?:of\ an?|an?|of)\s|\s|-)?(?P<unit>{_HAN_NEXT}
       |(?:{_LATIN_UNIT})(?![\w²]))
     |[\s-](?:of\s)?(?:US\ |U\.S\.\ |Chinese\ |Hong\ Kong\ |American\ )?
      (?P<currency>{_NAME})(?!\w))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:-|–|—|to|and|至|到)\s?", re.IGNORECASE)
_WEAK = {"one", "both", "half", "zero", "twice"}
_IDENTIFIER = re.compile(r"[A-Za-z]-?$")
_NAMED = re.compile(r"\b([A-Z][\w’'-]*)\s$")
_CHANGES = {"percent", "percentage point"}
_SIGNED = {"temperature", "fahrenheit", "level", "gain", *_CHANGES}
_FALLS = re.compile(
    r"\b(?:f[ae]ll|declin|decreas|drop|shr[aiu]nk|contract|slump|los[est]|lower|reduc|cut|down)"
    r"|[降减负跌缩]|下滑",
    re.IGNORECASE,
)
_POUNDS = re.compile(r"\s?pounds?\b", re.IGNORECASE)
_SHARES = {"percent", "percentage point", "basis point", "fraction", "ordinal", "times"}
_NOT_A_NOUN = re.compile(
    r"\s*(?:$|[^\w\s]|(?:and|or|in|of|for|by|on|at|to|from|as|with|per|a|an|the|is|was|are|were"
    r"|last|this|when|while|after|before|during|since|until|but|than|compared|which|that)\b)"
)


@lru_cache(maxsize=512)  # some fifty questions; more only filled memory for thousands
def figures(text: str) -> tuple[Figure, ...]:
    """All figures in order of appearance. Identifiers such as "Ofeq-13" or "5G" are left out."""
    found = [figure for match in _FIGURE.finditer(text) if (figure := _figure(match, text))]
    return tuple(_shared_over_ranges(_joined(found, text), text))


def _figure(match: re.Match[str], text: str) -> Figure | None:
    for group, read, dimension in (
        ("share", _digits_or_han, "percent"),
        ("hanordinal", _digits_or_han, "ordinal"),
        ("fraction", numbers.fraction, "fraction"),
        ("ordinal", numbers.ordinal, "ordinal"),
    ):
        if match[group]:
            value = read(match[group])
            return Figure(value, dimension, match.start(), match.end(), written=value)
    if match["digits"] and not match["sign"] and _is_identifier(match, text):
        return None
    return _measured(match)


def _digits_or_han(text: str) -> Decimal:
    return Decimal(text) if text[0].isdigit() else numbers.han(text)


def _measured(match: re.Match[str]) -> Figure:
    number = _number(match)
    unit = (match["unit"] or "").lower()
    named = match["sign"] or match["code"] or match["currency"]
    currency = CURRENCIES.get((named or unit).lower())
    letter = (match["magnitude"] or "").lower()
    if letter == "m" and not currency and not match["unit"]:
        unit, letter = "m", ""
    magnitude = MAGNITUDES.get(letter, _ONE)
    dimension, factor = (currency, _ONE) if currency else UNITS.get(unit, ("", _ONE))
    if match["minus"] and dimension in _SIGNED:
        number = -number
    weak = (match["words"] or "").lower() in _WEAK or match["han"] == "一"
    return Figure(
        value=number * magnitude * factor,
        dimension=dimension,
        start=match.start(),
        end=match.end(),
        weak=weak and not dimension and magnitude == 1,
        written=number,
        magnitude=magnitude,
        factor=factor,
    )


def _is_identifier(match: re.Match[str], text: str) -> bool:
    """ "Ofeq-13", "J-10CE", "5G", "Long March 5B" name things: a name check, not a figure."""
    before = text[max(0, match.start("digits") - 2) : match.start("digits")]
    after = text[match.end("digits") : match.end("digits") + 1]
    glued = after.isascii() and after.isalpha() and not match["magnitude"] and not match["unit"]
    letter = text[match.end("digits") : match.end("digits") + 2]
    version = after in ("G", "B") and not letter[1:].isalpha()
    version = version and not (match["currency"] or match["code"])
    return bool(_IDENTIFIER.search(before)) or glued or version


def _number(match: re.Match[str]) -> Decimal:
    if match["digits"]:
        return Decimal(match["digits"].replace(",", ""))
    return numbers.han(match["han"]) if match["han"] else numbers.spelled(match["words"])


def _joined(found: list[Figure], text: str) -> list[Figure]:
    """ "三万五千", "3亿5000万" and "two thousand five hundred" are one figure each."""
    joined: list[Figure] = []
    for figure in found:
        last = joined[-1] if joined else None
        if last is None or not _goes_on(last, figure, text):
            joined.append(figure)
            continue
        sum_ = last.written * last.magnitude + figure.written * figure.magnitude
        joined[-1] = replace(
            figure, start=last.start, value=sum_ * figure.factor, written=sum_ / figure.magnitude
        )
    return joined


def _goes_on(last: Figure, figure: Figure, text: str) -> bool:
    if last.dimension or figure.dimension in ("ordinal", "fraction"):
        return False
    if not 0 < figure.written * figure.magnitude < last.magnitude:
        return False
    gap = text[last.end : figure.start]
    in_words = text[last.start].isalpha() and text[figure.start].isalpha()
    if text[figure.end : figure.end + 1] == "-":
        return False  # "two thousand one-room flats"
    return in_words if gap == " " else not gap and text[last.end - 1] > "\u2e7f"


def _shared_over_ranges(found: list[Figure], text: str) -> list[Figure]:
    """In "60-80 tons", "$2-3 billion" and "2 to 3 million" both ends share unit and magnitude."""
    for position in range(len(found) - 1):
        left, right = found[position], found[position + 1]
        if not _RANGE.fullmatch(text[left.end : right.start]):
            continue
        if {left.dimension, right.dimension} & {"ordinal", "fraction"}:
            continue
        if not left.dimension and right.dimension:
            left = replace(left, dimension=right.dimension, factor=right.factor)
        elif left.dimension in CURRENCIES.values() and not right.dimension:
            right = replace(right, dimension=left.dimension)
        if left.dimension == right.dimension and left.magnitude == 1 and left.written < 1000:
            left = replace(left, magnitude=right.magnitude)
        value = left.written * left.magnitude * left.factor
        found[position] = replace(left, value=value)
        found[position + 1] = right
    return found


def missing_figures(statement: str, source: str) -> list[str]:
    """Figures of `statement`, as written, that `source` does not hold with the same unit.

    A bare number is found in any figure of that value ("37" in "37 percent" is not: a share
    is no count). Dates are not figures: remove them first with `rag.answering.dates.without`.
    """
    have = figures(source)
    values = {reading for figure in have for reading in _readings(figure, source)}
    missing = []
    for figure in figures(statement):
        if figure.weak or any(reading in values for reading in _readings(figure, statement)):
            continue
        if not figure.dimension and _counted(figure, statement, have, source):
            continue
        if figure.dimension and _unit_left_out(figure, have, source):
            continue
        missing.append(statement[figure.start : figure.end].strip())
    return missing


def _unit_left_out(figure: Figure, have: tuple[Figure, ...], source: str) -> bool:
    """Whether the number stands bare and its very unit stands elsewhere in the source.

    "was to take eight days, took seventeen"; "mass_kg: 235"; never for sums of money.
    """
    spellings = _SPELLINGS.get((figure.dimension, figure.factor))
    if not spellings or not any(
        other.written == figure.written and not other.dimension and other.magnitude == 1
        for other in have
    ):
        return False
    return bool(spellings & set(_UNIT_WORD.findall(source.lower().replace("per cent", "percent"))))


def _readings(figure: Figure, text: str) -> list[tuple[Decimal, str]]:
    """What a figure may mean: "1.5m" is metres or millions, "5 pounds" money, "¥5" yen, and a
    change of "5 percent" one of -5 where something falls.
    """
    readings = [(figure.value, figure.dimension)]
    if figure.dimension == "length" and text[figure.end - 2 : figure.end - 1].isdigit():
        readings.append((figure.written * MAGNITUDES["m"], ""))
    if not figure.dimension and _POUNDS.match(text, figure.end):
        readings.append((figure.value, "GBP"))
    if text[figure.start] == "¥":
        readings.append((figure.value, "JPY"))
    if figure.dimension in _CHANGES and figure.value > 0 and _FALLS.search(text):
        readings.append((-figure.value, figure.dimension))
    return readings


def _counted(figure: Figure, statement: str, have: tuple[Figure, ...], source: str) -> bool:
    """Whether a bare number stands in the source beside a unit or magnitude left out.

    "636.9" is found in "636.9 billion yuan", but "42 boxes" not in "42 million boxes", nor
    "60 trucks" in "60 tons"; "Ofeq 13" is found in "Ofeq-13".
    """
    for other in have:
        if other.dimension in _SHARES:
            continue
        if figure.value == other.written * other.magnitude and not other.dimension:
            return True
        counts = (other.written * other.magnitude, other.written)
        if figure.value in counts and _NOT_A_NOUN.match(statement[figure.end :]):
            return True
    named = _NAMED.search(statement[max(0, figure.start - 40) : figure.start])
    if named is None:
        return False
    number = re.escape(statement[figure.start : figure.end].strip())
    return bool(re.search(rf"\b{re.escape(named[1])}[\s‐‑–-]?{number}(?!\w)", source))
