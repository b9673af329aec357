"""Mastheads: the line at the top, or on each page, that names an issue and its date."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from rag.documents import dates
from rag.documents.bylines import is_date_line
from rag.documents.lines import Line

_TOP_LINES = 12
_ISSUE = re.compile(
    r"\b(?:no|nr|vol(?:ume)?|issue|bulletin|number|edition|brief|paper|report)\b\.?\s*#?(?:\d|(?-i:[IVX]+\b))|第\s?\d+\s?[期号版]"
    r"|(?<!\w)#\s?\d{1,4}\b|\b(?:digest|newsletter|briefing|round-?up|week (?:of|ending|to))\b",
    re.IGNORECASE,
)
_SERIES = re.compile(
    r"(?:\w+ )?(?:working|discussion|policy|research|occasional|briefing|technical) papers?"
    r"(?: series)?,?(?: no\.?| nr\.?| #)?\s?[\d/.-]+",
    re.IGNORECASE,
)
_SEASON = re.compile(r"\b(?:Spring|Summer|Autumn|Fall|Winter|Q[1-4]) (?:19|20)\d\d\b")
_ISSUED = re.compile(r"\b(?:No|Nr|Vol|Issue|Edition)\b\.?\s*#?\d+", re.IGNORECASE)
_SIGNED = re.compile(
    r"(?<![Ee]dited )(?<!ompiled )(?<!repared )(?<!roduced )\b[Bb]y\s|来源|作者|记者"
)
_WIDE = re.compile(r"\S\s{4,}\S")
_SAID_OF_IT = re.compile(
    r"\s+(?!(?:to|and|by|no|vol|issue|edition|page|edited|compiled|prepared|produced)\b)[a-z]{2}"
)
"""What goes on with a sentence behind its date, and not with an issue's."""
_ENDS = tuple(".。!?！？")
RUNNING_PARTS = re.compile(r"[•|·–—]|\bvol(?:ume)?\b|\bissue\b|\bno\.|第.+期", re.IGNORECASE)
"""What parts a running head, or numbers it."""


def mark_mastheads(lines: Sequence[Line], kinds: list[str | None]) -> None:
    """The line at the top that names issue and date ("HARBOUR NOTES, No. 12, 6 June 2025")."""
    for number, line in enumerate(lines[:_TOP_LINES]):
        if kinds[number] is None and len(line.text) <= 140 and not _in_sentence(lines, number):
            dated = dates.DATE.search(line.text) or _SEASON.search(line.text)
            if _SERIES.fullmatch(line.text):
                kinds[number] = "series"
            elif (
                dated
                and not _SIGNED.search(line.text)
                and (_ISSUE.search(line.text) or _WIDE.search(line.text))
            ):
                kinds[number] = "masthead"
                _mark_again(lines, kinds, line.text)
                after = lines[number + 1 : number + 2]
                if after and is_date_line(after[0].text):
                    kinds[number + 1] = "masthead"
    _mark_parted_masthead(lines, kinds)


def _in_sentence(lines: Sequence[Line], number: int) -> bool:
    """Whether a line is a sentence or part of one, which may name a report and a day as well."""
    text = lines[number].text
    if text.endswith(_ENDS) or text[0].islower():
        return True
    after = lines[number + 1] if number + 1 < len(lines) else None
    if after is not None and not after.gap and after.text[0].islower():
        return True
    before = lines[number - 1] if number and not lines[number].gap else None
    if before is not None and before.text[0].islower() and not before.closed:
        return True
    dated = dates.DATE.search(text)
    return dated is not None and _SAID_OF_IT.match(text, dated.end()) is not None


def _mark_parted_masthead(lines: Sequence[Line], kinds: list[str | None]) -> None:
    """A masthead that has its issue on one line and its date alone on the next, or above it."""
    top = list(zip(lines[:_TOP_LINES], kinds[:_TOP_LINES], strict=True))
    if any(kind == "masthead" for _, kind in top):
        return
    for number, ((above, one), (below, other)) in enumerate(itertools.pairwise(top)):
        dated, issue = (above, below) if is_date_line(above.text) else (below, above)
        if one or other or len(issue.text) > 100 or not is_date_line(dated.text):
            continue
        if _ISSUE.search(issue.text) and not issue.text.endswith("."):
            kinds[number] = kinds[number + 1] = "masthead"
            return


def _mark_again(lines: Sequence[Line], kinds: list[str | None], text: str) -> None:
    """Later heads that carry the masthead's issue number."""
    issue = _ISSUED.search(text)
    if issue is None:
        return
    for number, line in enumerate(lines):
        if kinds[number] is not None or len(line.text) > 140 or issue[0] not in line.text:
            continue
        if _WIDE.search(line.text) or RUNNING_PARTS.search(line.text.replace(issue[0], "")):
            kinds[number] = "running head"


def masthead(lines: Sequence[Line], kinds: Sequence[str | None]) -> str | None:
    """The running head that names an outlet and a date ("NAME | Issue 3 | May 7, 2021"), if any."""
    counts = Counter(
        line.text
        for line, kind in zip(lines, kinds, strict=True)
        if kind == "running head" and RUNNING_PARTS.search(line.text)
    )
    dated = [text for text, _ in counts.most_common() if _has_full_date(text)]
    if dated:
        return dated[0]
    at = next((n for n, kind in enumerate(kinds[:_TOP_LINES]) if kind == "masthead"), None)
    if at is None:
        return None
    above = [line.text for line in lines[:at] if len(line.text) <= 60 and line.text.isupper()]
    parted = at + 1 < len(kinds) and kinds[at + 1] == "masthead"
    return " | ".join([*above[-1:], *(line.text for line in lines[at : at + 1 + parted])])


def _has_full_date(text: str) -> bool:
    return any(is_date_line(part.strip()) for part in re.split(r"[•|·]|\s[–—-]\s", text))
