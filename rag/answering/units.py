"""Units, currencies and magnitudes: spellings, and the factor to one base unit a dimension."""

from __future__ import annotations

from decimal import Decimal

MAGNITUDES: dict[str, Decimal] = {
    "thousand": Decimal(10) ** 3,
    "k": Decimal(10) ** 3,
    "million": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "m": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "b": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "tn": Decimal(10) ** 12,
    "mln": Decimal(10) ** 6,
    "bln": Decimal(10) ** 9,
    "trn": Decimal(10) ** 12,
    "lakh": Decimal(10) ** 5,
    "lakhs": Decimal(10) ** 5,
    "crore": Decimal(10) ** 7,
    "crores": Decimal(10) ** 7,
    "百": Decimal(10) ** 2,
    "千": Decimal(10) ** 3,
    "万": Decimal(10) ** 4,
    "萬": Decimal(10) ** 4,
    "亿": Decimal(10) ** 8,
    "億": Decimal(10) ** 8,
    "万亿": Decimal(10) ** 12,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "百亿": Decimal(10) ** 10,
    "千亿": Decimal(10) ** 11,
}
"""Single letters are magnitudes only straight after a currency figure ("$5m"), 百 and 千 only after
digits.
"""

CURRENCIES: dict[str, str] = {
    "us$": "USD", "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "美元": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "欧元": "EUR",
    "£": "GBP", "gbp": "GBP", "pound sterling": "GBP", "pounds sterling": "GBP",
    "¥": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY", "renminbi": "CNY", "元": "CNY",
    "人民币": "CNY", "hk$": "HKD", "hkd": "HKD", "yen": "JPY", "jpy": "JPY", "日元": "JPY",
    "rupee": "INR", "rupees": "INR", "inr": "INR", "rouble": "RUB", "roubles": "RUB",
    "ruble": "RUB", "rubles": "RUB", "won": "KRW", "tenge": "KZT", "s$": "SGD", "a$": "AUD",
    "c$": "CAD", "nt$": "TWD", "franc": "CHF", "francs": "CHF", "瑞士法郎": "CHF", "₹": "INR",
    "卢比": "INR", "₽": "RUB", "卢布": "RUB", "₩": "KRW", "韩元": "KRW", "港元": "HKD",
    "港币": "HKD", "英镑": "GBP", "澳元": "AUD", "加元": "CAD", "新台币": "TWD", "chf": "CHF",
    "hong kong dollar": "HKD", "hong kong dollars": "HKD", "taiwan dollar": "TWD",
    "taiwan dollars": "TWD", "australian dollar": "AUD", "australian dollars": "AUD",
    "canadian dollar": "CAD", "canadian dollars": "CAD", "singapore dollar": "SGD",
    "singapore dollars": "SGD", "british pound": "GBP", "british pounds": "GBP",
    "krona": "SEK", "kronor": "SEK", "sek": "SEK", "norwegian kroner": "NOK", "nok": "NOK",
    "danish kroner": "DKK", "dkk": "DKK", "zloty": "PLN", "zlotys": "PLN", "pln": "PLN",
    "shekel": "ILS", "shekels": "ILS", "twd": "TWD", "sgd": "SGD", "aud": "AUD", "krw": "KRW",
    "rub": "RUB", "rs": "INR", "pakistani rupee": "PKR", "pakistani rupees": "PKR",
}  # fmt: skip

CODES: tuple[str, ...] = (*sorted(set(CURRENCIES.values())), "RMB", "Rmb", "Rs.", "Rs")
"""What stands before a sum, written so: "won 5 medals" is no money."""

_STATES = (
    r"US|U\.S\.|American|Chinese|New|Japanese|Indian|Russian|Swiss|(?:South )?Korean|Swedish|Polish"
    r"|Israeli|Kazakh"
)
_NAMES = sorted((n for n in CURRENCIES if n.isascii() and n[-1].isalpha()), key=len, reverse=True)
_SPACED = rf"(?:(?:{_STATES}) )?(?P<currency>{'|'.join(_NAMES)})(?![A-Za-z\d])"
CURRENCY_NAME = _SPACED.replace(" ", r"\ ")
"""Verbose pattern of a currency's name, and whose it is: "40 million Swiss francs"."""

_DIMENSIONS: dict[str, dict[str, str]] = {
    "percent": {"1": "% percent per_cent pct ％ 百分之"},
    "percentage point": {"1": "percentage_point percentage_points 个百分点 百分点"},
    "basis point": {"1": "basis_point basis_points bps"},
    "times": {"1": "times fold x 倍"},
    "mass": {
        "1000": "t ton tons tonne tonnes metric_ton metric_tons 吨",
        "1": "kg kilogram kilograms kilo kilos 公斤 千克",
        "0.001": "g gram grams 克",
    },
    "length": {
        "1000": "km kilometer kilometers kilometre kilometres 公里 千米",
        "1": "m meter meters metre metres 米",
        "0.01": "cm centimeter centimeters centimetre centimetres 厘米",
        "0.001": "mm millimeter millimeters millimetre millimetres 毫米",
        "0.000001": "micron microns micrometer micrometers micrometre micrometres μm",
        "0.000000001": "nm nanometer nanometers nanometre nanometres 纳米",
        "1609.344": "mile miles mi 英里",
        "1852": "nautical_mile nautical_miles nmi 海里",
        "0.3048": "foot feet ft 英尺",
        "0.0254": "inch inches 英寸",
    },
    "area": {
        "1": "square_meter square_meters square_metre square_metres sqm sq_m m2 m² 平方米",
        "1000000": "square_kilometer square_kilometers square_kilometre square_kilometres km2 km² "
                   "sq_km square_km 平方公里 平方千米",
        "10000": "hectare hectares ha 公顷",
        "4046.8564224": "acre acres",
    },
    "time": {
        "1": "second seconds sec s 秒",
        "0.001": "millisecond milliseconds ms 毫秒",
        "60": "minute minutes min 分钟",
        "3600": "hour hours 小时",
        "86400": "day days 天 日",
        "604800": "week weeks 周",
    },
    "months": {"1": "month months 个月", "12": "year years 年", "120": "decade decades",
               "1200": "century centuries"},
    "volume": {
        "1": "liter liters litre litres",
        "0.001": "ml milliliter milliliters millilitre millilitres 毫升",
        "1000": "m³ m3 cubic_meter cubic_meters cubic_metre cubic_metres 立方米",
        "28.316846592": "cubic_foot cubic_feet",
        "3.785411784": "gallon gallons",
    },
    "pressure": {"1": "bar", "0.001": "mbar millibar millibars",
                 "0.01": "kpa kilopascal kilopascals",
                 "10": "mpa megapascal megapascals", "0.0689475729": "psi"},
    "voltage": {"1": "volt volts", "1000": "kv kilovolt kilovolts"},
    "current": {"1": "ampere amperes amp amps", "0.001": "milliampere milliamperes milliamps",
                "1000": "kiloampere kiloamperes"},
    "data": {
        "1": "byte bytes",
        "0.125": "bit bits",
        "125": "kilobit kilobits",
        "125000": "megabit megabits mbit",
        "125000000": "gigabit gigabits gbit",
        "125000000000": "terabit terabits tbit",
        "1000": "kb kilobyte kilobytes",
        "1000000": "mb megabyte megabytes",
        "1000000000": "gb gigabyte gigabytes",
        "1000000000000": "tb terabyte terabytes",
        "1000000000000000": "pb petabyte petabytes",
    },
    "data rate": {
        "1000": "kbps kbit/s kilobits_per_second kilobits_a_second",
        "1000000": "mbps mbit/s megabits_per_second megabits_a_second",
        "1000000000": "gbps gbit/s gigabits_per_second gigabits_a_second",
        "1000000000000": "tbps tbit/s terabits_per_second terabits_a_second",
    },
    "power": {
        "0.001": "milliwatt milliwatts",
        "1": "w watt watts",
        "1000": "kw kilowatt kilowatts 千瓦",
        "1000000": "mw megawatt megawatts 兆瓦",
        "1000000000": "gw gigawatt gigawatts 吉瓦",
    },
    "energy": {
        "1": "wh watt-hour watt-hours watt_hours",
        "1000": "kwh kilowatt-hour kilowatt-hours kilowatt_hours 千瓦时",
        "1000000": "mwh megawatt-hours megawatt_hours",
        "1000000000": "gwh gigawatt-hours gigawatt_hours",
        "1000000000000": "twh terawatt-hours terawatt_hours",
    },
    "frequency": {"1": "hz hertz", "1000": "khz kilohertz", "1000000": "mhz megahertz",
                  "1000000000": "ghz gigahertz", "1000000000000": "thz terahertz"},
    "speed": {"1": "km/h kph kmh km_per_hour km_an_hour kilometers_per_hour kilometres_per_hour "
                   "kilometers_an_hour kilometres_an_hour 公里/小时",
              "1.609344": "mph miles_per_hour miles_an_hour", "1.852": "knot knots kn 节",
              "3.6": "m/s meters_per_second metres_per_second"},
    "force": {"1": "n newton newtons", "1000": "kilonewton kilonewtons",
              "1000000": "meganewton meganewtons"},
    "level": {"1": "dbm"},
    "gain": {"1": "db decibel decibels"},
    "temperature": {"1": "°c degrees_celsius celsius 摄氏度"},
    "fahrenheit": {"1": "°f degrees_fahrenheit fahrenheit"},
    "containers": {"1": "teu teus 标箱"},
    "oil": {"1": "barrel barrels bpd 桶"},
}  # fmt: skip

UNITS: dict[str, tuple[str, Decimal]] = {
    spelling.replace("_", " "): (dimension, Decimal(factor))
    for dimension, factors in _DIMENSIONS.items()
    for factor, spellings in factors.items()
    for spelling in spellings.split()
}
"""Spelling -> (dimension, factor to the dimension's base unit)."""

CASED_UNITS: dict[str, tuple[str, Decimal]] = {
    "mW": UNITS["milliwatt"],
    "kN": UNITS["kilonewton"],
    "MN": UNITS["meganewton"],
    "V": UNITS["volt"],
    "mA": UNITS["milliampere"],
    "kA": UNITS["kiloampere"],
    "Mb": UNITS["megabit"],
    "Gb": UNITS["gigabit"],
    "Tb": UNITS["terabit"],
    "Mb/s": UNITS["mbps"],
    "Gb/s": UNITS["gbps"],
    "Tb/s": UNITS["tbps"],
}
"""Units that other letters in size would turn into others, or into words."""

NUMBER_WORDS: dict[str, Decimal] = {
    word: Decimal(value)
    for value, words in {
        "0": "zero", "0.5": "half", "1": "one single", "2": "two twice both", "3": "three thrice",
        "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine", "10": "ten",
        "11": "eleven", "12": "twelve dozen", "13": "thirteen", "14": "fourteen", "15": "fifteen",
        "16": "sixteen", "17": "seventeen", "18": "eighteen", "19": "nineteen", "20": "twenty",
        "30": "thirty", "40": "forty", "50": "fifty", "60": "sixty", "70": "seventy",
        "80": "eighty", "90": "ninety", "100": "hundred",
    }.items()
    for word in words.split()
}  # fmt: skip

ORDINALS: dict[str, int] = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50,
    "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100,
}  # fmt: skip

HAN_DIGITS: dict[str, int] = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
    "八": 8, "九": 9,
}  # fmt: skip
