"""Dates in prose as partial ISO strings: "April 29" is "--04-29", "May 2021" is "2021-05"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.answering.numbers import han

_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
_MONTHS = _MONTH_NAMES.split()
_MONTH = "|".join([*_MONTHS, *(f"{m[:3]}\\.?" for m in _MONTHS if m != "may"), "sept\\.?"])
_PLAIN_MONTHS = "|".join(month for month in _MONTHS if month not in ("may", "march"))
_LEADS_TO_MONTH = (
    "since until till by from of to through during before after between and early late mid last "
    "next this"
)
_BEFORE_MONTH = "|".join(rf"(?<=\b{word}[\ -])" for word in _LEADS_TO_MONTH.split())
"""What makes a capitalised May or March a month; "Long March" and "may" are none."""
_LAST_MONTH, _LAST_DAY = 12, 31
_HAN_DAY = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_HAN_YEAR = r"(?:1[6-9]|20)\d\d|[一二][〇零一二三四五六七八九]{3}"
_DATE = re.compile(
    rf"""
    (?P<iso>(?<!\d)(?:1[6-9]|20)\d\d-(?:0[1-9]|1[0-2])-[0-3]\d(?!\d))
    |(?P<figures>(?<![\w.,/-])(?:\d{{1,2}}(?P<mark>[/.])\d{{1,2}}(?P=mark)(?:1[6-9]|20)\d\d
      |(?:1[6-9]|20)\d\d(?P<mark2>[/.])\d{{1,2}}(?P=mark2)\d{{1,2}})(?![\w/]|[.,]\d))
    |(?<!\w)FY\s?['’]?(?P<fiscal>(?:20)?\d\d)(?!\w)
    |(?<!\w)(?<!long\ )(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)
     (?:\s?(?:-|–|to|until|through)\s?(?P<till>\d{{1,2}})(?:st|nd|rd|th)?
      (?=,?\s(?:1[6-9]|20)\d\d|[.,;:)](?!\d)|$))?
     (?:,?\s(?P<year>(?:1[6-9]|20)\d\d)(?!\d))?
    |(?<![\w.])(?:(?P<since>\d{{1,2}})(?:st|nd|rd|th)?\s?(?:-|–|to|and|until|through)\s?)?
     (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?!(?-i:may|march)\b)(?P<month2>{_MONTH})
     (?!\w|\s\d{{1,2}}(?!\d))(?:,?\s(?P<year2>(?:1[6-9]|20)\d\d)(?!\d))?
    |(?<!\w)(?P<month3>{_MONTH}),?\s(?:of\s)?(?P<year3>(?:1[6-9]|20)\d\d)(?!\d)
    |(?:(?P<hanyear>{_HAN_YEAR})\s?年)?\s?(?P<hanmonth>{_HAN_DAY})\s?月
     (?:\s?(?P<handay>{_HAN_DAY})\s?[日号])?
    |(?P<hanonly>{_HAN_YEAR})\s?年
    |(?<=\b(?:19|20)\d\d[-–/])(?P<short>\d\d)(?![\d/-])
    |(?:(?<![\w.,$€£¥/-])|(?<=\b\d{{4}}[-–])|(?<=\b(?:mid|pre)-)|(?<=\b(?:late|post)-)
      |(?<=\bearly-))(?P<only>(?:1[6-9]|20)\d\d)
     (?:s(?!\w)|(?![\w%]|[.,]\d|\s(?:percent|per\scent|tons?|km|million|billion|yuan)))
    |(?<!\w)(?P<bare>{_PLAIN_MONTHS}|(?<=in\ )(?:may|march)
     |(?:{_BEFORE_MONTH})(?-i:May|March))(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?P<which>last|this|next|previous|current|the following)\s(?P<unit>year|month)\b"
    r"|(?P<han>去年|今年|明年|本年|上月|上个月|本月|下月|下个月)|\b(?P<day>today|yesterday)\b"
    r"|\b(?P<then>the year after|a year later)\b(?!\s(?:the|that|its|his|an?)\b)",
    re.IGNORECASE,
)
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    rf"\b(?P<english>{'|'.join(_WEEK)})(?P<rest>day|sday|nesday|rs?|rsday|urday)?s?\b"
    r"|(?:周|星期|礼拜)(?P<han>[一二三四五六日天])(?![次个期天年])",
    re.IGNORECASE,
)
_HAN_WEEK = dict(zip("一二三四五六日天", (*_WEEK, "sun"), strict=True))
_STEPS = {"last": -1, "previous": -1, "去": -1, "上": -1, "next": 1, "the following": 1, "明": 1,
          "下": 1}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DateMention:
    """`year`, `month` and `day` as far as they are written; None where they are not.

    Two mentions at one place are both ends of "3-5 May", or, with `either`, what "3/5/2024" may be.
    """

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int
    either: bool = False

    def agrees(self, other: DateMention) -> bool:
        """True when no part written in both differs and they share at least one part."""
        mine = (self.year, self.month, self.day)
        theirs = (other.year, other.month, other.day)
        pairs = [
            (a, b) for a, b in zip(mine, theirs, strict=True) if a is not None and b is not None
        ]
        return bool(pairs) and all(a == b for a, b in pairs)


def dates(text: str) -> tuple[DateMention, ...]:
    """All date mentions in order. A four-digit number that reads as a year counts as one."""
    found = [mention for match in _DATE.finditer(text) for mention in _mentions(match, text)]
    return tuple(sorted(found, key=lambda mention: mention.start))


def _mentions(match: re.Match[str], text: str) -> list[DateMention]:
    if match["figures"]:
        return _in_figures(match)
    if match["short"]:
        first = int(text[match.start() - 5 : match.start() - 1])
        last = first - first % 100 + int(match["short"])
        later = last > first and int(match["short"]) > _LAST_MONTH  # "2021-05" is May
        return [DateMention(last, None, None, *match.span())] if later else []
    mention = _mention(match)
    other = _int(match["till"] or match["since"])
    return [mention] if other is None else [mention, replace(mention, day=other)]


def _in_figures(match: re.Match[str]) -> list[DateMention]:
    """ "24/05/2024", "5/24/2024", "2024.5.24"; "3/5/2024" is May the third or March the fifth."""
    first, second, third = (int(part) for part in re.split("[/.]", match["figures"]))
    if match["mark2"]:
        readings = [(first, second, third)]
    elif match["mark"] == ".":
        readings = [(third, second, first)]
    else:
        readings = list(dict.fromkeys([(third, second, first), (third, first, second)]))
    readings = [r for r in readings if 1 <= r[1] <= _LAST_MONTH and 1 <= r[2] <= _LAST_DAY]
    return [DateMention(*reading, *match.span(), either=True) for reading in readings]


def _mention(match: re.Match[str]) -> DateMention:
    g = match.groupdict()
    if g["iso"]:
        year, month, day = (int(part) for part in g["iso"].split("-"))
        return DateMention(year, month, day, match.start(), match.end())
    if g["fiscal"]:
        return DateMention(2000 + int(g["fiscal"]) % 100, None, None, match.start(), match.end())
    name = g["month"] or g["month2"] or g["month3"] or g["bare"]
    return DateMention(
        year=_int(
            g["year"] or g["year2"] or g["year3"] or g["hanyear"] or g["hanonly"] or g["only"]
        ),
        month=_month(name) if name else _int(g["hanmonth"]),
        day=_int(g["day"] or g["day2"] or g["handay"]),
        start=match.start(),
        end=match.end(),
    )


def _int(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if text[0].isdigit() else int(han(text))


def _month(name: str) -> int:
    return next(i for i, full in enumerate(_MONTHS, 1) if full.startswith(name[:3].lower()))


def without(text: str) -> str:
    """`text` with its dates blanked out (same length), so that they are not read as figures."""
    parts = list(text)
    for mention in dates(text):
        parts[mention.start : mention.end] = " " * (mention.end - mention.start)
    return "".join(parts)


def missing_dates(statement: str, source: str, published: str | None) -> list[str]:
    """Dates of `statement`, as written, that `source` does not bear out.

    A year that the source leaves out may come from the document's own date `published` (ISO),
    this year or the year before; "last year" and the like are counted from it. All parts written
    in the statement must be accounted for. "1990" and "the 1990s" are two things. Days of the week
    must be named too.
    """
    document = published_mention(published)
    told, relative = dates(source), _relative(source, document)

    def have(mention: DateMention) -> list[DateMention]:
        decade = _is_decade(mention, statement)
        return [other for other in told if _is_decade(other, source) == decade]

    missing: dict[str, None] = {}
    for written, readings in _places(statement).items():
        borne_out = [
            any(_covers(mention, other, document) for other in [*have(mention), *relative])
            for mention in readings
        ]
        if not (any(borne_out) if readings[0].either else all(borne_out)):
            missing[statement[slice(*written)].strip()] = None
    named = {day for day, _ in _weekdays(source)}
    return [*missing] + [word for day, word in _weekdays(statement) if word and day not in named]


def _places(text: str) -> dict[tuple[int, int], list[DateMention]]:
    """The mentions at each place of a text."""
    found: dict[tuple[int, int], list[DateMention]] = {}
    for mention in dates(text):
        found.setdefault((mention.start, mention.end), []).append(mention)
    return found


def _is_decade(mention: DateMention, text: str) -> bool:
    return text[mention.end - 1] in "sS" and text[mention.end - 2].isdigit()


def _weekdays(text: str) -> list[tuple[str, str]]:
    """Days of the week as "mon" and as written; "" for an abbreviation, which may be a word."""
    return [
        (_HAN_WEEK[match["han"]] if match["han"] else match["english"].lower(),
         match[0] if match["han"] or match["rest"] else "")
        for match in _WEEKDAY.finditer(text)
    ]  # fmt: skip


def without_unsupported_years(statement: str, source: str, published: str | None) -> str:
    """`statement` with years cut from dates whose day and month `source` gives without them.

    A small model likes to complete "April 29" with a year of its own.
    """
    wrong = set(missing_dates(statement, source, published))
    for mention, *_ in reversed(_places(statement).values()):
        written = statement[mention.start : mention.end]
        if written.strip() not in wrong or mention.month is None or mention.year is None:
            continue
        shorter = re.sub(r",?\s*\b\d{4}\b|\d{4}\s?年", "", written).strip()
        if shorter and not missing_dates(shorter, source, published):
            statement = statement[: mention.start] + shorter + statement[mention.end :]
    return statement


def published_mention(published: str | None) -> DateMention | None:
    """The document's date as a mention; None when unknown."""
    if not published:
        return None
    parts = [int(part) for part in published.split("-")[:3] if part.isdecimal()]
    year, month, day = [*parts, 0, 0, 0][:3]
    return DateMention(year or None, month if 1 <= month <= 12 else None, day or None, 0, 0)


def _relative(source: str, document: DateMention | None) -> list[DateMention]:
    """What "last year", "this month", "今年" or "yesterday" mean, counted from the document; "the
    following year" from the date before it in the source.
    """
    found = []
    published = document
    for match in _RELATIVE.finditer(source):
        document = published
        if match["then"] or (match["which"] or "").lower() == "the following":
            before = [m for m in dates(source[: match.start()]) if m.year]
            document = before[-1] if before else None
        if document is None or document.year is None:
            continue
        which = "next" if match["then"] else (match["which"] or "").lower()
        step = _STEPS.get(which, _STEPS.get((match["han"] or " ")[0], 0))
        if match["then"] or match["unit"] == "year" or (match["han"] or "").endswith("年"):
            found.append(DateMention(document.year + step, None, None, *match.span()))
        elif match["day"] and document.month and document.day:
            when = date(document.year, document.month, 1) + timedelta(days=document.day - 1)
            when -= timedelta(days=match["day"].lower() == "yesterday")
            found.append(DateMention(when.year, when.month, when.day, *match.span()))
        elif document.month and not match["day"]:
            months = document.year * 12 + document.month - 1 + step
            found.append(DateMention(months // 12, months % 12 + 1, None, *match.span()))
    return found


def _covers(mention: DateMention, other: DateMention, document: DateMention | None) -> bool:
    assumed = document is not None and document.year in (mention.year, (mention.year or 0) + 1)
    if (mention.month, mention.day, other.year) == (None, None, None):
        return assumed and document is not None and document.year == mention.year
    if not mention.agrees(other):
        return False
    for name in ("month", "day"):
        if getattr(mention, name) is not None and getattr(other, name) is None:
            return False
    return mention.year is None or other.year is not None or assumed
