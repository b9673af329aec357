"""Who says it: bracketed sources here, verbs of saying in `rag.documents.sayings`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.documents import dates
from rag.documents.fold import fold
from rag.documents.sayings import find_sayings
from rag.types import Attribution

_BRACKET = re.compile(r"[(（\[](?:(?<=[(（])[^()（）]{2,300}[)）]|(?<=\[)[^\[\]]{2,300}\](?!\())")
_LABEL = re.compile(
    r"\s*(?:Sources?|Photo|Image|Credit|Photo credit|Image credit|Courtesy(?: of)?"
    r"|Via|来源|图片来源|图源|资料来源)\s*[:：]\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[.。]?[”’\"」』]?(?:\[\d{1,3}\])*")
_SEMICOLON = re.compile(r"[;；]")
_YEAR = r"(?:19|20)\d\d[a-z]?"
_SEEN = (
    r"(?:(?:last )?(?:accessed|retrieved|visited|updated|posted|published|dated)(?: on)?"
    r"|via|as of|undated)"
)
_DOCUMENT = (
    "letter|log|report|survey|minutes|statement|memo|memorandum|order|decree|interview|e-?mail"
    "|brief|briefing|speech|testimony|filing|notice|circular|transcript|record|dispatch|cable"
    "|press release|communiqué|paper|study|review|analysis|data|figures|regulation|directive|draft"
    "|proposal|plan|budget|contract|submission|presentation|prospectus|post|broadcast|programme"
)
"""What a bracket may cite without a name that begins with a capital, as an alternation."""
_PAPERS = frozenset(_DOCUMENT.split("|")).union(
    ("release", "annual", "quarterly", "website", "newspaper", "magazine", "blog", "database"),
    ("author", "authors", "yearbook", "outlook", "index", "census", "bulletin"),
)
_SEE = re.compile(r"(?:see also|see|also|cf\.|quoted in|cited in)\s+(?=[A-Z])")
_DOCUMENT_START = re.compile(rf"(?:{_DOCUMENT})\b")
_SOURCE = re.compile(
    rf"(?P<source>[^,，:：]{{2,60}}?(?:,\s(?!{_SEEN})[A-Z][^,，:：\d]{{1,40}}(?:\s\d{{1,4}}(?!\d))?){{0,2}}?)(?P<mark>\s*[,，:：]\s*"
    rf"|\s*)"
    rf"(?:(?:{_SEEN}|(?:{_DOCUMENT}) (?:of|from|dated|on))\s+"
    r"|[“\"‘《][^”\"’》]{2,90}[”\"’》],?\s+"
    r"|(?:Q[1-4]|H[12]|FY|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Ee]arly|[Mm]id|[Ll]ate)[\s-])?"
    rf"(?P<date>{dates.DATE.pattern}|\d{{1,4}}/{_YEAR}|{_YEAR})"
    rf"(?P<more>(?:\s*(?:,|and|&|，|、)\s*(?:{_YEAR}"
    rf"|[A-Z][a-z]+\.? \d{{1,2}}(?:,\s\d{{4}})?))*)"
    rf"\s*(?:电|讯|报道|年?年报|年?度?报告|edition|{_DOCUMENT})?"
    r"(?:,\s(?:pp?\.|pages?|para(?:graph)?s?\.?|items?|chapter|table|annex)\s?[\d\w–-]{1,9})?",
)
_LOWER_OK = frozenset(
    [
        "of",
        "the",
        "for",
        "via",
        "and",
        "on",
        "in",
        "at",
        "de",
        "la",
        "du",
        "van",
        "von",
        "et",
        "al",
        "to",
        "with",
        "by",
        "from",
        "und",
        "des",
        "y",
        "press",
        "accessed",
    ]
)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def find_attributions(
    text: str, start: int, end: int, document_date: str | None
) -> list[Attribution]:
    """All attributions in text[start:end], in order of their start.

    `document_date` (ISO, possibly partial) completes dates without a year.
    """
    found = [
        *_bracketed(text, start, end, document_date),
        *find_sayings(text, start, end, document_date),
    ]
    return sorted(found, key=lambda one: (one.start, one.end))


def source_bracket(text: str, at: int, end: int) -> int | None:
    """The end of the bracketed source that opens at text[at], its full stop included, or None."""
    found = _BRACKET.match(text, at, end)
    if found is None or not any(_sources(found, None)):
        return None
    after = _AFTER.match(text, found.end(), end)
    return after.end() if after else found.end()


def source_line(text: str, start: int, end: int) -> Attribution | None:
    """The attribution of a line such as "Source: Institute of Space Policy"."""
    label = _LABEL.match(text, start, end)
    if label is None or label.end() >= end:
        return None
    source = fold(text[label.end() : end]).rstrip(".。")
    return Attribution(fold(text[start:end]), source or None, None, start, end)


def _bracketed(text: str, start: int, end: int, document_date: str | None) -> Iterator[Attribution]:
    for found in _BRACKET.finditer(text, start, end):
        sources = list(_sources(found, document_date))
        for source, date, first, last in sources:
            if not _SEMICOLON.search(found[0]):
                first, last = found.span()
            yield Attribution(fold(text[first:last]), source, date, first, last)


def _sources(
    bracket: re.Match[str], document_date: str | None
) -> Iterator[tuple[str | None, str | None, int, int]]:
    """Source, ISO date, start and end of each source a bracket names; nothing if it names none."""
    inside, offset = bracket[0][1:-1], bracket.start() + 1
    label = _LABEL.match(inside)
    if label is None and not any(map(str.isdigit, inside)):
        return
    at = label.end() if label else 0
    source: str | None = None
    while at <= len(inside):
        semicolon = _SEMICOLON.search(inside, at)
        stop = semicolon.start() if semicolon else len(inside)
        piece = inside[at:stop]
        first = offset + at + len(piece) - len(piece.lstrip())
        for name, date in _named(piece.strip(), source, document_date, label is not None):
            source = name
            yield name, date, first, offset + at + len(piece.rstrip())
        at = stop + 1


def _named(
    piece: str, before: str | None, document_date: str | None, labelled: bool
) -> list[tuple[str, str | None]]:
    """Source and dates of one piece; `before` is the source that an earlier piece named."""
    piece = fold(piece)
    whole = dates.DATE.fullmatch(piece)
    if whole is not None and before is not None:
        return [(before, dates.complete(piece, document_date))]
    found = _SOURCE.fullmatch(_SEE.sub("", piece))
    if found is None:
        return [(piece.rstrip("."), None)] if labelled and piece else []
    source = found["source"].strip()
    if not labelled and not _is_name(source, found["mark"].strip(), found["date"]):
        return []
    more = [dates.iso(one, document_date) for one in dates.find(found["more"])]
    return [(source, date) for date in (dates.complete(found["date"], document_date), *more)]


def _is_name(source: str, mark: str, date: str) -> bool:
    """Whether the words before a date are a name, and not a fact ("launched in 2016")."""
    words = source.split()
    numbered = (words[-1].lower() in _PAPERS and date[:4].isdigit()) or "/" in date
    figures = date[:4].isdigit() and "年" not in date
    unmarked = not mark and (figures or source.isascii())
    if unmarked and "et al" not in source and not numbered:
        return False
    if _DOMAIN.fullmatch(source):
        return True
    short = len(words) <= 3 and words[-1] in _PAPERS
    paper = mark and (_DOCUMENT_START.match(source) or short)
    if not (words[0][0].isupper() or words[0][0].isdigit() or words[0][0] >= "\u2e80" or paper):
        return False
    if words[0][0].isdigit() and not any(map(str.isalpha, source)):
        return False
    if len(words) > 1 and words[0] in (
        "From",
        "Until",
        "Since",
        "In",
        "On",
        "Between",
        "As",
        "See",
    ):
        return False
    if re.search(r"[%$€£¥≥≤=<>]|\d[\d,.]*\s(?:tons?|km|kg|m|million|billion|percent)\b", source):
        return False
    rest = words[1:] if paper else words
    known = _LOWER_OK | _PAPERS
    lower = [word for word in rest if word[0].islower() and word.strip(".") not in known]
    return not lower and dates.DATE.fullmatch(source) is None
