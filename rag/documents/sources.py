"""What a bracket behind a statement cites: a name with the date of what it published."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.documents import dates
from rag.documents.fold import HAN, fold

_YEAR = r"(?:19|20)\d\d[a-z]?"
_MONTH_DAY = r"(?:\d{1,2} )?[A-Z][a-z]+\.?(?: \d{1,2})?(?:,? \d{4})?"
SEEN = (
    r"(?:(?:last )?(?:accessed|retrieved|visited|viewed|consulted|updated|modified|posted"
    r"|published|dated|aired|broadcast)(?: on)?|via|as of|undated)"
)
"""Words between a source and the day on which it was read or came out, as an alternation."""
_DOCUMENT = (
    "letter|log|report|survey|minutes|statement|memo|memorandum|order|decree|interview|e-?mail"
    "|brief|briefing|speech|testimony|filing|notice|circular|transcript|record|dispatch|cable"
    "|press release|communiqué|paper|study|review|analysis|data|figures|regulation|directive|draft"
    "|proposal|plan|budget|contract|submission|presentation|prospectus|post|broadcast|programme"
    "|note|notes|brochure|statistics|estimate|estimates|forecast|register|leaflet|article|blog|bulletin"
    "|newsletter|database|podcast|webcast|channel|website"
)
"""What a bracket may cite without a name that begins with a capital, as an alternation."""
_PAPERS = frozenset(_DOCUMENT.split("|")).union(
    ("release", "annual", "quarterly", "newspaper", "magazine", "account", "page"),
    ("author", "authors", "yearbook", "outlook", "index", "census"),
)
_SEE = re.compile(r"(?:see also|see|also|cf\.|quoted in|cited in)\s+(?=[A-Z])")
_DOCUMENT_START = re.compile(rf"(?:{_DOCUMENT})\b", re.IGNORECASE)
_PLACE = (
    r"(?:vols?|pp?|pages?|para(?:graph)?s?|items?|chapter|ch|table|annex|arts?|article)\.?\s?"
    r"[\d§IVX][\w.–-]{0,9}"
)
"""A place in what is cited: "p. 112", "art. 220"."""
_PLACED = re.compile(rf",\s{_PLACE}")
_KIND = rf"(?:[\w’'-]+\s){{0,3}}?(?:{_DOCUMENT})"
"""What kind of paper of a source it is: "decision paper"."""
_PART = r"[A-Z][^,，:：\d]{1,40}(?:\s\d{1,4}(?!\d))?"
"""A further name behind the first: the programme of a station, the section of a paper."""
_NAME = rf"[^,，:：]{{2,60}}?(?:,\s(?!{_SEE.pattern})(?:{_KIND}|{_PART})(?=[,，:：\s])){{0,2}}?"
_BEFORE_DATE = (
    rf"(?:(?:{SEEN}|(?:[\w’'-]+\s){{0,2}}?(?:{_DOCUMENT}) (?:of|from|dated|on)|of|dated)\s+"
    r"|(?P<titled>[“\"‘《][^”\"’》]{2,90}[”\"’》],?\s+)"
    r"|(?:Q[1-4]|H[12]|FY|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Ee]arly|[Mm]id|[Ll]ate)[\s-])?"
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s)?"
)
_AFTER_DATE = (
    rf"\s*(?:电|讯|报道|年?年报|年?度?报告|edition|(?:[\w’'-]+\s){{0,2}}?(?:{_DOCUMENT}))?"
    rf"(?:,\s{_PLACE})?(?:,\s(?:seen|obtained|reviewed|quoted|translated)\sby\s.{{2,40}})?"
)
_SOURCE = re.compile(
    rf"(?P<source>{_NAME})(?P<mark>\s*[,，:：;；]\s*|\s*){_BEFORE_DATE}"
    rf"(?P<date>{dates.DATE.pattern}|{dates.SHORT.pattern}|\d{{1,4}}/{_YEAR}|{_YEAR})"
    rf"(?P<more>(?:\s*(?:,|and|&|，|、)\s*(?:{_YEAR}|{_MONTH_DAY}))*){_AFTER_DATE}"
)
_UNDATED = re.compile(
    rf"(?P<source>[^,，:：;；]{{2,60}}?)(?:,\s[A-Z][^,;]{{2,60}}(?=,\s{_PLACE}))?(?:,\s(?:undated|n\.\s?d\.|forthcoming)(?:\s[\w’'-]+){{0,3}}"
    rf"|,\s{_PLACE}(?:,\s(?:{_PLACE}|[Nn](?:o|r)\.\s?\d{{1,3}}))*"
    rf"|\s(?:[a-z][\w’'-]*\s){{0,2}}(?:{_DOCUMENT}))"
)
DASHED = re.compile(
    rf"[-–—]{{1,2}}\s?(?P<source>[A-Z{HAN}][^,，:：.!?]{{1,60}}?)(?:\s\([^()]*\))?[,，]\s?"
    rf"(?P<date>{dates.DATE.pattern})[^.!?]{{0,30}}"
)
"""A source behind a dash, on a line of its own: "-- Harbour Ledger, 24 Feb"."""
_ARTICLES = frozenset(["The", "A", "An", "This", "That", "These", "Those", "Its", "No", "One"])
_LOWER_OK = frozenset(
    ("of", "the", "for", "via", "and", "on", "in", "at", "de", "la", "du", "van", "von", "et"),
).union(("al", "to", "with", "by", "from", "und", "des", "y", "press", "accessed"))
_COUNTS = frozenset(("No.", "Nos.", "Nr.", "No", "Nr", "Art.", "Arts.", "Sec.", "Para."))
"""What counts laws and their parts, and is no name: "(No. 44/2011)"."""
_OPENERS = frozenset(("From", "Until", "Since", "In", "On", "Between", "As", "See"))
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_QUANTITY = re.compile(
    r"[%$€£¥≥≤=<>]|\d[\d,.]*\s(?:tons?|km|kg|m|million|billion|percent)\b",
)
_ITEM = re.compile(
    r"(?:Fig(?:ure|\.)|Table|Chart|Box|Map|Exhibit|Annex|Appendix|Section|Chapter|Part|Phase|Stage"
    r"|Round|Step)\s[\dIVX]+[a-z]?"
)
"""A part of the text itself, or of a plan, and no paper: "Figure 3"."""
YEAR_BEHIND = r"(?:\set\sal\.)?\s\((?P<year>(?:19|20)\d\d)[a-z]?(?:[,:]\s[^()]{1,20})?\)"
"""The year of what a named author wrote: "Roth (2023) argues"."""
_NUMBER = re.compile(rf"\d{{1,4}}/{_YEAR}")
"""The number of a paper in its year: "Report 4/2020"."""
_HAN = re.compile(f"[{HAN}]")
_ENDS_AS_PAPER = re.compile(rf"(?:{_DOCUMENT}|undated|n\.\s?d\.|,\s{dates.SHORT.pattern})\s*$")


def cited_sources(
    piece: str, before: str | None, document_date: str | None, labelled: bool
) -> list[tuple[str, str | None]]:
    """Source and ISO dates of one piece of a bracket; empty when it names no source.

    `before` is the source that an earlier piece of the bracket named, for a piece that is a date
    alone. `labelled` when "Source:" stands before, so that anything is one.
    """
    piece = fold(piece)
    if before is not None and dates.DATE.fullmatch(piece):
        return [(before, dates.complete(piece, document_date))]
    piece = _SEE.sub("", piece)
    found = _parsed(piece)
    if found is None:
        return _undated(piece, labelled)
    source = found["source"].strip()
    mark = found["mark"].strip() or found["titled"] or ""
    placed = _PLACED.search(piece, found.end("date")) is not None
    if not labelled and not _is_name(source, mark, found["date"], placed):
        return []
    first = dates.cited(found["date"], document_date, _HAN.search(piece) is not None)
    more = [dates.iso(one, document_date) for one in dates.find(found["more"])]
    return [(source, date) for date in (first, *more)]


@lru_cache(maxsize=512)
def _parsed(piece: str) -> re.Match[str] | None:
    """A piece as source and date; asked for twice, where its sentence ends and who says it."""
    return _SOURCE.fullmatch(piece)


def may_be_undated(inside: str) -> bool:
    """Whether a bracket without a figure ends as a citation may: "(Quay Radio, May)"."""
    return _ENDS_AS_PAPER.search(inside, max(0, len(inside) - 24)) is not None


def _undated(piece: str, labelled: bool) -> list[tuple[str, str | None]]:
    """The source of a piece without a date: "Hanoi Law Review, vol. 31", "Bank of Ostland data"."""
    if labelled:
        return [(piece.rstrip("."), None)] if piece else []
    found = _UNDATED.fullmatch(piece)
    if found is None or not _is_name(found["source"], ",", ""):
        return []
    if "," in piece:
        return [(found["source"], None)]
    capitals = sum(map(str.isupper, found["source"]))
    return [(piece, None)] if capitals > 1 else []  # "Big data" is no source


def _is_name(source: str, mark: str, date: str, placed: bool = False) -> bool:
    """Whether the words before a date are a name, and not a fact ("launched in 2016").

    `placed` when a page follows the date: "Lee 2021, p. 17".
    """
    words = [word.rstrip(",") for word in source.split()]
    if not mark and not _stands_unmarked(source, words, date, placed):
        return False
    if _DOMAIN.fullmatch(source):
        return True
    words = _without_paper(words)
    short = len(words) <= 3 and words[-1] in _PAPERS
    paper = (mark != "" or len(words) == 1) and (_DOCUMENT_START.match(source) is not None or short)
    first = words[0]
    if not (first[0].isupper() or first[0].isdigit() or first[0] >= "\u2e80" or paper):
        return False
    if first[0].isdigit() and not any(map(str.isalpha, source)):
        return False
    if first in _OPENERS and len(words) > 1:
        return False
    if _QUANTITY.search(source) or _ITEM.fullmatch(source) or source in _COUNTS:
        return False
    rest = words[1:] if paper else words
    known = _LOWER_OK | _PAPERS
    lower = [word for word in rest if word[0].islower() and word.strip(".") not in known]
    return not lower and dates.DATE.fullmatch(source) is None


def _stands_unmarked(source: str, words: list[str], date: str, placed: bool) -> bool:
    """Whether a name may have its date right behind it, without a comma."""
    paper = words[-1].lower() in _PAPERS and date[:4].isdigit()
    numbered = paper or _NUMBER.fullmatch(date) is not None
    if "et al" in source or numbered or _DOCUMENT_START.fullmatch(source):
        return True
    if placed and len(words) <= 3 and words[0][0].isupper() and date[:4].isdigit():
        return True
    figures = date[:4].isdigit() and "年" not in date
    day_too = len(date) > 7 and _HAN.search(source) is not None
    return not source.isascii() and (not figures or day_too)


def _without_paper(words: list[str]) -> list[str]:
    """A name without the kind of paper behind it in lower case: "Quay Bank research note"."""
    if words[-1] not in _PAPERS or words[0][0].islower():
        return words
    last = len(words)
    while last > max(1, len(words) - 3) and words[last - 1][0].islower():
        last -= 1
    return words if words[0] in _ARTICLES and last == 1 else words[:last]
