"""A sentence's first word as its subject: "Huawei is the largest" of a quote about Xiaomi.

Every sentence begins with a capital, so the word itself does not say whether it is a name. What
follows tells: in English a bare noun before "is" or "has" is a name or a mass ("Steel is"), and
where the source has the same verb behind a name, that name was exchanged.
"""

from __future__ import annotations

import re

from rag.answering.aliases import is_place
from rag.answering.plain_words import BARE_NOUNS, NOT_NAMES
from rag.answering.verbs import is_past, root

_CAPITAL = "[A-Z\u00c0-\u00de]"
_OPENING = re.compile(
    rf"(?:(?:Yes|No)\b[,.:;]?\s*)?(?P<name>{_CAPITAL}[A-Za-z\u00c0-\u024f]+)\s"
    r"(?:(?:also|still|now|alone|currently|already|once|then)\s)?(?P<verb>[a-z]{2,})\b(?:\s(?P<then>[a-z]{3,}))?"
)
_AUXILIARY = re.compile(r"(?:is|was|has|had|does|did|will|would|can|could|may|might|must|should)$")
_SINGULAR = re.compile(r"(?:is|was|has|does|[a-z]{2,}[^su]s)$")
_PLURAL = re.compile(r"[^aiosu]s$")
_MASS = re.compile(
    r"(?:tion|sion|ment|ness|ity|ance|ence|ism|ship|ware|age|ure|ogy|ics|ing|thing|one|body)$"
)
_NAMED = re.compile(
    rf"\b(?P<name>{_CAPITAL}[\w’'-]+)(?:\s(?P<next>[\w-]+))?(?:\s(?P<last>[\w-]+))?"
)
_LITTLE_WORDS = frozenset(
    ("and", "are", "can", "for", "from", "has", "have", "was", "were", "with")
)


def exchanged_subject(statement: str, source: str) -> str | None:
    """The first word of `statement` where it is a name that `source` lacks, and another stands
    there that the statement does not repeat: without one, nothing was exchanged.
    """
    match = _OPENING.match(statement)
    if match is None:
        return None
    name, verb = match["name"], match["verb"]
    plain = {name.lower()} & (BARE_NOUNS | NOT_NAMES)
    alike = {root(word) for word in re.findall(r"[a-z\u00df-\u024f]{2,}", source.lower())}
    if plain or root(name.lower()) in alike or (_PLURAL.search(name) and not _SINGULAR.match(verb)):
        return None
    said = set(re.findall(r"\w+", statement.lower()))
    others = [
        other
        for other in _NAMED.finditer(source)
        if other["name"].lower() not in said | BARE_NOUNS | NOT_NAMES
    ]
    same_verb = any(_same_verb(match, other) for other in others)
    mass = bool(_MASS.search(name)) and not is_place(name.lower())
    if same_verb and (not mass or name.endswith("ing")):
        return name
    return name if others and not mass and _AUXILIARY.match(verb) else None


def _same_verb(opening: re.Match[str], other: re.Match[str]) -> bool:
    """Whether the word behind the first of a statement is a verb, and another name has it too.

    "levels" in "High levels" is none: what may be a noun must be followed by the same word again.
    """
    verb, then = opening["verb"], opening["then"] or ""
    following = [(word or "").lower() for word in (other["next"], other["last"])]
    if is_past(verb) or _AUXILIARY.match(verb):
        return root(verb) in [root(word) for word in following]
    return verb.endswith("s") and then not in _LITTLE_WORDS and [verb, then] == following
