"""Proper names in a statement, and whether the quote or its setting bears them out."""

from __future__ import annotations

import re

from rag.documents.fold import HAN

_TOKEN = re.compile(r"[A-Za-z\u00c0-\u024f0-9]+(?:[-'’.&][A-Za-z\u00c0-\u024f0-9]+)*")
_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")
_POSSESSIVE = re.compile(r"['’]s?$|['’]s(?=-)")
_SUFFIX = re.compile(r"(?:ese|ian|ish|an|ns?|i|a|s)$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[“\"])$")
_PLAIN_WORDS = (
    "a an the this that these those it its he she they we i you his her their our in on at to "
    "for of and or but as by with from according yes no not both each all some any most many "
    "one two there here when where while after before during since until because if although "
    "however january february march april may june july august september october november "
    "december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday "
    "thursday friday saturday sunday mr mrs ms dr prof percent per cent bn mn "
)
_NOT_NAMES = frozenset(_PLAIN_WORDS.split())
_ALIASES = {
    "us": "united states america american washington", "usa": "united states america american",
    "uk": "united kingdom britain british london", "eu": "european union europe brussels",
    "prc": "china chinese beijing", "un": "united nations",
}  # fmt: skip


def name_tokens(statement: str, question: str = "") -> list[str]:
    """Capitalised or mixed tokens and Han runs that claim a name, in order, no duplicates.

    A word that stands first is taken for a name only when the question writes it as one, or when
    another name follows it at once.
    """
    asked = {_normal(token) for token in _capitalised(question, first_counts=False)}
    names = list(_capitalised(statement, first_counts=False, known=asked))
    if any(ord(c) < 0x2E80 and c.isalpha() for c in statement):
        names += _HAN_RUN.findall(statement)
    return list(dict.fromkeys(names))


def _capitalised(
    text: str, *, first_counts: bool, known: set[str] | frozenset[str] = frozenset()
) -> list[str]:
    found = []
    matches = list(_TOKEN.finditer(text))
    for position, match in enumerate(matches):
        token = _POSSESSIVE.sub("", match[0])
        if not _looks_like_name(token):
            continue
        first = bool(_SENTENCE_START.search(text[: match.start()]))
        followed = (
            position + 1 < len(matches)
            and matches[position + 1][0][:1].isupper()
            and text[match.end() : matches[position + 1].start()] == " "
        )
        marked = any(c.isupper() or c.isdigit() for c in token[1:])
        if first and not (first_counts or marked or followed or _normal(token) in known):
            continue
        found.append(token)
    return found


def _looks_like_name(token: str) -> bool:
    if token.lower().rstrip(".") in _NOT_NAMES or len(token) < 2:
        return False
    if token[0].isdigit():
        return any(c.isupper() for c in token) and not re.fullmatch(r"[\d.,]+[A-Z]?[a-z]*", token)
    return token[0].isupper() or any(c.isupper() for c in token[1:])


def missing_names(statement: str, source: str, question: str = "") -> list[str]:
    """Names of `statement` that stand nowhere in `source` (the quote and its setting).

    Aliases count: "Chinese" for China, "CSS" for "China Space Station" and back, "U.S." for
    the United States, "Ofeq 13" for "Ofeq-13".
    """
    tokens = [_POSSESSIVE.sub("", match[0]) for match in _TOKEN.finditer(source)]
    have = {_normal(token) for token in tokens}
    have |= {part for token in tokens for part in _normal_parts(token)}
    joined = _squeeze(source)
    initials = _initials(source)
    missing = []
    for name in name_tokens(statement, question):
        if not _found(name, have, joined, initials):
            missing.append(name)
    return missing


def _found(name: str, have: set[str], joined: str, initials: set[str]) -> bool:
    normal = _normal(name)
    if normal in have or _squeeze(name) in joined:
        return True
    if normal in initials or any(alias in have for alias in _ALIASES.get(normal, "").split()):
        return True
    if any(normal in _ALIASES[short].split() for short in _ALIASES.keys() & have):
        return True
    stem = _SUFFIX.sub("", normal)
    if len(stem) >= 4 and any(
        other.startswith(stem) and len(other) - len(stem) <= 4 for other in have
    ):
        return True
    parts = _normal_parts(name)
    return len(parts) > 1 and all(_found(part, have, joined, initials) for part in parts)


def _normal(token: str) -> str:
    return _POSSESSIVE.sub("", token).replace(".", "").casefold()


def _normal_parts(token: str) -> list[str]:
    return [part.casefold() for part in re.split(r"[-'’&]", token) if len(part) > 1]


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\-‐‑–.’']+", "", text).casefold()


def _initials(text: str) -> set[str]:
    """Acronyms that runs of capitalised words would give: "China Space Station" -> "css"."""
    found = set()
    for run in re.findall(r"(?:[A-Z][\w’'-]*(?:\s(?:of|the|and|for)\s|\s)?){2,8}", text):
        words = [word for word in re.split(r"[\s-]+", run) if word[:1].isupper()]
        for start in range(len(words)):
            for end in range(start + 2, len(words) + 1):
                found.add("".join(word[0] for word in words[start:end]).casefold())
    return found
