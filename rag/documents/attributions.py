"""Who says it: bracketed sources and verbs of saying, as the document writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.documents import dates
from rag.documents.abbreviations import SAID, STARTERS
from rag.documents.fold import HAN, fold
from rag.types import Attribution

_BRACKET = re.compile(r"[(（]([^()（）]{2,300})[)）]")
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
_SOURCE = re.compile(
    rf"(?P<source>[^,，:：]{{2,60}}(?:,\s(?!{_SEEN})[A-Z][^,，:：\d]{{1,40}}){{0,2}}?)(?P<mark>\s*[,，:：]\s*"
    rf"|\s*)"
    rf"(?:{_SEEN}\s+)?(?P<date>{dates.DATE.pattern}|{_YEAR})"
    rf"(?P<more>(?:\s*(?:,|and|&|，|、)\s*(?:{_YEAR}"
    rf"|[A-Z][a-z]+\.? \d{{1,2}}(?:,\s\d{{4}})?))*)\s*(?:电|讯|报道)?",
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
_NAME = r"(?:Mr\.|Ms\.|Mrs\.|Dr\.|Prof\.|Gen\.|[A-Z][\w’'&.-]*[\w’'])"
_NAMES = rf"{_NAME}(?:\s+(?:{_NAME}|of|for|and|the|on|&)){{0,8}}"
_VERB = re.compile(rf"\b(?P<to>[Aa]ccording to)\s|\b(?P<verb>{SAID})\b(?!-)")
_AFTER_TO = re.compile(
    rf"(?:(?:the|an?|its|data from|data by|figures from|research by|media outlet"
    rf"|state media)\s+)*(?P<name>[A-Z\d{HAN}][^,.;:()（）”\"“—]{{1,90}})"
)
_AFTER_TO_END = re.compile(
    r"\s+(?:which|who|that|is|are|was|were|has|have|had|will|can|may|the company"
    r"|and its|in (?:19|20)\d\d|on [A-Z])\b"
)
_AFTER_VERB = re.compile(
    rf"\s+(?P<name>{_NAMES})(?P<who>,\s(?:an?|the|who|chief|head|director|senior"
    rf"|professor|analyst|president|chairman|[a-z]+)\s[^,.;”\"“]{{3,90}})?"
)
_BEFORE_VERB = re.compile(
    rf"(?P<name>{_NAMES})(?:,\s[^,.;”\"“]{{3,90}},)?\s+(?:(?:also|has|have|had|later"
    rf"|recently|once|then|reportedly|further|previously|repeatedly|newspaper|magazine"
    rf"|officials?|reports?)\s+){{0,2}}$"
)
_HAN_SAYS = re.compile(
    rf"(?P<key>据(?P<a>[{HAN}A-Za-z《》·]{{2,20}}?)(?:\d{{1,2}}月\d{{1,2}}日)?(?:报道|消息|数据"
    rf"|统计|介绍|透露|估计|称))"
    rf"|(?<![{HAN}])(?P<b>[{HAN}A-Za-z·]{{2,24}}?)(?:在[{HAN}]{{2,12}}[上中])?(?:对[{HAN}]{{2,8}})?(?:表示"
    rf"|指出|强调|认为|透露|称|说)(?=[，,：:“])"
)
_HAN_VERB = re.compile("[据示出调为露称说]")
_WINDOW = 140
_ALSO_NOUNS = frozenset(
    ["states", "reports", "notes", "continued", "noted", "recalled", "observed", "added", "claims"]
)
_SPEECH = re.compile(r"\s*(?:[,:，：“\"]|that\b|in (?:an?|the|its|his|her)\b)")
_QUOTED = (",", "”", '"', "’", "，")
_PRONOUNS = frozenset(
    ["He", "She", "They", "We", "You", "It", "I", "Who", "This", "That", "These", "Those"]
)


def find_attributions(
    text: str, start: int, end: int, document_date: str | None
) -> list[Attribution]:
    """All attributions in text[start:end], in order of their start.

    `document_date` (ISO, possibly partial) completes dates without a year.
    """
    found = [*_bracketed(text, start, end, document_date), *_said(text, start, end)]
    if _HAN_VERB.search(text, start, end):
        found += _said_in_chinese(text, start, end, document_date)
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
            if not _SEMICOLON.search(found[1]):
                first, last = found.span()
            yield Attribution(fold(text[first:last]), source, date, first, last)


def _sources(
    bracket: re.Match[str], document_date: str | None
) -> Iterator[tuple[str | None, str | None, int, int]]:
    """Source, ISO date, start and end of each source a bracket names; nothing if it names none."""
    inside, offset = bracket[1], bracket.start(1)
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
    found = _SOURCE.fullmatch(piece)
    if found is None:
        return [(piece.rstrip("."), None)] if labelled and piece else []
    source = found["source"].strip()
    if not labelled and not _is_name(source, found["mark"].strip(), found["date"]):
        return []
    more = [dates.iso(one, document_date) for one in dates.find(found["more"])]
    return [(source, date) for date in (dates.complete(found["date"], document_date), *more)]


def _is_name(source: str, mark: str, date: str) -> bool:
    """Whether the words before a date are a name, and not a fact ("launched in 2016")."""
    if not mark and (date[:4].isdigit() or source.isascii()) and "et al" not in source:
        return False
    if _DOMAIN.fullmatch(source):
        return True
    words = source.split()
    if not (words[0][0].isupper() or words[0][0].isdigit() or words[0][0] >= "\u2e80"):
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
    lower = [word for word in words if word[0].islower() and word.strip(".") not in _LOWER_OK]
    return not lower and dates.DATE.fullmatch(source) is None


def _said(text: str, start: int, end: int) -> Iterator[Attribution]:
    for found in _VERB.finditer(text, start, end):
        if found["to"]:
            yield from _according(text, found, end)
            continue
        low = max(start, found.start() - _WINDOW)
        preceding = text[low : found.start()]
        before = _BEFORE_VERB.search(preceding)
        source = _speaker(before["name"]) if before is not None else None
        if before is not None and source is not None:
            added = found["verb"] == "added" and text[found.end() : found.end() + 1] == "."
            speech = added or _SPEECH.match(text, found.end(), end)
            if found["verb"] in _ALSO_NOUNS and not speech:
                continue
            first = low + preceding.index(source.split()[0], before.start("name"))
            yield Attribution(fold(text[first : found.end()]), source, None, first, found.end())
        elif preceding.rstrip()[-1:] in _QUOTED:
            yield from _inverted(text, found, end)


def _inverted(text: str, found: re.Match[str], end: int) -> Iterator[Attribution]:
    """The speaker after the verb: "...," said Ann Lee, an analyst at the institute."""
    after = _AFTER_VERB.match(text, found.end(), min(end, found.end() + 2 * _WINDOW))
    source = _speaker(after["name"]) if after is not None else None
    if after is not None and source is not None:
        last = after.end() if after["who"] else after.end("name")
        yield Attribution(fold(text[found.start() : last]), source, None, found.start(), last)


def _according(text: str, found: re.Match[str], end: int) -> Iterator[Attribution]:
    named = _AFTER_TO.match(text, found.end(), min(end, found.end() + _WINDOW))
    if named is None:
        return
    name = named["name"]
    stop = _AFTER_TO_END.search(name)
    name = name[: stop.start()] if stop else name
    last = named.start("name") + len(name.rstrip())
    yield Attribution(fold(text[found.start() : last]), fold(name), None, found.start(), last)


def _speaker(name: str) -> str | None:
    """The name without an opening word that is no part of it; None for a pronoun."""
    words = fold(name).split()
    while words and (words[0] in STARTERS or words[0] in _PRONOUNS or words[0].islower()):
        words.pop(0)
    while words and words[-1].islower():
        words.pop()
    if words and words[-1].endswith(("’s", "'s", "s’")):
        return None
    return " ".join(words) or None


def _said_in_chinese(
    text: str, start: int, end: int, document_date: str | None
) -> Iterator[Attribution]:
    for found in _HAN_SAYS.finditer(text, start, end):
        source = found["a"] or found["b"]
        if source in ("他", "她", "他们", "报道", "文章") or len(source) < 2:
            continue
        date = dates.complete(found[0], document_date) if "月" in found[0] else None
        yield Attribution(fold(found[0]), fold(source), date, found.start(), found.end())
