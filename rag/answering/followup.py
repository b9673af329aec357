"""Complete a follow-up question from the chat so far, by rule, and only when it needs it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.dates import dates, without
from rag.answering.names import name_tokens
from rag.answering.periods import period_span, without_periods
from rag.answering.plain_words import BARE_NOUNS, NOT_NAMES
from rag.indexing.terms import question_terms

_LEADS = re.compile(
    r"^(?:and|but|so|also|then|what about|how about|and what about)\b[,\s]*"
    r"|^(?:那么|那|还有)(?!里|些|个)",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|their|them|he|his|him|she|her|this|that|these|those|there|one|ones|same)\b"
    r"|[它他她其这那]",
    re.IGNORECASE,
)
_NAME_RUN = re.compile(
    r"(?:[A-Z\u00c0-\u00de][\w’'.-]*|\d+[A-Z]+)"
    r"(?:\s(?:of the\s|of\s|and\s)?(?:[A-Z\u00c0-\u00de][\w’'.-]*|\d[\w.-]*))*"
)
_FEW_TERMS = 3
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_ARTICLE = re.compile(r"^(?:(?:in|on|at|for|from|of|by|to)\s)?(?:(?:the|an?)\s)?", re.IGNORECASE)
_TIED = re.compile(r"\w\s(?:to|from|in|of|for|by|with|on|at)\s", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|him|his|she|her)\b", re.IGNORECASE)
_WHO = re.compile(r"who\b", re.IGNORECASE)
_ASKS_NAME = re.compile(
    r"who\b|(?:which|what)\s(?!is\b|was\b|are\b|were\b|will\b|did\b|does\b|do\b|has\b|had\b|have\b)",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s?\[\d+\]")
_NO_NAME = (
    "(?!谁|什么|哪|为什么|怎|何|多少|这|那|它|他|她|其|目前|现在|去年|今年|明年|请问|有没有|是否)"
)
_HAN_NAME = re.compile(rf"^{_NO_NAME}([\u4e00-\u9fff]{{2,12}}?)(?=[的在是有于将\d])")
_HAN_TOPIC = re.compile(rf"{_NO_NAME}([\u4e00-\u9fff]{{2,8}})呢[?？]?")
_HAN_PRONOUN = re.compile("^(为什么|关于|在|对)?(?:[它他她]们?|该公司|这家公司)")
"""Only at the head: further on it may mean a name of the question's own."""


def complete(question: str, history: Sequence[tuple[str, str]]) -> str:
    """The question as understood: itself when it stands alone or opens a new topic.

    `history` is (question as understood, answer) pairs, oldest first. Three rules, in order: a
    fragment that only brings a new date or name ("And in 2020?", "What about Ofeq-10?") takes the
    place of the old one in the last question; a pronoun takes the last question's main name, or
    the one it asked for and was told; a short question gets that name in brackets.
    """
    if not history:
        return question
    last = history[-1][0]
    fragment = _LEADS.sub("", question).strip()
    led = fragment != question.strip() or bool(re.search(r"呢[?？]?$", fragment))
    if led and len(question_terms(fragment)) <= _FEW_TERMS:
        swapped = _swap(last, fragment)
        if swapped:
            return swapped
    if (name := _HAN_NAME.match(last)) is not None:
        return _bind_han(question, fragment, last, name[1])
    if not _needs_context(fragment, led):
        return question
    subject = _referent(fragment, last, history[-1][1])
    if not subject or _word(subject).search(fragment):
        return question
    return f"{_sentence(fragment)} ({subject})" if not _asks(last) else _bind(fragment, subject)


def _referent(fragment: str, last: str, answer: str) -> str | None:
    """The name a follow-up leaves out: the last question's, or what it asked for and was told.

    "Which telescope docks with the station?", "Xuntian.", "When does it go up?" is about Xuntian.
    "It" after "Who leads Orm?" is Orm, unless the follow-up names Orm besides.
    """
    subject, told = _subject(last), _subject(answer)
    points_back = bool(_POINTS_BACK.search(fragment))
    named = _brought(answer, last) if points_back and _ASKS_NAME.match(last) else None
    if _WHO.match(last):
        if _PERSON.search(fragment):
            return named or told or subject
        if named and subject and _word(subject).search(fragment):
            return named
        return subject or named or told
    return named or subject or told


def _brought(answer: str, last: str) -> str | None:
    """The first name of an answer that its question did not have."""
    text = _MARKER.sub("", answer).strip()
    for run in _NAME_RUN.finditer(_undated(text)):
        name = _plain(re.sub(r"^(?:The|A|An|In)\s", "", run[0]))
        plain = {name.casefold()} & (NOT_NAMES | BARE_NOUNS)
        if name and not plain and not _word(name).search(last):
            return name
    return None


def _needs_context(fragment: str, led: bool) -> bool:
    own_names = name_tokens(" " + fragment)
    return (
        led
        or (bool(_POINTS_BACK.search(fragment)) and not own_names)
        or (len(question_terms(fragment)) <= _FEW_TERMS and not own_names)
    )


def _swap(last: str, fragment: str) -> str | None:
    """Put the fragment's date and name where the last question had its own."""
    text = last
    name = _new_name(fragment)
    old_name = _in_same_place(fragment, last) or _subject(last)
    if name and old_name:
        text = _word(old_name).sub(lambda _: name, text, count=1)
    new_dates, old_dates = dates(fragment), dates(text)
    if new_dates:
        new, written = new_dates[0], fragment[new_dates[0].start : new_dates[0].end]
        if not old_dates:
            more = f"in {written}" if text != last else fragment.rstrip("?？ ")
            return f"{text.rstrip('?？ ')} {more}?"
        old = old_dates[-1]
        if new.year is None and old.year is not None:
            written = f"{old.year}年{written}" if "月" in written else f"{written} {old.year}"
        return text[: old.start] + written + text[old.end :]
    if text != last:
        return text
    return _with_time(last, fragment, old_name)


def _word(name: str) -> re.Pattern[str]:
    """A name as a word for itself: no "Iran" in "Iranian"."""
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _with_time(last: str, fragment: str, old_name: str | None) -> str | None:
    """The last question on another weekday, or with a phrase such as "in the first half"."""
    for spans in (
        [day.span() if day else None for day in map(_WEEKDAY.search, (fragment, last))],
        [period_span(text) for text in (fragment, last)],
    ):
        new, old = spans
        if new and old:
            return last[: old[0]] + fragment[slice(*new)] + last[old[1] :]
    bare = fragment.rstrip("?？ ")
    phrase = re.match(r"(?:in|on|at|during|for|by|since|until|before|after)\s", bare, re.IGNORECASE)
    if not _asks(bare) and (phrase or (old_name is None and bare == fragment)):
        return f"{last.rstrip('?？ ')} {bare}?"
    return None


def _new_name(fragment: str) -> str | None:
    """The name a fragment brings along, with what belongs to it: "the Chinese navy"."""
    names = _NAME_RUN.findall(_undated(fragment))
    if not names:
        return None
    phrase = _ARTICLE.sub("", fragment.rstrip("?？ "))
    alone = not (_asks(phrase) or _POINTS_BACK.search(phrase) or dates(phrase))
    if alone and _TIED.search(phrase[: phrase.find(names[0])]):
        return None  # "exports to Japan" is another matter, not another name
    return _plain(phrase if alone else max(names, key=len))


def _in_same_place(fragment: str, last: str) -> str | None:
    """The name behind the same word as the fragment's: "did Germany", "did France"."""
    new = _NAME_RUN.search(_undated(fragment))
    before = re.search(r"(\w+)\s$", fragment[: new.start()]) if new else None
    if before is None:
        return None
    old = re.search(rf"\b{re.escape(before[1])}\s({_NAME_RUN.pattern})", _undated(last))
    return _plain(old[1]) if old else None


def _undated(text: str) -> str:
    """`text` with dates, quarters and days of the week blanked out: "September 2023" is no name."""
    return _WEEKDAY.sub(lambda day: " " * len(day[0]), without_periods(without(text)))


def _plain(name: str) -> str:
    """Without the mark of a possessive or of the sentence's end."""
    return re.sub(r"['’]s?$", "", name.rstrip("."))


def _bind_han(question: str, fragment: str, last: str, name: str) -> str:
    """ "小米呢？" takes the place of the last question's name; a pronoun takes that name."""
    if name in question:
        return question
    if (topic := _HAN_TOPIC.fullmatch(fragment)) is not None:
        return last.replace(name, topic[1], 1)
    bound = _HAN_PRONOUN.sub(lambda match: f"{match[1] or ''}{name}", fragment)
    return question if bound == fragment else bound


def _bind(fragment: str, subject: str) -> str:
    """Replace the first pronoun by the subject, or name it at the end: "that" may be a value."""
    match = re.search(
        r"\b(?P<whose>its|their|his|her(?=\s\w))\b|\b(?P<who>it|they|them|he|him|she)\b",
        fragment,
        re.IGNORECASE,
    )
    if match is None:
        return f"{_sentence(fragment).rstrip('?？ ')} ({subject})?"
    word = f"{subject}'s" if match["whose"] else subject
    return _sentence(fragment[: match.start()] + word + fragment[match.end() :])


def _subject(text: str) -> str | None:
    """The longest run of capitalised words that is not the sentence's first word alone."""
    runs = [m for m in _NAME_RUN.finditer(_undated(text)) if m.start() > 0 or " " in m[0]]
    cleaned = [
        re.sub(
            r"^(?:Is|Are|Was|Were|Did|Does|Do|Has|Have|In|The|A|An|How|What|Which|Who|When|Where)\s",
            "",
            m[0],
        )
        for m in runs
    ]
    return max((_plain(name) for name in cleaned if name), key=len, default=None) or None


def _asks(text: str) -> bool:
    return bool(re.search(r"[?？]|^(?:who|what|when|where|which|why|how)\b", text, re.IGNORECASE))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
