"""Dates in English and Chinese text, written as ISO dates as precise as the text is."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    r"|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)(?![A-Za-z])"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_YEAR = r"(?P<year{0}>(?:1[5-9]|20|21)\d\d)(?!\d)"

DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<year1>(?:1[5-9]|20|21)\d\d)[-/.](?P<month1>1[0-2]|0?[1-9])[-/.](?P<day1>[0-2]?\d|3[01])(?!\d)"
    rf"|{_MONTH.format(2)}\s+(?P<day2>[0-2]?\d|3[01]){_ORDINAL}(?!\d)(?:\s?[-–]\s?\d{{1,2}})?"
    rf"(?:,?\s+{_YEAR.format(2)})?"
    rf"|(?P<day3>[0-2]?\d|3[01]){_ORDINAL}\s+(?:of\s+)?{_MONTH.format(3)}(?:,?\s+{_YEAR.format(3)})?"
    rf"|{_MONTH.format(4)},?\s+{_YEAR.format(4)}"
    r"|(?P<year6>(?:1[5-9]|20|21)\d\d)-(?P<month6>1[0-2]|0[1-9])(?![\w-])"
    r")"
    r"|(?:(?P<year5>(?:1[5-9]|20|21)\d\d)\s?年\s?)?(?P<month5>1[0-2]|0?[1-9])\s?月"
    r"(?:\s?(?P<day5>[0-2]?\d|3[01])\s?[日号])?"
    r"|(?P<year7>(?:1[5-9]|20|21)\d\d)\s?年"
)
"""One date. Numbered groups year1..7, month1..6, day1..5 name its parts, one number a form."""

_BARE_YEAR = re.compile(r"(?<![\w.,])(?:1[5-9]|20|21)\d\d(?![\w%]|,\d|\.\d)")
_FUTURE = timedelta(days=7)
"""How far a date may lie after its document's date before it is taken for the year before's."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as written: parts that are not there are None; `start` and `end` are offsets."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None


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

    A missing year comes from `document_date` (ISO, possibly partial). If that would lie more than
    a week after the document's date, the year before is meant. None when there is no date, no day
    in that month of that name, or no year to be had.
    """
    written = first(date_text)
    return None if written is None else iso(written, document_date)


def iso(written: WrittenDate, document_date: str | None) -> str | None:
    """`complete` for a date already found."""
    year = written.year
    if year is None:
        if not document_date:
            return None
        year = int(document_date[:4])
        if written.month is not None and _too_late(year, written, document_date):
            year -= 1
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
        return written.month > parts[1]
    try:
        return date(year, written.month, written.day) > date(*parts) + _FUTURE
    except ValueError:
        return False


def _written(found: re.Match[str]) -> WrittenDate:
    parts = {name: value for name, value in found.groupdict().items() if value is not None}

    def part(name: str) -> str | None:
        return next((value for key, value in parts.items() if key[:-1] == name), None)

    year, month, day = part("year"), part("month"), part("day")
    number = None
    if month is not None:
        number = int(month) if month.isdigit() else MONTHS[month[:3].lower()]
    return WrittenDate(
        found.start(),
        found.end(),
        int(year) if year else None,
        number,
        int(day) if day and int(day) else None,
    )
