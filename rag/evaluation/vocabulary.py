"""The words of figures and dates that the value-aware comparison knows."""

from __future__ import annotations

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
    "dozen": 12.0,
}
SCALES: dict[str, float] = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "mn": 1e6, "mln": 1e6, "bn": 1e9, "bln": 1e9, "tn": 1e12, "trn": 1e12,
    "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8,
}  # fmt: skip
MONEY_SCALES: dict[str, float] = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
"""Single letters, which mean a scale only after a currency sign: $5m against 5 m of cable."""

CURRENCY_SIGNS = {
    "$": "usd", "us$": "usd", "hk$": "hkd", "a$": "aud", "c$": "cad", "nt$": "twd",
    "€": "eur", "£": "gbp", "¥": "cny", "₹": "inr",
    "usd": "usd", "eur": "eur", "gbp": "gbp", "cny": "cny", "rmb": "cny", "jpy": "jpy",
}  # fmt: skip

_SPELLINGS = {
    "%": "% percent|per cent|pct",
    "pp": "percentage point|percentage points|pp",
    "usd": "dollar|dollars|us dollars|us dollar|usd|美 元",
    "eur": "euro|euros|eur|欧 元",
    "gbp": "pound sterling|pounds sterling|gbp",
    "cny": "yuan|rmb|renminbi|cny|元|人 民 币",
    "jpy": "yen|jpy|日 元",
    "t": "t|ton|tons|tonne|tonnes|metric tons|metric ton|metric tonnes|吨",
    "kg": "kg|kilogram|kilograms|kilo|kilos|公 斤|千 克",
    "g": "gram|grams",
    "km": "km|kilometre|kilometres|kilometer|kilometers|公 里|千 米",
    "m": "m|metre|metres|meter|meters|米",
    "cm": "cm|centimetre|centimetres|centimeter|centimeters|厘 米",
    "mm": "mm|millimetre|millimetres|millimeter|millimeters|毫 米",
    "nmi": "nautical mile|nautical miles|nmi|海 里",
    "mi": "mile|miles",
    "year": "year|years|yr|yrs",
    "month": "month|months",
    "week": "week|weeks",
    "day": "day|days|天",
    "hour": "hour|hours|h|hr|hrs|小 时",
    "minute": "minute|minutes|min",
    "second": "second|seconds",
    "kw": "kw|kilowatt|kilowatts",
    "mw": "mw|megawatt|megawatts",
    "gw": "gw|gigawatt|gigawatts",
    "ghz": "ghz|gigahertz",
    "mhz": "mhz|megahertz",
}
UNITS = {
    spelling: unit
    for unit, spellings in _SPELLINGS.items()
    for spelling in spellings.replace("% ", "%|", 1).split("|")
}
CONVERSIONS: dict[str, tuple[str, float]] = {
    "t": ("kg", 1e3), "g": ("kg", 1e-3), "km": ("m", 1e3), "cm": ("m", 1e-2), "mm": ("m", 1e-3),
    "nmi": ("m", 1852.0), "mi": ("m", 1609.344), "kw": ("mw", 1e-3), "gw": ("mw", 1e3),
    "mhz": ("ghz", 1e-3),
}  # fmt: skip
DROPPED = frozenset(
    ["the", "a", "an", "about", "around", "approximately", "roughly", "nearly", "almost", "some"]
)
