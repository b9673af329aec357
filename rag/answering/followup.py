"""Complete a follow-up question from the chat so far, by rule, and only when it needs it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.dates import dates
from rag.answering.names import name_tokens
from rag.indexing.terms import question_terms, terms

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


def complete(question: str, history: Sequence[tuple[str, str]]) -> str:
    """The question as understood: itself when it stands alone or opens a new topic.

    `history` is (question as understood, answer) pairs, oldest first. Three rules, in order: a
    fragment that only brings a new date or name ("And in 2020?", "What about Ofeq-10?") takes the
    place of the old one in the last question; a pronoun takes the last question's main name;
    a short question gets that name in brackets.
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
    if not _needs_context(fragment, led):
        return question
    subject = _subject(last) or _subject(history[-1][1])
    if not subject or subject.casefold() in fragment.casefold():
        return question
    return f"{_sentence(fragment)} ({subject})" if not _asks(last) else _bind(fragment, subject)


def _needs_context(fragment: str, led: bool) -> bool:
    own_names = name_tokens(" " + fragment)
    return (
        led
        or (bool(_POINTS_BACK.search(fragment)) and not own_names)
        or (len(question_terms(fragment)) <= _FEW_TERMS and not own_names)
    )


def _swap(last: str, fragment: str) -> str | None:
    """Put the fragment's date or name where the last question had its own."""
    new_dates, old_dates = dates(fragment), dates(last)
    if new_dates and old_dates:
        old, new = old_dates[-1], new_dates[0]
        return last[: old.start] + fragment[new.start : new.end] + last[old.end :]
    if new_dates:
        return f"{last.rstrip('?？ ')} {fragment.rstrip('?？ ')}?"
    names = _NAME_RUN.findall(fragment)
    old_name = _subject(last)
    if names and old_name:
        return last.replace(old_name, max(names, key=len), 1)
    if not _asks(fragment) and old_name is None:
        return f"{last.rstrip('?？ ')} {fragment.rstrip('?？ ')}?"
    return None


def _bind(fragment: str, subject: str) -> str:
    """Replace the first pronoun by the subject, or name it at the end."""
    match = re.search(
        r"\b(?P<whose>its|their|his|her(?=\s\w))\b|\b(?P<who>it|they|them|he|him|she|this|that)\b",
        fragment,
        re.IGNORECASE,
    )
    if match is None:
        return f"{_sentence(fragment).rstrip('?？ ')} ({subject})?"
    word = f"{subject}'s" if match["whose"] else subject
    return _sentence(fragment[: match.start()] + word + fragment[match.end() :])


def _subject(text: str) -> str | None:
    """The longest run of capitalised words that is not the sentence's first word alone."""
    runs = [m for m in _NAME_RUN.finditer(text) if m.start() > 0 or " " in m[0]]
    cleaned = [
        re.sub(
            r"^(?:Is|Are|Was|Were|Did|Does|Do|Has|Have|In|The|A|An|How|What|Which|Who|When|Where)\s",
            "",
            m[0],
        )
        for m in runs
    ]
    named = [
        name.rstrip("'’s.") if name.endswith(("'s", "’s")) else name for name in cleaned if name
    ]
    if named:
        return max(named, key=len)
    han = re.findall(r"[\u4e00-\u9fff]{2,}", text)
    return max(han, key=len) if han and not terms(text) else None


def _asks(text: str) -> bool:
    return bool(re.search(r"[?？]|^(?:who|what|when|where|which|why|how)\b", text, re.IGNORECASE))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
