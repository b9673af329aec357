"""Dates as metadata fields state them, written as ISO dates; nothing is guessed."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d:])")
_COMPACT = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})(?:\d{6}|\D|$)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDED = re.compile(
    r"(?:(?P<d1>\d{1,2})\s+)?(?P<month>[A-Za-z]{3,9})\.?\s+(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<year>\d{4})"
)


def stated_date(value: object) -> str | None:
    """An ISO date, as precise as stated: "2021-04-29", "2021-04" or "2021"; None when unreadable.

    Reads dates and datetimes, ISO 8601, PDF dates (D:20210429), RFC 5322 and English month names.
    """
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or not value.strip():
        return None
    value = value.strip()
    compact = _COMPACT.match(value)
    if compact:
        return _valid(compact[1], compact[2], compact[3])
    iso = _ISO.match(value)
    if iso:
        return _valid(iso[1], iso[2], iso[3])
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return _worded(value)


def _worded(value: str) -> str | None:
    match = _WORDED.search(value)
    if match is None or match["month"][:3].lower() not in _MONTHS:
        return None
    month = str(_MONTHS.index(match["month"][:3].lower()) + 1)
    return _valid(match["year"], month, match["d1"] or match["d2"])


def _valid(year: str, month: str | None, day: str | None) -> str | None:
    try:
        checked = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if checked.year < 1400:
        return None
    return checked.isoformat()[: 10 if day else 7 if month else 4]
