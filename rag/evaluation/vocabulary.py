"""The words of figures and dates that the value-aware comparison knows."""

from __future__ import annotations

import re

MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
MONTHS = {name[:3]: number for number, name in enumerate(MONTH_NAMES, 1)}
MONTH_PATTERN = "(?:" + "|".join([*MONTH_NAMES, "sept", *MONTHS]) + ")"

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SMALL_NUMBERS: dict[str, float] = {
    **{word: float(number) for number, word in enumerate(_ONES)},
    **{word: 10.0 * number for number, word in enumerate(_TENS, 2)},
}
SCALES: dict[str, float] = {
    "dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9,
    "trillion": 1e12, "mn": 1e6, "mln": 1e6, "bn": 1e9, "bln": 1e9, "tn": 1e12, "trn": 1e12,
    "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8,
}  # fmt: skip
LETTER_SCALES: dict[str, float] = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
"""Single letters, which mean a scale only beside a unit: $5m and 5m tons against 5 m of cable."""

CURRENCY_SIGNS = {
    "$": "usd", "us$": "usd", "hk$": "hkd", "a$": "aud", "c$": "cad", "nt$": "twd",
    "€": "eur", "£": "gbp", "¥": "cny", "₹": "inr",
    "usd": "usd", "eur": "eur", "gbp": "gbp", "cny": "cny", "rmb": "cny", "jpy": "jpy",
    "aud": "aud", "cad": "cad", "hkd": "hkd", "twd": "twd", "inr": "inr", "sgd": "sgd",
    "chf": "chf", "dkk": "crown", "nok": "crown", "sek": "crown",
}  # fmt: skip

_SPELLINGS = {
    "%": "% percent|per cent|pct",
    "pp": "percentage point|percentage points|pp",
    "usd": "dollar|dollars|us dollars|us dollar|usd|美 元",
    "eur": "euro|euros|eur|欧 元",
    "gbp": "pound sterling|pounds sterling|gbp",
    "cny": "yuan|rmb|renminbi|cny|元|人 民 币",
    "jpy": "yen|jpy|日 元",
    "chf": "franc|francs|swiss franc|swiss francs|chf|瑞 士 法 郎",
    "crown": "crown|crowns|krone|kroner|kronor|danish kroner|norwegian kroner|swedish kronor",
    "t": "t|ton|tons|tonne|tonnes|metric tons|metric ton|metric tonnes|吨",
    "kg": "kg|kilogram|kilograms|kilo|kilos|公 斤|千 克",
    "g": "gram|grams",
    "km": "km|kilometre|kilometres|kilometer|kilometers|公 里|千 米",
    "m": "m|metre|metres|meter|meters|米",
    "cm": "cm|centimetre|centimetres|centimeter|centimeters|厘 米",
    "mm": "mm|millimetre|millimetres|millimeter|millimeters|毫 米",
    "nmi": "nautical mile|nautical miles|nmi|海 里",
    "mi": "mile|miles",
    "km2": "km2|sq km|square kilometre|square kilometres|square kilometer|square kilometers|"
    "平 方 公 里|平 方 千 米",
    "ha": "ha|hectare|hectares|公 顷",
    "m2": "m2|square metre|square metres|square meter|square meters|平 方 米",
    "m3": "m3|cubic metre|cubic metres|cubic meter|cubic meters|立 方 米",
    "litre": "litre|litres|liter|liters|l|升",
    "kmh": "km per hour|km h|kilometres an hour|kilometers an hour|kilometres per hour|"
    "kilometers per hour|kph",
    "ms": "m per second|m s|metres a second|meters a second|metres per second|meters per second",
    "kn": "knot|knots|kn|节",
    "year": "year|years|yr|yrs",
    "month": "month|months|个 月",
    "week": "week|weeks|周",
    "day": "day|days|天",
    "hour": "hour|hours|h|hr|hrs|小 时",
    "minute": "minute|minutes|min|mins|分 钟",
    "second": "second|seconds|s|sec|秒",
    "w": "w|watt|watts",
    "kw": "kw|kilowatt|kilowatts|千 瓦",
    "mw": "mw|megawatt|megawatts|兆 瓦",
    "gw": "gw|gigawatt|gigawatts|吉 瓦",
    "kwh": "kwh|kilowatt hour|kilowatt hours|千 瓦 时",
    "mwh": "mwh|megawatt hour|megawatt hours|兆 瓦 时",
    "gwh": "gwh|gigawatt hour|gigawatt hours",
    "ghz": "ghz|gigahertz",
    "mhz": "mhz|megahertz",
    "nm": "nm|nanometre|nanometres|nanometer|nanometers|纳 米",
    "mb": "megabyte|megabytes",
    "gb": "gb|gigabyte|gigabytes",
    "tb": "tb|terabyte|terabytes",
    "k": "k|kelvin|kelvins",
    "db": "db|decibel|decibels|分 贝",
}
UNITS = {
    spelling: unit
    for unit, spellings in _SPELLINGS.items()
    for spelling in spellings.replace("% ", "%|", 1).split("|")
}
CONVERSIONS: dict[str, tuple[str, float]] = {
    "t": ("kg", 1e3), "g": ("kg", 1e-3), "km": ("m", 1e3), "cm": ("m", 1e-2), "mm": ("m", 1e-3),
    "nmi": ("m", 1852.0), "mi": ("m", 1609.344), "w": ("mw", 1e-6), "kw": ("mw", 1e-3),
    "gw": ("mw", 1e3), "kwh": ("mwh", 1e-3), "gwh": ("mwh", 1e3), "mhz": ("ghz", 1e-3),
    "ha": ("km2", 1e-2), "m2": ("km2", 1e-6), "mb": ("gb", 1e-3), "tb": ("gb", 1e3),
    "litre": ("m3", 1e-3), "week": ("day", 7.0), "hour": ("day", 1 / 24),
    "minute": ("day", 1 / 1440), "second": ("day", 1 / 86400), "year": ("month", 12.0),
}  # fmt: skip
DROPPED = frozenset(
    ["the", "a", "an", "about", "around", "approximately", "roughly", "nearly", "almost", "some"]
)
REFUTED_BY = (
    ("not",), ("never",), ("neither",), ("nor",), ("rather", "than"), ("instead", "of"),
    ("no", "longer"), *(("not", word) for word in ("at", "by", "for", "from", "in", "on", "to")),
    ("不", "是"), ("并", "非"), ("而", "非"),
)  # fmt: skip
"""Words that, right before a value, say that it is not the value."""

_AMERICAN = {
    "grey": "gray", "programme": "program", "plough": "plow", "tyre": "tire", "tyres": "tires",
    "aluminium": "aluminum", "centre": "center", "theatre": "theater", "fibre": "fiber",
    "defence": "defense", "offence": "offense", "licence": "license",
}  # fmt: skip
_BRITISH_OR = re.compile(r"(arm|behavi|col|fav|harb|hon|lab|neighb|rum|vap)our")
_BRITISH_ISE = re.compile(r"([a-z]{3,})is(e|ed|er|ers|es|ing|ation|ations)")


def american(word: str) -> str:
    """A small-lettered word as American English spells it, so that both spellings compare."""
    if _BRITISH_ISE.fullmatch(word):
        return _BRITISH_ISE.sub(r"\1iz\2", word)
    return _AMERICAN.get(word) or _BRITISH_OR.sub(r"\1or", word)
