"""Whether the figures of a statement stand in a source, by value and with their unit."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.answering.figures import CHANGES, Figure, figures
from rag.answering.units import MAGNITUDES, UNITS

_UNIT_WORD = re.compile(r"[^\W\d_]+|%")
_SPELLINGS: dict[tuple[str, Decimal], set[str]] = {}
for _spelling, _unit in UNITS.items():
    _SPELLINGS.setdefault(_unit, set()).add(_spelling)
_HALF = Decimal("0.5")
_NAMED = re.compile(r"\b([A-Z][\w’'-]*)\s$")
_FALLS = re.compile(
    r"\b(?:f[ae]ll|declin|decreas|drop|shr[aiu]nk|contract|slump|los[est]|lower|reduc|cut|down)"
    r"|[降减负跌缩]|下滑",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(r"(?:\s[a-z]+(?:-[a-z]+)*){2,3}")
"""Words between a number and its unit: "311 frost-free days"."""
_JOINT = re.compile(r"(?<=(?<![\d.,])\d)[ '’](?=\d{3}(?!\d))|(?<=\d\d)[ '’](?=\d{3}(?!\d))")
"""The space in "3 500", or the mark in "3'500", which may be one of thousands."""
_ROW = re.compile(r"[^:;]{1,60}: [^;]+; [^:;]{1,60}: ")
_POUNDS = re.compile(r"\s?pounds?\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|some|close to|(?P<below>almost|nearly|just under)"
    r"|(?P<above>over|more than|just over))\s|大?约|近|逾|超过)[$€£¥]?$",
    re.IGNORECASE,
)
_CLOSE = Decimal("0.02")
_SHARES = {"percent", "percentage point", "basis point", "fraction", "ordinal", "times"}
NOT_A_NOUN = re.compile(
    r"\s*(?:$|[^\w\s]|(?:and|or|in|of|for|by|on|at|to|from|as|with|per|a|an|the|is|was|are|were"
    r"|last|this|when|while|after|before|during|since|until|but|than|compared|which|that)\b)"
)


def missing_figures(statement: str, source: str) -> list[str]:
    """Figures of `statement`, as written, that `source` does not hold with the same unit.

    A bare number is found in any figure of that value ("37" in "37 percent" is not: a share
    is no count). Dates are not figures: remove them first with `rag.answering.dates.without`.
    """
    have = (*figures(source), *figures(_JOINT.sub("", source)))
    values = {reading for figure in have for reading in _readings(figure, source)}
    missing = []
    for figure in figures(statement):
        if figure.weak or any(reading in values for reading in _readings(figure, statement)):
            continue
        if not figure.dimension and _counted(figure, statement, have, source):
            continue
        if figure.dimension and _unit_left_out(figure, have, source):
            continue
        if _rounded(figure, statement, have):
            continue
        missing.append(statement[figure.start : figure.end].strip())
    return missing


def _rounded(figure: Figure, statement: str, have: tuple[Figure, ...]) -> bool:
    """Whether a figure said to be none exactly is one of the source, rightly rounded: "almost $15
    billion" of $14.96 billion. 5 percent is still not 6, nor "about 6" of 5.6: it must be close.
    """
    hedge = _HEDGE.search(statement[max(0, figure.start - 16) : figure.start])
    if hedge is None or not figure.written:
        return False
    step = Decimal(1).scaleb(_last_place(figure.written)) * figure.magnitude * figure.factor
    return any(
        other.dimension == figure.dimension
        and abs(other.value - figure.value) <= min(step / 2, figure.value * _CLOSE)
        and (other.value <= figure.value or not hedge["below"])
        and (other.value >= figure.value or not hedge["above"])
        for other in have
    )


def _last_place(value: Decimal) -> int:
    """The power of ten of the last digit that is not a zero: 0 of 15, 3 of 45,000."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _unit_left_out(figure: Figure, have: tuple[Figure, ...], source: str) -> bool:
    """Whether the number stands bare and its very unit stands elsewhere in the source.

    "was to take eight days, took seventeen"; "mass_kg: 235"; never for sums of money.
    """
    spellings = _SPELLINGS.get((figure.dimension, figure.factor))
    bare = [
        other
        for other in have
        if other.written == figure.written and not other.dimension and other.magnitude == 1
    ]
    if not spellings or not bare:
        return False
    if _ROW.match(source):  # a unit belongs to its own cell
        source = " ".join(_cell(source, other.start) for other in bare)
    return bool(spellings & set(_UNIT_WORD.findall(source.lower().replace("per cent", "percent"))))


def _cell(row: str, place: int) -> str:
    end = row.find(";", place)
    return row[row.rfind(";", 0, place) + 1 : end if end >= 0 else len(row)]


def _readings(figure: Figure, text: str) -> list[tuple[Decimal, str]]:
    """What a figure may mean: "1.5m" is metres or millions, "5 pounds" money, "¥5" yen, half of
    something 50 percent, and a change of "5 percent" one of -5 where something falls.
    """
    readings = [(figure.value, figure.dimension)]
    if figure.dimension == "length" and text[figure.end - 2 : figure.end - 1].isdigit():
        readings.append((figure.written * MAGNITUDES["m"], ""))
    if not figure.dimension and _POUNDS.match(text, figure.end):
        readings.append((figure.value, "GBP"))
    if figure.dimension == "fraction" or (figure.weak and figure.value == _HALF):
        readings += [(figure.value, "fraction"), (figure.value * 100, "percent")]
    if text[figure.start] == "¥":
        readings.append((figure.value, "JPY"))
    if figure.dimension in CHANGES and figure.value > 0 and _FALLS.search(text):
        readings.append((-figure.value, figure.dimension))
    return readings


def _counted(figure: Figure, statement: str, have: tuple[Figure, ...], source: str) -> bool:
    """Whether a bare number stands in the source beside a unit or magnitude left out.

    "636.9" is found in "636.9 billion yuan", but "42 boxes" not in "42 million boxes", nor
    "60 trucks" in "60 tons"; "Ofeq 13" is found in "Ofeq-13", "311 frost-free days" in "311 days".
    """
    qualified = _QUALIFIED.match(statement, figure.end)
    words = qualified[0].split()[1:] if qualified else []
    unit = next((UNITS[word] for word in words if word in UNITS), None)
    for other in have:
        if unit == (other.dimension, other.factor) and figure.value == other.written:
            return True
        if other.dimension in _SHARES:
            continue
        if figure.value == other.written * other.magnitude and not other.dimension:
            return True
        counts = (other.written * other.magnitude, other.written)
        if figure.value in counts and NOT_A_NOUN.match(statement[figure.end :]):
            return True
    named = _NAMED.search(statement[max(0, figure.start - 40) : figure.start])
    if named is None:
        return False
    number = re.escape(statement[figure.start : figure.end].strip())
    return bool(re.search(rf"\b{re.escape(named[1])}[\s‐‑–-]?{number}(?!\w)", source))
