"""Dates in English and Chinese text, written as ISO dates as precise as the text is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

_MONTH_NAMES = (
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ],
)
MONTHS: dict[str, int] = {
    name: number for names in _MONTH_NAMES for number, name in enumerate(names, 1)
}
MONTHS["sept"] = 9

_MONTH = (
    r"(?P<month{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|Jun\."
    r"|July?|Jul\.|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?"
    r"|Dec(?:ember|\.)?|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?"
    r"|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?"
    r"|(?<=\d[ -])(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:\.|(?=[ -]\d\d\d\d)))"
    r"(?![A-Za-z])"
)
"""Months in lower case are read right behind a day: "15 sep. 2025" as other languages write."""
_ORDINAL = r"(?:st|nd|rd|th)?"
_YEAR = r"(?P<year{0}>(?:1[5-9]|20|21)\d\d)(?!\d)"

DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<year1>(?:1[5-9]|20|21)\d\d)[-/.](?P<month1>1[0-2]|0?[1-9])[-/.](?P<day1>[0-2]?\d|3[01])(?!\d)"
    rf"|{_MONTH.format(2)}\s+(?P<day2>[0-2]?\d|3[01]){_ORDINAL}(?!\d)(?:\s?[-–]\s?\d{{1,2}})?"
    rf"(?:,?\s+{_YEAR.format(2)})?"
    rf"|(?P<day3>[0-2]?\d|3[01]){_ORDINAL}(?:\s?[-–]\s?\d{{1,2}}(?=\s))?(?:\s+(?:of\s+)?|-)"
    rf"{_MONTH.format(3)}(?:(?:,?\s+|-){_YEAR.format(3)})?"
    rf"|{_MONTH.format(4)},?\s+{_YEAR.format(4)}"
    r"|(?P<year6>(?:1[5-9]|20|21)\d\d)-(?P<month6>1[0-2]|0[1-9])(?![\w-])"
    r"|(?P<a8>[0-2]?\d|3[01])(?P<sep8>[/.])(?P<b8>[0-2]?\d|3[01])(?P=sep8)"
    r"(?P<year8>(?:19|20)\d\d)(?![\w/]|\.\d)"
    r")"
    r"|(?:(?P<year5>(?:1[5-9]|20|21)\d\d)\s?年\s?)?(?P<month5>1[0-2]|0?[1-9])\s?月"
    r"(?:\s?(?P<day5>[0-2]?\d|3[01])\s?[日号])?"
    r"|(?P<year7>(?:1[5-9]|20|21)\d\d)\s?年"
)
"""One date. Numbered groups year1..8, month1..6, day1..5 name its parts, one number a form.

Groups a8 and b8 are day and month in either order: "14/04/2025", "4/14/2025"; always day first
where points part them: "14.04.2025".
"""

SHORT = re.compile(
    r"(?<![\w/.-])(?P<a9>1\d|2\d|3[01]|0?[1-9])/(?P<b9>1\d|2\d|3[01]|0?[1-9])"
    r"(?:/(?P<yy9>\d\d))?(?![\w/])|(?P<month9>January|February|March|April|May|June|July"
    r"|August|September|October|November|December)(?![\w.])(?!\s+\d)"
)
"""What is a date where one is bound to stand, and a fraction or a name elsewhere."""

_BARE_YEAR = re.compile(r"(?<![\w.,])(?:1[5-9]|20|21)\d\d(?![\w%]|,\d|\.\d)")
_FUTURE = timedelta(days=7)
"""How far a date may lie after its document's date before it is taken for the year before's."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as written: parts that are not there are None; `start` and `end` are offsets.

    `swaps` when it is written in figures and month and day could be the other way round.
    """

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    swaps: bool = False


def find(text: str, start: int = 0, end: int | None = None) -> list[WrittenDate]:
    """All dates in text[start:end] that name a month, in order; bare years only when in Chinese."""
    limit = len(text) if end is None else end
    return [_written(found) for found in DATE.finditer(text, start, limit)]


def first(text: str) -> WrittenDate | None:
    """The first date of a text: one that names a month, else a bare year."""
    found = DATE.search(text)
    if found is not None:
        return _written(found)
    year = _BARE_YEAR.search(text)
    return WrittenDate(year.start(), year.end(), int(year[0]), None, None) if year else None


def complete(date_text: str, document_date: str | None) -> str | None:
    """The ISO date of a text such as "April 29", "May 7, 2021", "2020" or "4月29日".

    A missing year comes from `document_date` (ISO, possibly partial): of the days of that name, the
    last that lies no more than a week after the document's date. None when there is no date, no day
    in that month of that name, or no year to be had.
    """
    written = first(date_text)
    return None if written is None else iso(written, document_date)


def cited(date_text: str, document_date: str | None, month_first: bool = False) -> str | None:
    """`complete` for the date behind a source, which may be as short as "9/16" or "May".

    `month_first` when the language leaves no doubt of the order, as Chinese does.
    """
    short = None if DATE.search(date_text) else SHORT.search(date_text)
    if short is None:
        return complete(date_text, document_date)
    written = _written(short)
    return iso(replace(written, swaps=written.swaps and not month_first), document_date)


def iso(written: WrittenDate, document_date: str | None) -> str | None:
    """`complete` for a date already found.

    Of two readings, 3 April and 4 March, the one that lies after the document is dropped; where
    both are left only the year is known, or nothing.
    """
    if written.swaps:
        ways = (written, replace(written, month=written.day, day=written.month))
        possible = {
            read
            for way in ways
            if (read := iso(replace(way, swaps=False), document_date))
            and not (document_date and _later(read, document_date))
        }
        return possible.pop() if len(possible) == 1 else str(written.year or "") or None
    year = written.year
    if year is None:
        if not document_date:
            return None
        year = int(document_date[:4])
        if written.month is not None and _too_late(year, written, document_date):
            year -= 1
        elif written.month == 1 and document_date[5:7] == "12":
            year += not _too_late(year + 1, written, document_date)
    if written.month is None:
        return f"{year:04d}"
    if written.day is None:
        return f"{year:04d}-{written.month:02d}"
    try:
        return date(year, written.month, written.day).isoformat()
    except ValueError:
        return None


def _too_late(year: int, written: WrittenDate, document_date: str) -> bool:
    parts = [int(part) for part in document_date.split("-")]
    if len(parts) == 1 or written.month is None:
        return False
    if len(parts) == 2 or written.day is None:
        return (year, written.month) > (parts[0], parts[1])
    try:
        return date(year, written.month, written.day) > date(*parts) + _FUTURE
    except ValueError:
        return False


def _later(read: str, document_date: str) -> bool:
    """Whether a full date lies more than a week after a document's."""
    year, month, day = map(int, read.split("-"))
    written = WrittenDate(0, 0, year, month, day)
    return year > int(document_date[:4]) or (
        read[:4] == document_date[:4] and _too_late(year, written, document_date)
    )


def _written(found: re.Match[str]) -> WrittenDate:
    parts = {name[:-1]: value for name, value in found.groupdict().items() if value is not None}
    if "yy" in parts:
        parts["year"] = f"20{parts['yy']}"
    year = int(parts["year"]) if "year" in parts else None
    if "a" in parts:
        return _in_figures(found, year, int(parts["a"]), int(parts["b"]), parts.get("sep") == ".")
    month, day = parts.get("month"), parts.get("day")
    number = None
    if month is not None:
        number = int(month) if month.isdigit() else MONTHS[month[:3].lower()]
    return WrittenDate(
        found.start(), found.end(), year, number, int(day) if day and int(day) else None
    )


def _in_figures(
    found: re.Match[str], year: int | None, one: int, other: int, points: bool
) -> WrittenDate:
    """A date such as 14/04/2025 or 10/29: whichever figure cannot be the month is the day."""
    day_first = points or one > 12
    month, day = (other, one) if day_first else (one, other)
    swaps = not day_first and other <= 12 and one != other
    return WrittenDate(found.start(), found.end(), year, month, day, swaps)
