"""Text to search terms, the same for documents and questions.

Case, width and accents are folded (NFKC, casefold), traditional Han characters to simplified ones;
plurals lose their s by the S-stemmer of Harman (1991, "How effective is suffixing?"); runs of Han
become overlapping pairs; a number keeps its decimal point and loses its thousands commas; "F-35"
gives f, 35 and f35, "100km" 100 and km besides itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rag.documents.fold import HAN
from rag.indexing.han import simplified

_WORD = re.compile(
    rf"(?P<han>[{HAN}]+)"
    rf"|(?P<number>\d+(?:[.,]\d+)+|\d++(?![^\W\d_{HAN}]))"
    rf"|(?P<word>[^\W_{HAN}]+(?:[-'’][^\W_{HAN}]+)*)"
)
_UNIT = re.compile(r"(\d+)([^\W\d_]{2,})")
_JOINT = re.compile(r"[-'’]")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_ACCENTS = re.compile("[\u0300-\u036f]")
_QUOTED = re.compile(r"[\"“”「『《]([^\"“”「」『』《》]{2,200})[\"“”」』》]")
_POSSESSIVE = re.compile(r"['’]s$")

_QUESTION_WORDS = (
    "a an and are as at be been by can could did do does for from had has have how if in is it its "
    "many me much of on or say said tell that the their there these this to was were what when "
    "where which who whom whose why will with would"
)
QUESTION_WORDS = frozenset(_QUESTION_WORDS.split())
"""Left out of questions: rare in articles, so that their frequency would overrate them."""


def normalise(text: str) -> str:
    """Fold case, width, accents and Han variants. Offsets into the result mean nothing."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return simplified(unicodedata.normalize("NFKC", _ACCENTS.sub("", folded)))


def terms(text: str) -> list[str]:
    """All terms in order, repeated as often as they occur; none contains white space."""
    return [term for kind, token in _tokens(text) for term in _terms_of(kind, token)]


def question_terms(question: str) -> list[str]:
    """The distinct terms to look up, in order, question words left out.

    A single Han character is given as itself; look it up as a prefix.
    """
    found = [
        term
        for kind, token in _tokens(question)
        for term in (_pairs(token) if kind == "han" else _terms_of(kind, token))
    ]
    kept = [term for term in found if term not in QUESTION_WORDS]
    return list(dict.fromkeys(kept or found))


def quoted_phrases(question: str) -> list[list[str]]:
    """What the question puts in quotation marks, as runs of two or more terms."""
    phrases = []
    for match in _QUOTED.finditer(question):
        phrase = [
            term
            for kind, token in _tokens(match[1])
            for term in (_pairs(token) if kind == "han" else _terms_of(kind, token))
        ]
        if len(phrase) > 1:
            phrases.append(phrase)
    return phrases


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for match in _WORD.finditer(normalise(text)):
        yield str(match.lastgroup), match[0]


def _terms_of(kind: str, token: str) -> list[str]:
    if kind == "han":
        # The last character alone lets a one-character question be found by prefix.
        return [*_pairs(token), token[-1]] if len(token) > 1 else [token]
    if kind == "number":
        return [_THOUSANDS.sub("", token)]
    parts = _JOINT.split(_POSSESSIVE.sub("", token))
    if len(parts) == 1:
        unit = _UNIT.fullmatch(parts[0])
        return [_singular(parts[0]), *(unit.groups() if unit else ())]
    return [*(_singular(part) for part in parts if part), "".join(parts)]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or not word.isascii():
        return word
    if word.endswith("ies"):
        return word if word.endswith(("eies", "aies")) else f"{word[:-3]}y"
    if word.endswith("es"):
        return word if word.endswith(("aes", "ees", "oes")) else word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]
