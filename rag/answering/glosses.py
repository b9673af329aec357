"""Names with their characters or long forms in brackets: "Huafeng Oils (华丰油脂)", "JOTC (...)".

That such a sentence answers "What is the Chinese name of Huafeng Oils?" shows in its form; a small
model that reads it often does not see it, and never doubts the name it is shown.
"""

from __future__ import annotations

import re
from itertools import takewhile

from rag.documents.fold import HAN

_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*")
_BRACKETS = re.compile(r"[(（]([^()（）]{2,120})[)）]")
_CHARACTERS = (
    r"(?:chinese (?:name|characters?|term|word|title|expression|phrase)"
    r"|name in (?:chinese|characters))"
)
_ASKS_FOR_CHARACTERS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:^|\bthe ){_CHARACTERS} (?:of|for) (?P<name>.+)$",
        r"^(?:what|how) (?:is|was|are) (?P<name>.+?) (?:called|named|known|written|spelled) "
        r"(?:in|with) (?:chinese|chinese characters|characters)$",
        r"^how (?:do you|does one|do they) write (?P<name>.+?) in (?:chinese|characters)\b.*$",
        rf"^what (?:is|was|are) (?P<name>.+?)['’]s? {_CHARACTERS}$",
        r"^(?P<name>.+?)(?:的(?:中文|汉语)(?:名|全|译|写)|(?:用)?中文(?:怎么|如何|叫)).*$",
    )
]
_ASKS_FOR_LONG_FORM = [
    re.compile(pattern)
    for pattern in (
        r"\b(?:does|did) (?P<name>[A-Z][A-Z0-9&-]+) stand for$",
        r"\b(?:is|was) (?P<name>[A-Z][A-Z0-9&-]+) (?:short|an? \w+|the \w+) (?:for|of)$",
        r"\b(?:full|long) (?:name|form) (?:of|for) (?:the )?(?P<name>[A-Z][A-Z0-9&-]+)$",
        r"(?P<name>[A-Z][A-Z0-9&-]+)(?:的全称|是什么的缩写|代表什么|是什么的简称)",
    )
]
_TELLS_APART = re.compile(r"\b(?:that|which|who|whose|where|whom)\b", re.IGNORECASE)
"""A name that is described and not given cannot be compared with what stands before a bracket."""
_SMALL = frozenset(
    ("a", "an", "the", "of", "for", "and", "in", "on", "at", "to", "de", "du", "der")
)
_MOST_BEFORE = 10
"""Words looked at before a bracket."""


def glosses(question: str, sentence: str) -> bool:
    """Whether the question asks for the characters or the long form of a name which the sentence
    gives in brackets, or gives before them and the name in them.
    """
    asked = question.strip(" ?？.")
    if name := _named(_ASKS_FOR_CHARACTERS, asked):
        return any(_HAN.search(inside + before[-1:]) and _tells(name, before, inside)
                   for before, inside in _bracketed(sentence))  # fmt: skip
    if name := _named(_ASKS_FOR_LONG_FORM, asked):
        return any(_spells(name, before, inside) for before, inside in _bracketed(sentence))
    return False


def _named(patterns: list[re.Pattern[str]], asked: str) -> str:
    found = next((match["name"] for pattern in patterns if (match := pattern.search(asked))), "")
    return "" if _TELLS_APART.search(found) else found


def _bracketed(sentence: str) -> list[tuple[str, str]]:
    """What stands before each pair of brackets, and what in them."""
    return [(sentence[: m.start()].rstrip(), m[1].strip()) for m in _BRACKETS.finditer(sentence)]


def _tells(name: str, before: str, inside: str) -> bool:
    """Whether one side is the name and the other in characters."""
    if _HAN.search(inside):
        return _ends_with(before, name)
    return bool(_HAN.match(before[-1:])) and _words(inside)[: len(_words(name))] == _words(name)


def _ends_with(before: str, name: str) -> bool:
    """Whether the words before a bracket end with the name: with its last word and all of it that
    is written large or in figures ("Sand Lake station" may be a "deep-space station"), or with just
    what is written large ("Zhuyun 2" for "the Zhuyun 2 rocket").
    """
    own = [word for word in _WORD.findall(name) if word.casefold() not in _SMALL]
    words = _WORD.findall(before)
    large = [word for word in own if not word.islower()]
    if not own or not words:
        return False
    if large and _last_large(words) == _words(" ".join(large)):
        return True
    window = {word.casefold() for word in words[-len(own) - 1 :]}
    needed = large or own
    return words[-1].casefold() == own[-1].casefold() and all(
        w.casefold() in window for w in needed
    )


def _last_large(words: list[str]) -> list[str]:
    """The words at the end that are written large or in figures."""
    run = list(takewhile(lambda word: not word.islower(), reversed(words)))
    return _words(" ".join(reversed(run)))


def _spells(name: str, before: str, inside: str) -> bool:
    """Whether one side is the acronym and the other's words begin with its letters."""
    letters = re.sub(r"[^A-Z]", "", name)
    if re.match(rf"{re.escape(name)}(?![\w-])", inside):
        initials = [word[0].upper() for word in _long_words(before)[-_MOST_BEFORE:]]
        return "".join(initials).endswith(letters)
    ends = re.search(rf"(?<![\w-]){re.escape(name)}$", before)
    return bool(ends) and "".join(w[0].upper() for w in _long_words(inside)).startswith(letters)


def _long_words(text: str) -> list[str]:
    parts = (part for word in _WORD.findall(text) for part in word.split("-"))
    return [part for part in parts if part and part.casefold() not in _SMALL]


def _words(text: str) -> list[str]:
    return [word for w in _WORD.findall(text) if (word := w.casefold()) not in _SMALL]
