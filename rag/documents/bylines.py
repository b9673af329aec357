"""Lines that say who wrote an article and when: bylines, date lines, datelines."""

from __future__ import annotations

import re

from rag.documents import dates
from rag.documents.fold import HAN
from rag.documents.lines import is_terminal
from rag.documents.people import are_people
from rag.documents.wording import plain, words

_NAME = (
    r"(?:[A-Z\u00c0-\u024e][\w.’'\u00c0-\u024e-]*|\([A-Z][\w.-]*\)|de|da|del|van|von|bin"
    r"|al|el|le|la|der|den|ibn|di)"
)
_NAMES = (
    rf"{_NAME}(?:\s+{_NAME}){{0,5}}(?:\s*(?:,\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*"
    rf"|\s+with\s+){_NAME}(?:\s+{_NAME}){{0,5}}){{0,6}}"
)
_SIGNED = re.compile(
    r"[AaBb者文译撰创](?:(?<=[Bb])[Yy]|(?<=[Aa])(?i:uthors?\s*:)|(?<=[者文译撰创]))"
)
_YEAR = re.compile(r"\d{4}")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b[JS]r)\.$")
_INITIAL = re.compile(r"\b[A-Z]\.$")
_BYLINE = re.compile(
    rf"(?:(?:Written |Prepared |Drafted |Posted |Published |Reported |Story |Words "
    rf"|(?:A )?[Gg]uest post )?"
    rf"(?:[Bb]y|BY)\s?:?\s+|Authors?\s*:\s*)"
    rf"(?P<names>{_NAMES})"
    r"(?P<rest>\s*(?:[|•·,]|(?<=\s)[–—-](?=\s)|\.\s|\bon\b|\bat\b|\bin\b|\bfor\b|\("
    r"|Published|Updated|Posted).{0,80})?"
)
_BRACKETED = re.compile(
    rf"\((?:(?:[Bb]y\s+)?(?P<names>{_NAME}(?:\s+{_NAME}){{1,4}})"
    r"|[Ff]rom (?:our|the|a) [^()]{3,60}?)(?P<rest>,\s[^()]{3,60})?\)\.?"
)
_LATE_BYLINE = re.compile(rf"(?P<rest>[A-Z][^.]{{2,50}})[.|]\s+By\s+(?P<names>{_NAMES})")
_POSTED = re.compile(
    rf"(?:Posted|Published|Submitted|Created)\s+(?:on\s+)?(?P<date>.{{4,40}}?)\s+(?:by"
    rf"|BY|By)\s+(?P<names>{_NAMES}|\w+)"
)
_HAN_BYLINE = re.compile(
    rf"(?:作\s?者|撰\s?文|文|(?:本[刊报网台社]|特约|见习|驻[{HAN}]{{1,6}})?记\s?者|编\s?译|撰稿人?)\s*[:：/／"
    rf"|｜\s]\s*(?P<names>[{HAN}·A-Za-z ]{{2,20}}(?:[、，, ]\s?[{HAN}·]{{2,6}}){{0,4}})"
    r"(?P<rest>\s.{0,40})?"
)
_DATE_LABEL = re.compile(
    r"(?:Published|Posted|Updated|Last updated|Last modified|Date|Released?|Issued"
    r"|First published|On"
    r"|Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun|day|on|at|发布时间|发布日期|日期|时间|发表于|发布于|更新时间"
    r"|星期[一二三四五六日天]|am|pm|AM|PM|a\.m\.|p\.m\.|[A-Z]{2,4}|Beijing [Tt]ime"
    r"|\d{1,2}:\d{2}(?::\d{2})?|[,|•·:：()（）./–—-]|\s)+"
)
_SET_OFF = re.compile(
    r"(?:[,.|·•:(–—-]|\s{2,}|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$"
    r"|^.{0,20}(?:记者|作者|来源|发布)[\s:：]*\S{2,12}$"
)
_POSTED_ON = re.compile(
    r"(?:Posted|Published|Updated|Filed|Written|Created)(?: on| by .{2,40} on)?", re.I
)
_GOES_ON = re.compile(r"[,.|·•)(–—-]|(?:in|by|at|under)\s|\d{1,2}:\d{2}|星期", re.I)
_BY_NAME = re.compile(
    rf"(?<!ublished )\b[Bb]y\s+(?P<names>{_NAMES})|(?:记者|作者)[\s:：]*(?P<han>[{HAN}·]{{2,4}})"
)
_FIELD = re.compile(
    r"(?:(?:发布|发表|更新)?(?:时间|日期)|来源|作者|记者|编辑|浏览(?:次数|量)?|阅读(?:次数|量)?"
    r"|点击(?:次数|量|数)?|访问量|字体|字号)\s?："
)
_POST = re.compile(
    r",\s+(?:[A-Z][\w-]*\s+){0,2}(?:Fellow|Editor|Analyst|Correspondent|Director|Professor|Writer"
    r"|Reporter|Economist|Researcher|Associate|Columnist|Contributor|Desk|Bureau|Unit|Department)\b.*"
)
_ISSUER = re.compile(
    r"(?:Issued|Released|Prepared|Compiled|Adopted|Approved) by (?:the )?"
    r"(?P<names>[A-Z][^,|•·;]{2,60}?)\s*(?:[,|•·]\s*|on\s)$"
)
_NAMES_ALONE = re.compile(rf"(?!The )(?P<names>{_NAMES})")
_TIMED = re.compile(
    r"\s*[,|•·]?\s*(?:\d{1,2}[:.]\d{2}(?:\s?[apAP]\.?[mM]\.?)?)?[\s,|•·]*"
    r"(?:\d{1,3} min(?:ute)?s?(?: read)?)?"
)
_DATELINE = re.compile(
    r"(?:[A-Z][A-Za-z .'-]{2,40},\s+(?:[A-Z][A-Za-z.]+,\s+)?"
    r"|[\u4e00-\u9fff]{2,6}社[\u4e00-\u9fff]{2,6})"
    r"(?P<date>.{4,24}?)\s*(?:[（(/](?P<outlet>[^()（）/]{2,30})[)）/]\s*)?(?:[-–—]{1,2}"
    r"|[.*]{1,2}\s|\s电|电|(?P<colon>:\s))"
)
_LATE_NAMES = re.compile(rf"[|•·/–—-]\s*(?P<names>{_NAMES})")
_POST_LINE = re.compile(
    r"(?:[A-Z][\w-]*,?\s+){0,3}(?:of\s\w+\s)?(?:[Ff]ellow|[Ee]ditor|[Aa]nalyst|[Cc]orrespondent"
    r"|[Rr]eporter|[Ww]riter|[Ee]conomist|[Rr]esearcher|[Cc]olumnist)(?:\s(?:at|in|for)\s.{2,50})?"
)


_PROVENANCE = re.compile(
    r"(?:(?:Full|Abridged|Unedited)\s+)?(?:[Tt]ext|[Ee]xcerpts?|[Ss]ummary|[Tt]ranscript|[Tt]ranslation)"
    r"\s(?:of|from)\s(?:an?\s|the\s)?(?:[\w-]+\s){0,3}?(?:report|article|commentary|editorial"
    r"|interview|item|statement|speech|analysis)\s(?:by|in|from|on|with|carried|published)\b.{2,160}"
)
_PROVIDED_BY = re.compile(
    rf"\bby (?P<names>{_NAMES}),\s(?:headlined|entitled|titled|published|carried|in|for)\b"
)
_WEIXIN = re.compile(
    rf"原创\s+(?P<names>[{HAN}·\w]{{2,20}})\s+\S{{2,30}}\s+(?P<rest>\d{{4}}[年/-]\d.{{3,40}})"
)
"""The line below a title on WeChat: author, account, date, place."""
_LONGEST_BYLINE = 200
_WEEKDAYS = frozenset(
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)
_CLOCK = re.compile(r",?\s+\d{1,2}:\d{2}(?!\d)")


def byline(text: str) -> tuple[str, str] | None:
    """Author and the rest of a byline ("By Ann Lee | May 7, 2021"), or None."""
    if len(text) > _LONGEST_BYLINE or not _SIGNED.search(text):
        return None
    text = plain(text)
    closed = text.endswith(".")
    if not _INITIAL.search(text):
        text = text.rstrip(".")
    found = (
        _BYLINE.fullmatch(text)
        or _LATE_BYLINE.fullmatch(text)
        or _POSTED.match(text)
        or _HAN_BYLINE.fullmatch(text.strip("（）()"))
        or _WEIXIN.fullmatch(text)
    )
    if found is None:
        return None
    groups = found.groupdict()
    if found.re is _BYLINE and _is_sentence(found["names"], found["rest"] or "", closed):
        return None
    names = _POST.sub("", found["names"]).strip(" ,，")
    if not _ABBREVIATED.search(names):
        names = names.rstrip(".")  # "By Ann Lee. Published 4 March"
    return names, groups.get("date") or groups.get("rest") or ""


def _is_sentence(names: str, rest: str, closed: bool) -> bool:
    """Whether "By Monday, the harbour was closed." says when or how, and not who wrote it."""
    first = re.split(r",|\sand\s|&", names)[0].strip()
    if first in _WEEKDAYS or first.casefold() in dates.MONTHS:
        return True
    said = closed and rest[:1] in (",", " ") and dates.DATE.search(rest) is None
    return said and (" " not in names or words(rest) >= 4)


def provenance(text: str) -> str | None:
    """The author in a line such as "Text of report by the agency Kabar", "" when none is named.

    None when the line is none that says where a text comes from.
    """
    if len(text) > 220 or _PROVENANCE.fullmatch(text) is None:
        return None
    signed = _PROVIDED_BY.search(text)
    return signed["names"] if signed else ""


def bracketed_byline(text: str) -> tuple[str | None, str] | None:
    """Author and the rest of a line in brackets such as "(Ann Lee, Saturday)", or None.

    The author of "(From our correspondent in Port Amity)" is None.
    """
    found = _BRACKETED.fullmatch(text)
    return (found["names"], found["rest"] or "") if found else None


def _fields(text: str) -> tuple[str | None, str] | None:
    """Author and date of a line of labelled fields, as Chinese pages have below the title."""
    if len(_FIELD.findall(text)) < 2 or dates.DATE.search(text) is None:
        return None
    return _named(text), text


def header_line(text: str) -> tuple[str | None, str] | None:
    """Author and date of a line such as "Harbour Desk, 8 January 2026, 17:20", or None.

    A full date set off by marks from a few words that are no sentence.
    """
    text = plain(text)
    if "：" in text and len(text) <= 250 and (fields := _fields(text)):
        return fields
    return _set_off(text)


def _named(text: str) -> str | None:
    named = _BY_NAME.search(text)
    return named["names"] or named["han"] if named else None


def _set_off(text: str) -> tuple[str | None, str] | None:
    if len(text) > 130 or (found := _full_date(text)) is None:
        return None
    before, after = text[: found.start()].rstrip(), text[found.end() :].lstrip()
    signed = _ISSUER.fullmatch(text[: found.start()])
    if signed is None and after and _TIMED.fullmatch(after):
        signed = _NAMES_ALONE.fullmatch(before)
    if signed is None and _SET_OFF.search(before):
        signed = _LATE_NAMES.fullmatch(after)
        if signed is not None and not are_people(signed["names"]):
            signed = None
    if signed is not None and " " in signed["names"]:
        return signed["names"], text
    if before and not (_SET_OFF.search(before) or _POSTED_ON.fullmatch(before)):
        return None
    if before.count("(") > before.count(")") and words(before) > 4:
        return None  # a headline that names a day, or a sentence that names its source
    if after and not _GOES_ON.match(after):
        return None
    if words(before) + words(after) > 14 or is_terminal(before + "x" + after.rstrip(".")):
        return None
    return _named(text), text


def _full_date(text: str) -> re.Match[str] | None:
    found = dates.DATE.search(text) if _YEAR.search(text) else None
    return found if found is not None and _YEAR.search(found[0]) else None


def dateline(text: str) -> tuple[str, str | None] | None:
    """Date and agency of a news opening ("HARBOUR CITY, May 7 (Agency) -- ..."), or None."""
    found = _DATELINE.match(plain(text))
    if found is None or dates.DATE.search(found["date"]) is None:
        return None
    if found["colon"] and dates.DATE.fullmatch(found["date"]) is None:
        return None
    return found["date"], found["outlet"]


def is_date_line(text: str) -> bool:
    """Whether a line holds a full date and nothing else but labels, weekday and time."""
    found = _full_date(text) if len(text) <= 70 else None
    if found is None:
        return False
    rest = (text[: found.start()] + " " + text[found.end() :]).strip()
    return not rest or _DATE_LABEL.fullmatch(rest) is not None


def is_stamp(text: str) -> bool:
    """Whether a line begins with a day and a clock time, as a ticker's do."""
    if len(text) > 70 or ":" not in text:
        return False
    found = dates.DATE.match(text)
    return found is not None and _CLOCK.match(text, found.end()) is not None


def is_post(text: str) -> bool:
    """Whether a line below a byline only says what the author is ("Energy correspondent")."""
    return _POST_LINE.fullmatch(text) is not None
