"""Figures in prose, normalised: "€2.4 bn", "2.4 billion euros" and "2,400 million euros" are one.

Nothing here is fuzzy: 5 % and 6 % differ, and so do percent and percentage points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from rag.answering import numbers
from rag.answering.units import CASED_UNITS, CODES, CURRENCIES, CURRENCY_NAME, MAGNITUDES, UNITS

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
_SIGN = _alternatives([c for c in CURRENCIES if not c[-1].isalpha() and c != "元"])
_CODE = _alternatives(list(CODES))
_HAN_NEXT = _alternatives(_HAN_UNIT + _HAN_CURRENCY)
_LATIN_UNIT = _alternatives([unit for unit in UNITS if unit not in _HAN_UNIT])
_CASED_UNIT = _alternatives(list(CASED_UNITS))
_HAN_MAGNITUDE = _alternatives([m for m in MAGNITUDES if not m.isascii() and m not in "百千"])
_CLASSIFIER = "[个名位艘颗枚架辆家座项次台人种份条]"

_FIGURE = re.compile(
    rf"""
    百分之(?P<share>\d+(?:\.\d+)?|{numbers.HAN_NUMBER})
    |(?P<hanfraction>{numbers.HAN_FRACTION})
    |第(?P<hanordinal>\d+|{numbers.HAN_NUMBER})
    |(?<![\w-])(?P<fraction>{numbers.FRACTION})
    |(?<![\w.,])(?<!per\ )(?P<ordinal>{numbers.ORDINAL})
    |(?:(?P<sign>{_SIGN})\s?|(?<![A-Za-z])(?P<code>(?-i:{_CODE}))\s?(?=\d))?
    (?:(?P<minus>(?<![\w.,)\]%])[-−]|(?<!\w)minus\s)?
      (?P<digits>(?<![\d.,])(?:\d{{1,3}}(?:\.\d{{3}}){{2,}}(?![\d.])
        |(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?))
     |(?<![\w-])(?P<words>{numbers.SPELLED})(?=fold\b|(?!\w))
     |(?P<han>{numbers.HAN_NUMBER})(?={_HAN_NEXT}|{_HAN_MAGNITUDE}|{_CLASSIFIER})
    )
    (?:(?:\sa\s|\s|-)?(?P<magnitude>{_HAN_MAGNITUDE}|(?<=\d)[百千](?![米克瓦分])
       |(?:thousand|million|billion|trillion|bn|mn|tn|mln|bln|trn|lakhs?|crores?)(?![a-z])
       |[kmb](?![a-z\d])(?:(?<=\d[kmb])|(?(code)(?<=\d\ [kmb])|(?(sign)(?<=\d\ [kmb])|(?!))))))?
    (?:(?:\s(?:of\ an?|an?|of)\s|\s|-)?(?P<unit>{_HAN_NEXT}
       |(?-i:{_CASED_UNIT})(?![\w/-])|(?:{_LATIN_UNIT})(?![A-Za-z\d_²³]))
     |[\s-](?:of\s)?{CURRENCY_NAME})?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:-|–|—|to|and|至|到)\s?", re.IGNORECASE)
_WEAK = {"one", "both", "half", "zero", "twice"}
_IDENTIFIER = re.compile(r"[A-Za-z]-?$")
_NAMED = re.compile(r"\b([A-Z][\w’'-]*)\s$")
CHANGES = {"percent", "percentage point"}
"""Dimensions in which a change may have a sign."""
_SIGNED = {"temperature", "fahrenheit", "level", "gain", *CHANGES}
_PARAMETERS = re.compile(
    r"\d+(?:(?P<part>\.\d+)[BT](?![A-Za-z\d])|[BT](?=[\s-](?:param|token|model)))"
)


@lru_cache(maxsize=512)  # some fifty questions; more only filled memory for thousands
def figures(text: str) -> tuple[Figure, ...]:
    """All figures in order of appearance. Identifiers such as "Ofeq-13" or "5G" are left out."""
    found = [figure for match in _FIGURE.finditer(text) if (figure := _figure(match, text))]
    return tuple(_shared_over_ranges(_joined(found, text), text))


def _figure(match: re.Match[str], text: str) -> Figure | None:
    for group, read, dimension in (
        ("share", numbers.digits_or_han, "percent"),
        ("hanfraction", numbers.fraction, "fraction"),
        ("hanordinal", numbers.digits_or_han, "ordinal"),
        ("fraction", numbers.fraction, "fraction"),
        ("ordinal", numbers.ordinal, "ordinal"),
    ):
        if match[group]:
            value = read(match[group])
            return Figure(value, dimension, match.start(), match.end(), written=value)
    if match["digits"] and not (match["sign"] or match["code"]) and _is_identifier(match, text):
        return None
    return _measured(match, text)


def _measured(match: re.Match[str], text: str) -> Figure:
    number = _number(match)
    unit = (match["unit"] or "").lower()
    named = match["sign"] or match["code"] or match["currency"]
    currency = CURRENCIES.get((named or unit).lower().rstrip("."))
    letter = (match["magnitude"] or "").lower()
    if letter == "m" and not currency and not match["unit"]:
        unit, letter = "m", ""
    if match["unit"] == "T" and (named or counts_parameters(text, match.start("digits"))):
        unit, letter = "", "tn"
    magnitude = MAGNITUDES.get(letter, _ONE)
    kind = CASED_UNITS.get(match["unit"] or "") or UNITS.get(unit, ("", _ONE))
    dimension, factor = (currency, _ONE) if currency else kind
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


def counts_parameters(text: str, start: int) -> bool:
    """Whether the "70B" at `start` is a count ("a 70B model", "1.5B"), not a name ("Orm 5B")."""
    counted = _PARAMETERS.match(text, start)
    named = _NAMED.search(text[max(0, start - 40) : start])
    plain = named is None or named[1] in ("The", "A", "An", "Its", "Their", "Our")
    return counted is not None and (plain or bool(counted["part"]))


def _is_identifier(match: re.Match[str], text: str) -> bool:
    """ "Ofeq-13", "J-10CE", "5G", "Long March 5B" name things: a name check, not a figure."""
    before = text[max(0, match.start("digits") - 2) : match.start("digits")]
    after = text[match.end("digits") : match.end("digits") + 1]
    glued = after.isascii() and after.isalpha() and not match["magnitude"] and not match["unit"]
    letter = text[match.end("digits") : match.end("digits") + 2]
    version = after in ("G", "B") and not letter[1:].isalpha()
    version = version and not match["currency"]
    version = version and not counts_parameters(text, match.start("digits"))
    return bool(_IDENTIFIER.search(before)) or glued or version


def _number(match: re.Match[str]) -> Decimal:
    if match["digits"]:
        dotted = match["digits"].count(".") > 1
        return Decimal(match["digits"].replace("." if dotted else ",", ""))
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
        elif (
            left.dimension in CURRENCIES.values()
            and not right.dimension
            and text[left.end : right.start].strip() != "and"
        ):
            right = replace(right, dimension=left.dimension)
        if left.dimension == right.dimension and left.magnitude == 1 and left.written < 1000:
            left = replace(left, magnitude=right.magnitude)
        value = left.written * left.magnitude * left.factor
        found[position] = replace(left, value=value)
        found[position + 1] = right
    return found
