"""Who says it, by verbs of saying: "said Ann Lee, an analyst", "according to", "据……报道"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.documents import dates
from rag.documents.abbreviations import ASSERTED, SAID, STARTERS, by_letter
from rag.documents.fold import HAN, fold
from rag.documents.offices import office_after, office_before, office_of
from rag.documents.sources import YEAR_BEHIND
from rag.types import Attribution

_NAME = r"(?:Mr\.|Ms\.|Mrs\.|Messrs\.|Dr\.|Prof\.|Gen\.|[A-Z][\w’'&.-]*[\w’']|[A-Z]\.)"
_PARTICLE = r"(?:ter|ten|van|von|der|den|de|da|di|du|dos|la|le|bin|ibn)"
_NAMES = rf"{_NAME}(?:\s+(?:{_NAME}|of|for|and|the|on|&|{_PARTICLE}|al-{_NAME})){{0,8}}"
_LISTED = rf"{_NAME}(?:\s+{_NAME})*(?:,\s{_NAME}(?:\s+{_NAME})*)+,?\sand\s{_NAME}(?:\s+{_NAME})*"
_PERSON = rf"{_NAME}(?:\s+(?:{_PARTICLE}\s+)*(?:al-)?{_NAME}){{1,4}}"
_SET_OFF = (
    r",\s(?!(?:also|has|have|had|later|recently|once|then)\s)"
    r"(?P<who>[^,.;”\"“]{3,90})(?P<closed>,)?"
)
_HAN_NAME = rf"\s?[(（][{HAN}·]{{1,12}}[)）]"
_WORDS = (
    r"(?P<word>(?:[Aa]ccording to|(?:[Aa]s (?:reported|noted|stated|explained)|first reported) by"
    r"|[Ii]n the words of)(?=\s)"
    rf"|(?:{by_letter(f'{SAID}|{ASSERTED}')})\b(?!-))"
)
_TO = (" to", " by", " of")
_FIRST_WORD = re.compile(_WORDS)
_VERB = re.compile(r"\W" + _WORDS)
"""Begins with one class, so that the engine skips from word to word."""
_AFTER_TO = re.compile(
    rf"\s(?:(?:its|his|her|their|the)\s(?:[a-z-]+\s){{1,5}}?[a-z-]+,\s(?={_PERSON},)"
    rf"|(?:[a-z][\w’'-]*\s+){{0,5}})(?P<name>(?!\d{{4}}\b)[A-Z\d{HAN}][^,.;:()（）”\"“—]{{1,90}})"
)
_AFTER_TO_END = re.compile(
    r"\s+(?:which|who|that|is|are|was|were|has|have|had|will|can|may|the company"
    r"|and its|in (?:19|20)\d\d|on [A-Z])\b"
)
_NO_SPEAKER = re.compile(
    r"\b(?:standards?|laws?|rules?|customs?|traditions?|plans?|schedules?|criteria)$"
)
_AFTER_VERB = re.compile(
    rf"\s+(?P<role>(?:[a-z][\w’'-]*,?\s+){{0,5}})(?P<name>{_PERSON}|{_NAMES})"
    rf"(?P<who>,\s(?:an?|the|who|chief|head|director|senior"
    rf"|professor|analyst|president|chairman|[a-z]+)\s[^,.;”\"“]{{3,90}})?"
)
_BEFORE_VERB = re.compile(
    rf"(?P<name>{_LISTED}|{_NAMES})(?:{_HAN_NAME})?(?:{YEAR_BEHIND})?(?:{_SET_OFF})?,?\s+(?:(?:also|has|have|had|later"
    rf"|recently|once|then|reportedly|further|previously|repeatedly|openly|newspaper|magazine"
    rf"|officials?|reports?)\s+){{0,2}}$"
)
_PHRASE = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur)\s(?:[\w’'-]+\s){1,6}?"
    r"(?:in|from|of|at|for|with|by|near)\s(?:the\s)?$"
    r"|\b(?:[Aa]nalysts|[Ee]conomists|[Rr]esearchers|[Ss]cientists|[Ee]xperts|[Oo]fficials|[Ll]awyers"
    r"|[Tt]raders|[Ee]ngineers|[Ee]xecutives|[Ii]nvestigators|[Rr]epresentatives)"
    r"\s(?:from|of|at|for|with)\s(?:the\s)?$"
)
_PREPOSITION = re.compile(
    r"\b(?:[Ii]n|[Ff]rom|[Oo]f|[Aa]t|[Ff]or|[Ww]ith|[Bb]y|[Nn]ear|[Tt]o)\s(?:the\s)?$"
)
_OFFICE = re.compile(
    r"(?:The |A |An )?(?:[A-Z]\w+ )?(?:Director|Minister|President|Head|Chief|Chair\w*|Secretary"
    r"|Commissioner|Governor|Mayor|Ambassador|Commander|Professor)\b"
)
_STUDY = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Oo]ne)\s(?:[a-z-]+\s){0,2}?(?:study|survey|report|review|analysis|audit|poll"
    r"|paper|inquiry|investigation)\s(?:by|from|of)\s(?:the\s)?$"
)
_MONTHS = frozenset(name.capitalize() for name in dates.MONTHS if len(name) > 4)
_SAID_ON = re.compile(
    rf"(?:\s+[a-z]+){{0,3}}?\s+on\s+(?:[A-Z][a-z]+day,?\s+)?(?P<date>{dates.DATE.pattern})"
)
_HAN_SAYS = re.compile(
    rf"(?P<key>据(?P<a>[{HAN}A-Za-z《》·]{{2,20}}?)(?:\d{{1,2}}月\d{{1,2}}日)?(?:报道|消息|数据"
    rf"|统计|介绍|透露|估计|估算|测算|称))"
    rf"|据(?P<c>[{HAN}A-Za-z《》·]{{2,20}}?(?:网站|官网|公报|公告|年报|报告))(?=[，,])"
    rf"|(?<![{HAN}])(?P<b>[{HAN}A-Za-z·](?:[{HAN}A-Za-z·]|(?<=[A-Za-z]) (?=[A-Z])){{1,23}}?)"
    rf"”?(?:则|也|还|亦)?(?:在[{HAN}]{{2,12}}[上中])?(?:对[{HAN}]{{2,8}})?(?:表示"
    rf"|指出|强调|认为|透露|预计|预测|警告|回应|证实|坦言|称|说|告诉[{HAN}]{{2,6}})(?=[，,：:“。])"
    r"|(?P<d>《[^《》]{2,20}》)(?:网站|记者)?(?:\d{4}年)?(?:(?:\d{1,2}月)?\d{1,2}日)?"
    r"(?:报道|消息|刊文|撰文|发文)(?=[，,称说指：:])"
)
_HAN_VERB = re.compile("[据示出调为露称说计测告应实言道》]")
_PERSON_NEXT = re.compile(rf"\s{_PERSON}")
_WINDOW = 140
_ASSERTED = frozenset(ASSERTED.split("|"))
_ALSO_NOUNS = _ASSERTED.union(
    ("states", "reports", "notes", "continued", "noted", "recalled", "observed", "added", "adds"),
    ("claims",),
)
"""Verbs that are nouns too, or are often used of other things: what is said must follow."""
_SPEECH = re.compile(r"\s*(?:[,:，：“\"]|that\b|in (?:an?|the|its|his|her)\b)")
_THAT = re.compile(r"\s+(?:in [A-Z]\w+\s+)?that\b")
_CALLED = re.compile(r"\s[^.“\"”]{0,80}[“\"][a-z\d]")
_URGED = re.compile(r"\s\w")
_ACCUSED = re.compile(r"\s[^.,;]{2,80}?\sof\b")
_PUT = re.compile(r"\sit\b|\s[^.,;]{2,60}?\sat\s(?:\w+\s){0,2}?[\d$€£¥]")
_OF_ANYTHING = {
    **dict.fromkeys(("found", "finds", "shows", "showed", "insists", "maintains"), _THAT),
    **dict.fromkeys(
        ("proposed", "proposes", "recommended", "demanded", "believes", "hopes", "doubt"), _THAT
    ),
    **dict.fromkeys(("doubts", "doubted", "estimate", "argue", "warn", "claim", "believe"), _THAT),
    **dict.fromkeys(("hold", "holds", "expect", "fear", "fears", "suggest", "insist"), _THAT),
    **dict.fromkeys(
        ("urged", "urges", "blamed", "blames", "blame", "disputed", "disputes"), _URGED
    ),
    **dict.fromkeys(("puts", "put"), _PUT),
    **dict.fromkeys(("called", "calls", "call"), _CALLED),
    **dict.fromkeys(("accused", "accuses"), _ACCUSED),
}
"""Verbs used of anything, and what must follow where something is said."""
_CLAUSE_START = re.compile(r"[,”’\"，]\s+(?:the\s+)?$")
_CLAUSE_END = re.compile(r"[.,;]|\s+(?:in|on|last|this)\s[^.,;]{2,30}[.,;]")
_STATEMENT = re.compile(r"\s+(?:(?:the|an?|its|his|her|their|they|no)\b|\d)")
_AS_SAYING = re.compile(
    rf"\bquot(?:ed|es|ing)\s(?:[a-z’'-]+\s){{0,6}}?(?:[a-z’'-]+,\s)?(?P<name>{_NAMES})"
    r"(?:,\s[^,.;]{3,60},|,)?\sas\ssaying\b"
)
_NOBODY = frozenset(("Please", "Estimates", "Reports", "Unconfirmed", "Figures", "Results", "Data"))
_QUOTED = (",", "”", '"', "’", "，")
_PRONOUNS = frozenset(
    ("He", "She", "They", "We", "You", "It", "I", "Who", "This", "That", "These", "Those"),
).union(("Nobody", "Everybody", "Everyone", "Anyone", "Someone", "None"))


def find_sayings(
    text: str, start: int, end: int, document_date: str | None
) -> Iterator[Attribution]:
    """Attributions by verbs of saying in text[start:end], in no particular order.

    A date is given when the text says on which day it was said; `document_date` completes it.
    """
    for found in _verbs(text, start, end):
        if found["word"].endswith(_TO):
            yield from _according(text, found, end)
        else:
            yield from _by_verb(text, found, start, end, document_date)
    if text.find("as saying", start, end) >= 0:
        for found in _AS_SAYING.finditer(text, start, end):
            yield _said(text, *found.span(), fold(found["name"]))
    if _HAN_VERB.search(text, start, end):
        yield from _in_chinese(text, start, end, document_date)


def _by_verb(
    text: str, found: re.Match[str], start: int, end: int, document_date: str | None
) -> Iterator[Attribution]:
    """The speaker before a verb of saying, or after it where a quotation stands before."""
    verb = found["word"]
    if verb in _OF_ANYTHING and not _may_be_said(text, found, end):
        return  # most of them, and what stands before is dearer to look at
    at = found.start("word")
    low = max(start, at - _WINDOW)
    preceding = text[low:at]
    before = None if _inverts(text, found, preceding) else _named_before(preceding)
    speaker = _before(preceding, before) if before is not None else office_before(preceding)
    if speaker is not None:
        if verb in _ALSO_NOUNS and not _speech_follows(text, found, end):
            closes = before and _CLAUSE_START.search(preceding[: before.start()])
            if not (closes and _CLAUSE_END.match(text, found.end(), end)):
                return
        source, first = speaker[0], low + speaker[1]
        last, date = _said_on(text, found.end(), end, document_date)
        yield _said(text, first, last, source, date or (before["year"] if before else None))
    elif before is None and verb not in _OF_ANYTHING and preceding.rstrip()[-1:] in _QUOTED:
        yield from _inverted(text, found, end)


def _verbs(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The verbs in text[start:end], also one that it begins with."""
    first = _FIRST_WORD.match(text, start, end)
    if first is not None:
        yield first
    yield from _VERB.finditer(text, start, end)


def _named_before(preceding: str) -> re.Match[str] | None:
    """The name before a verb; past an opening word such as "Separately, the ..."."""
    before = _BEFORE_VERB.search(preceding)
    if before is None or not before["who"] or before["closed"]:
        return before
    if re.fullmatch(_PERSON, before["who"]):
        return before
    return _BEFORE_VERB.search(preceding, before.start("who"))


def _inverts(text: str, found: re.Match[str], preceding: str) -> bool:
    """Whether a full name follows the verb and a comma stands before: "in May, said Ann Lee"."""
    return preceding[-2:-1] in _QUOTED and _PERSON_NEXT.match(text, found.end()) is not None


def _may_be_said(text: str, found: re.Match[str], end: int) -> bool:
    ends = _CLAUSE_END.match(text, found.end(), end) is not None
    return ends or _speech_follows(text, found, end)


def _speech_follows(text: str, found: re.Match[str], end: int) -> bool:
    verb = found["word"]
    if verb in _OF_ANYTHING:
        stop = min(end, found.end() + _WINDOW)
        return _OF_ANYTHING[verb].match(text, found.end(), stop) is not None
    added = verb == "added" and text[found.end() : found.end() + 1] == "."
    if added or _SPEECH.match(text, found.end(), end):
        return True
    return verb in _ASSERTED and _STATEMENT.match(text, found.end(), end) is not None


def _before(preceding: str, before: re.Match[str]) -> tuple[str, int] | None:
    """The speaker named before a verb, and where the name begins; None when nobody is named."""
    ahead = preceding[: before.start()]
    who = before["who"]
    if not who and before["name"].split()[-1] in _MONTHS:
        return None
    person = who and re.fullmatch(_PERSON, who)
    study = _STUDY.search(ahead) if before["closed"] else None
    if study is not None:
        return fold(preceding[study.start() : before.end("name")]), study.start()
    if who and (not before["closed"] or _PREPOSITION.search(ahead)):
        return (fold(who), before.start("who")) if person else None
    if person and _OFFICE.match(before["name"]):
        return fold(who), before.start("who")
    phrase = _PHRASE.search(ahead)
    if phrase is not None:
        return fold(preceding[phrase.start() : before.end("name")]), phrase.start()
    source = None if _PREPOSITION.search(ahead) else _speaker(before["name"])
    if source is None:
        return None
    return source, preceding.index(source.split()[0], before.start("name"))


def _said(text: str, first: int, last: int, source: str, date: str | None = None) -> Attribution:
    return Attribution(fold(text[first:last]), source, date, first, last)


def _said_on(text: str, at: int, end: int, document_date: str | None) -> tuple[int, str | None]:
    """Where the attribution that reaches text[at] ends, and the day on which it was said."""
    found = _SAID_ON.match(text, at, min(end, at + _WINDOW))
    if found is None:
        return at, None
    return found.end(), dates.complete(found["date"], document_date)


def _inverted(text: str, found: re.Match[str], end: int) -> Iterator[Attribution]:
    """The speaker after the verb: "...," said Ann Lee, an analyst at the institute."""
    after = _AFTER_VERB.match(text, found.end(), min(end, found.end() + 2 * _WINDOW))
    source = _speaker(after["name"]) if after is not None else None
    if after is not None and source is not None:
        first, last = found.start("word"), after.end() if after["who"] else after.end("name")
        yield _said(text, first, last, source)
    elif after is None and (office := office_after(text, found.end(), end)):
        first, last = found.start("word"), office[1]
        yield _said(text, first, last, office[0])


def _according(text: str, found: re.Match[str], end: int) -> Iterator[Attribution]:
    named = _AFTER_TO.match(text, found.end(), min(end, found.end() + _WINDOW))
    if named is None:
        if office := office_after(text, found.end(), end):
            first, last = found.start("word"), office[1]
            yield _said(text, first, last, office[0])
        return
    name = named["name"]
    ahead = office_of(text[found.end() : named.start("name")])
    stop = _AFTER_TO_END.search(name)
    name = name[: stop.start()] if stop else name
    if _NO_SPEAKER.search(name) or dates.DATE.match(name):
        return
    first, last = found.start("word"), named.start("name") + len(name.rstrip())
    yield _said(text, first, last, fold(ahead + name))


def _speaker(name: str) -> str | None:
    """The name without an opening word that is no part of it; None for a pronoun."""
    words = fold(name).split()
    while words and (words[0] in STARTERS or words[0] in _PRONOUNS or words[0].islower()):
        words.pop(0)
    while words and words[-1].islower():
        words.pop()
    if words and words[-1].endswith(("’s", "'s", "s’")):
        return None
    if len(words) == 1 and (words[0].endswith("ly") or words[0] in _NOBODY):
        return None  # "Simply put"
    return " ".join(words) or None


def _in_chinese(
    text: str, start: int, end: int, document_date: str | None
) -> Iterator[Attribution]:
    for found in _HAN_SAYS.finditer(text, start, end):
        source = found["a"] or found["b"] or found["c"] or found["d"]
        if source in ("他", "她", "他们", "报道", "文章") or len(source) < 2:
            continue
        date = dates.complete(found[0], document_date) if "月" in found[0] else None
        yield Attribution(fold(found[0]), fold(source), date, found.start(), found.end())
