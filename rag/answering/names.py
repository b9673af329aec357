"""Proper names in a statement, and whether the quote or its setting bears them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rag.answering.aliases import same_place, shorten, written_in
from rag.answering.figures import counts_parameters
from rag.answering.plain_words import BARE_NOUNS, NOT_NAMES
from rag.answering.subjects import exchanged_subject
from rag.answering.units import CURRENCIES, CURRENCY_NAME, MAGNITUDES, UNITS
from rag.documents.fold import HAN

_TOKEN = re.compile(r"[A-Za-z\u00c0-\u024f0-9]+(?:[-'’.&][A-Za-z\u00c0-\u024f0-9]+)*")
_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")
_HAN_BODY = re.compile(
    f"(?<![该本此某各])(?![的了是在])[{HAN}](?![该本此某各家的这那子母总分])[{HAN}]"
    "(?:大学|学院|公司|集团|科技|研究所|研究院|银行|号)"
)
_POSSESSIVE = re.compile(r"['’]s?$|['’]s(?=-)")
_PLURAL = re.compile(r"(?<=[A-Z\d])s$")
_SENTENCE_START = re.compile(r"(?:[.!?:]\s+|[“\"])$")
_GAP = re.compile(r"[\s‐‑–/.’'-]{1,2}")
_MONEY = re.compile(
    rf"(?:\d|illion|thousand|\bbn|\bmn)\ (?:of\ )?{CURRENCY_NAME}", re.VERBOSE | re.IGNORECASE
)
_FISCAL = re.compile(r"FY(?:\d\d)?(?:\d\d)?")
_CODE = re.compile(r"(\d+)([A-Z]{1,3})\d*")
_RUN = re.compile(r"(?<![\w’'-])[A-Z][\w’'-]*(?:\s(?:(?:of|the|and|for)\s){0,2}[A-Z][\w’'-]*)+")
_AGENT = re.compile(
    r"\s(?:said|says|announced|plans|launched|signed|agreed|denied|bought|sold|built|won|joined|"
    r"holds|held|owns|owned|makes|operates|operated|supplies|supplied|runs|leads|heads|headed|"
    r"chairs|chaired|wrote|told|argues|argued|warned|expects|ordered|delivered|developed|proposed|"
    r"reported|estimates|insures|insured|commands|commanded|overtook|beat|received|acquired|imposed|"
    r"banned|approved|rejected|invested|unveiled|released|deployed|tested|accused|blamed|urged|paid|"
    r"opened|closed|raised|exported|imported|produces|produced|employs|employed|provides|provided)\b"
)
_LONGEST_RUN = 8
_CHANCE = 2
"""Letters of an acronym that the words of a text may begin with by chance."""


def name_tokens(statement: str, question: str = "") -> list[str]:
    """Capitalised or mixed tokens and Han runs that claim a name, in order, no duplicates.

    Titles ("President"), months and units are none. A word that stands first is taken for a name
    only when the question writes it as one, another name follows at once, or it owns or does
    something ("Huawei's", "Huawei said").
    """
    asked = {_normal(token) for token in _capitalised(question)}
    names = _capitalised(statement, asked)
    if any(ord(c) < 0x2E80 and c.isalpha() for c in statement):
        names += _HAN_RUN.findall(statement)
    else:
        names += _HAN_BODY.findall(statement)
    return list(dict.fromkeys(names))


def _capitalised(text: str, known: set[str] | frozenset[str] = frozenset()) -> list[str]:
    found = []
    matches = list(_TOKEN.finditer(text))
    for position, match in enumerate(matches):
        token = _bare(match[0])
        if not _looks_like_name(token) or _is_unit(match, text):
            continue
        before = text[max(0, match.start() - 4) : match.start()]
        first = match.start() == 0 or bool(_SENTENCE_START.search(before))
        if first and not _named_at_start(matches, position, text, known):
            continue
        found.append(token)
    return found


def _named_at_start(
    matches: list[re.Match[str]], position: int, text: str, known: set[str] | frozenset[str]
) -> bool:
    match = matches[position]
    token = _bare(match[0])
    following = matches[position + 1] if position + 1 < len(matches) else None
    followed = (
        following is not None
        and following[0][:1].isupper()
        and text[match.end() : following.start()] == " "
    )
    marked = any(c.isupper() or c.isdigit() for c in token[1:])
    owns = match[0].endswith(("'s", "’s"))
    plural = token.endswith("s") and not token.endswith(("us", "is"))
    acts = not plural and token.lower() not in BARE_NOUNS
    acts = acts and bool(_AGENT.match(text, match.end()))
    return marked or followed or owns or acts or _normal(token) in known


def _looks_like_name(token: str) -> bool:
    if token.lower().rstrip(".") in NOT_NAMES or len(token) < 2 or _FISCAL.fullmatch(token):
        return False
    if token[0].isdigit():
        code = _CODE.fullmatch(token)
        if code is not None:
            letters = code[2].lower()
            return code[2] in ("G", "B") or not (letters in UNITS or letters in MAGNITUDES)
        return any(c.isupper() for c in token) and not re.fullmatch(r"[\d.,]+[A-Z]?[a-z]*", token)
    return token[0].isupper() or any(c.isupper() for c in token[1:])


def _is_unit(match: re.Match[str], text: str) -> bool:
    """The "MW" of "300 MW", the "US" of "US$5", the "5B" of "$5B", the "70B" of "a 70B model" and
    the "Swiss" of "5 million Swiss francs" belong to figures.
    """
    money = _MONEY.search(text, max(0, match.start() - 12), match.end() + 30)
    if money is not None and money.start() < match.start() < money.end():
        return True
    if counts_parameters(text, match.start()):
        return True
    before = text[max(0, match.start() - 2) : match.start()]
    if text[match.end() : match.end() + 1] == "$" or before[-1:] in ("$", "€", "£", "¥"):
        return True
    low = match[0].lower()
    measure = low in UNITS or low in MAGNITUDES or low in CURRENCIES
    return measure and (before[:1].isdigit() or low in CURRENCIES)


@dataclass(frozen=True, slots=True)
class _Source:
    """What a quote and its setting name. `written` are tokens as they stand, `letters` the first of
    each in a row."""

    written: frozenset[str]
    words: frozenset[str]
    joined: frozenset[str]
    initials: frozenset[str]
    letters: str
    han: str


@lru_cache(maxsize=512)
def _source(text: str) -> _Source:
    matches = list(_TOKEN.finditer(text))
    tokens = [_bare(match[0]) for match in matches]
    words = {_normal(token) for token in tokens}
    words |= {part for token in tokens for part in _normal_parts(token)}
    joined: set[str] = set()
    for start in range(len(matches)):
        run = ""
        for end in range(start, min(start + 4, len(matches))):
            gap = (matches[end - 1].end(), matches[end].start())
            if end > start and not _GAP.fullmatch(text, *gap):
                break
            run += _squeeze(tokens[end])
            joined.add(run)
    return _Source(
        written=frozenset(tokens),
        words=frozenset(words),
        joined=frozenset(joined),
        initials=frozenset(acronym for acronym, _ in _acronyms(text)),
        letters="".join(token[:1] for token in tokens).casefold(),
        han=re.sub(r"\s+", "", text),
    )


def missing_names(statement: str, source: str, question: str = "") -> list[str]:
    """Names of `statement` that stand nowhere in `source` (the quote and its setting).

    Aliases count: "Chinese" for China, "CSS" for "China Space Station" and back, "U.S." for
    the United States, "UAV" for "unmanned aerial vehicle", "Ofeq 13" for "Ofeq-13", "华为公司" for
    华为. "J-10C" is not found in "J-10CE".
    """
    statement, question, source = shorten(statement), shorten(question), shorten(source)
    have = _source(source)
    spelled_out = {
        word for acronym, words in _acronyms(statement) if acronym in have.written for word in words
    }
    names = name_tokens(statement, question)
    subject = exchanged_subject(statement, source)
    if subject is not None and subject not in names and not _says_small(subject, question):
        names.insert(0, subject)
    return [name for name in names if name not in spelled_out and not _found(name, have)]


def _says_small(word: str, question: str) -> bool:
    return bool(re.search(rf"\b{word.lower()}", question))


def _found(name: str, have: _Source) -> bool:
    if name[0] > "\u2e7f":
        whose = name[:-2] if name.endswith(("公司", "集团")) else name
        return whose in have.han
    normal = _normal(name)
    if normal.upper() == name and name.isalpha() and len(name) <= 3 and normal in have.words:
        return name in have.written or normal.upper() in have.written or _plain(normal, have)
    if normal in have.words or _squeeze(name) in have.joined or name in have.initials:
        return True
    if len(name) > _CHANCE and name.isupper() and name.casefold() in have.letters:
        return True
    if written_in(normal, have.han):
        return True
    places = [word for word in have.written if word[:1].isupper()]
    if normal[:1].isalpha() and any(same_place(normal, _normal(word)) for word in places):
        return True
    parts = _normal_parts(name)
    if len(parts) < 2 or any(part.isdigit() or len(part) < 3 for part in parts):
        return False
    return all(_found(part, have) for part in parts)


def _plain(normal: str, have: _Source) -> bool:
    """A short acronym may be written small ("ai"), but "us" is no United States."""
    return normal not in ("us", "it", "un", "who", "in", "as", "am")


def _bare(token: str) -> str:
    return _PLURAL.sub("", _POSSESSIVE.sub("", token))


def _normal(token: str) -> str:
    return _bare(token).replace(".", "").casefold()


def _normal_parts(token: str) -> list[str]:
    return [part.casefold() for part in re.split(r"[-'’&]", token) if len(part) > 1]


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\-‐‑–.’']+", "", text).casefold()


def _acronyms(text: str) -> Iterator[tuple[str, list[str]]]:
    """What runs of capitalised words shorten to: "China Space Station" -> "CSS" and its words."""
    for run in _RUN.findall(text):
        words = [_bare(word) for word in re.split(r"[\s-]+", run) if word[:1].isupper()]
        for start in range(len(words)):
            for end in range(start + 2, min(start + _LONGEST_RUN, len(words)) + 1):
                yield "".join(word[0] for word in words[start:end]), words[start:end]
