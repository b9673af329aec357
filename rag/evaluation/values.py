"""Texts as tokens that compare by value: 2.4 bn is 2,400 million, 29 April is April 29.

Written apart from the checks that guard an answer, on purpose: a mistake shared by the answering
and its judge would not be seen.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice, takewhile
from math import isclose

from rag.documents.fold import HAN, fold
from rag.evaluation import vocabulary as words
from rag.evaluation.numerals import LONGEST_NUMERAL, spelled, with_digits


@dataclass(frozen=True, slots=True)
class Word:
    """A word, case and accents folded, or one Han character."""

    text: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in the unit as written; `unit` is a canonical name ("kg", "%", "eur") or None."""

    value: float
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date, as precise as written."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


Token = Word | Quantity | Date

_NUMBER = r"\d{1,3}(?:[,\u2009\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONTH = words.MONTH_PATTERN
_DAY = r"(?P<{0}>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_PATTERN = re.compile(
    r"(?P<iso>\b\d{4}-\d{2}(?:-\d{2})?\b|\b\d{4}/\d{1,2}/\d{1,2}\b)"
    r"|(?P<han>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号])?|\d{4}年)"
    rf"|(?P<mdy>\b(?P<month1>{_MONTH})\.?\s+{_DAY.format('day1')}\b(?!\s*{_MONTH}\b)"
    r"(?:,?\s+(?P<year1>\d{4}))?\b)"
    rf"|(?P<dmy>\b{_DAY.format('day2')}\s+(?:of\s+)?(?P<month2>{_MONTH})\b\.?"
    r"(?:,?\s+(?P<year2>\d{4})\b)?)"
    rf"|(?P<my>\b(?P<month3>{_MONTH})\.?,?\s+(?:of\s+)?(?P<year3>\d{{4}})\b)"
    r"|(?P<name>\b(?!(?:mid|early|late|pre|post)-)[a-z]+-?\d+[a-z0-9]*\b)"
    rf"|(?P<currency>(?:us|hk|a|c|nt)?\$|[€£¥₹])"
    rf"|(?P<number>(?<![\w.])[-−]?(?:{_NUMBER})(?![\d])|(?:{_NUMBER})(?![\d]))"
    rf"|(?P<character>[{HAN}])"
    r"|(?P<percent>[%％])"
    rf"|(?P<word>(?:(?![{HAN}])[^\W_])+)",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*\[\d+\]")
_NUMBERED = re.compile(r"(.*[^\W\d_])([- ]?)(\d+[a-z]*)", re.IGNORECASE)
_HALF = re.compile(rf"\b(\d+|{'|'.join(words.SMALL_NUMBERS)}) and a half\b")


def tokens(text: str) -> list[Token]:
    """The text's tokens in order; articles, hedges ("about", "some") and punctuation left out."""
    raw = [_token(match) for match in _PATTERN.finditer(_plain(text))]
    return [
        token
        for token in _quantities([token for token in raw if token is not None])
        if not (isinstance(token, Word) and token.text in words.DROPPED)
    ]


def without_markers(text: str) -> str:
    """The text with citation markers such as " [1]" taken out, white space folded."""
    return fold(_MARKER.sub("", text))


def contains(text: str, alias: str) -> bool:
    """Whether an accepted answer is in the text.

    "re:..." is a regular expression, case ignored. Otherwise the alias's tokens must be found in
    the text one after the other, compared by value; a unit may be left out on either side, but
    not differ; a percentage stays one; a date must be at least as precise as the alias; a name
    that ends in a number may be written with a hyphen, a space or nothing before it. What is
    said not to be so ("not 31", "rather than 31") is not found. An alias in small letters is a
    common word and found in singular and plural.
    """
    plain = without_markers(text)
    if alias.startswith("re:"):
        return re.search(alias[3:], plain, re.IGNORECASE) is not None
    found = tokens(plain)
    wanted = [tokens(spelling) for spelling in _spellings(alias)]
    if not wanted[0]:
        return fold(alias).casefold() in plain.casefold()
    return any(_said(one, found, alias == alias.lower()) for one in wanted)


def _spellings(alias: str) -> list[str]:
    """The alias; and Zhuyun-2 as Zhuyun 2, or the other way round."""
    named = _NUMBERED.fullmatch(alias)
    if named is None:
        return [alias]
    return [alias, f"{named[1]}{'' if named[2] == ' ' else ' '}{named[3]}"]


def _said(wanted: list[Token], found: list[Token], common: bool) -> bool:
    return any(
        all(same(one, found[start + place], common) for place, one in enumerate(wanted))
        and not _refuted(found[:start])
        for start in range(len(found) - len(wanted) + 1)
    )


def same(wanted: Token, found: Token, common: bool = False) -> bool:
    """Whether a token of the text says what the wanted one says (see `contains`).

    With `common`, a word is also found with a plural s, or without it.
    """
    if isinstance(wanted, Date) and isinstance(found, Date):
        pairs = zip(
            (wanted.year, wanted.month, wanted.day),
            (found.year, found.month, found.day),
            strict=True,
        )
        return all(want is None or want == got for want, got in pairs)
    if isinstance(wanted, Quantity) and isinstance(found, Date):
        return wanted.unit is None and wanted.value == found.year
    if isinstance(wanted, Quantity) and isinstance(found, Quantity):
        return _same_quantity(wanted, found)
    if isinstance(wanted, Word) and isinstance(found, Date):
        return wanted.text in words.MONTH_NAMES and words.MONTHS[wanted.text[:3]] == found.month
    if common and isinstance(wanted, Word) and isinstance(found, Word) and len(wanted.text) > 3:
        return wanted.text in (found.text, f"{found.text}s") or found.text == f"{wanted.text}s"
    return wanted == found


def _refuted(before: list[Token]) -> bool:
    said = tuple(token.text if isinstance(token, Word) else "" for token in before[-2:])
    return any(said[-len(phrase) :] == phrase for phrase in words.REFUTED_BY)


def _same_quantity(wanted: Quantity, found: Quantity) -> bool:
    if "%" in (wanted.unit, found.unit) and wanted.unit is not None and wanted.unit != found.unit:
        return False
    if wanted.unit is None or found.unit is None:
        return isclose(wanted.value, found.value, rel_tol=1e-13)
    base_wanted, factor_wanted = words.CONVERSIONS.get(wanted.unit, (wanted.unit, 1.0))
    base_found, factor_found = words.CONVERSIONS.get(found.unit, (found.unit, 1.0))
    return base_wanted == base_found and isclose(
        wanted.value * factor_wanted, found.value * factor_found, rel_tol=1e-13
    )


def _plain(text: str) -> str:
    # Before NFKD, which makes 21/2 of 2½.
    halves = re.sub(r"(?<!\d)\s?½", " 0.5", re.sub(r"(?<=\d)\s?½", ".5", fold(text)))
    decomposed = unicodedata.normalize("NFKD", halves)
    bare = "".join(one for one in decomposed if not unicodedata.combining(one))
    bare = with_digits(bare).replace("’", "'").lower()
    bare = re.sub(r"零下\s*(?=\d)", "minus ", bare)
    bare = re.sub(r"(\d[\d.]*(?: degrees?|\s?°c?)) below (?:zero|freezing)\b", r"minus \1", bare)
    bare = _HALF.sub(_and_a_half, re.sub(r"\bhalf an? ", "0.5 ", bare))
    bare = re.sub(r"\ban? (?=(?:dozen|hundred|thousand|million|billion)\b)", "one ", bare)
    bare = re.sub(r"\bcan(?:'t|not)\b", "can not", re.sub(r"\bwon't\b", "will not", bare))
    bare = re.sub(r"(?<=[a-z])n't\b", " not", bare)
    bare = re.sub(
        r"(?<!\d{4}-)(?<!\d{4}-\d)(\d)\s?(?:-|–|—)\s?(?=\d{1,3}(?!\d|-))", r"\1 to ", bare
    )
    bare = re.sub(r"[‐‑–—]", "-", bare)
    bare = re.sub(r"百分之\s*(\d+(?:\.\d+)?)", r"\1%", bare)
    bare = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", bare)
    return re.sub(r"(?<=[a-z])'s\b|(?<=s)'(?!\w)", "", bare)


def _and_a_half(match: re.Match[str]) -> str:
    whole = match[1]
    return f"{words.SMALL_NUMBERS.get(whole) or float(whole):g}.5"


def _token(match: re.Match[str]) -> Token | None:
    kind, text = match.lastgroup, match.group()
    groups = match.groupdict()
    if groups["iso"]:
        return Date(*(int(part) for part in re.split("[-/]", text)))
    if groups["han"]:
        parts = {mark: int(value) for value, mark in re.findall(r"(\d+)([年月日号])", text)}
        return Date(parts.get("年"), parts.get("月"), parts.get("日") or parts.get("号"))
    for form in ("1", "2", "3"):
        if groups[f"month{form}"]:
            year, day = groups[f"year{form}"], groups.get(f"day{form}")
            month = words.MONTHS[groups[f"month{form}"][:3]]
            return Date(int(year) if year else None, month, int(day) if day else None)
    if groups["name"]:
        return Word(text.replace("-", ""))
    if kind == "number":
        return Quantity(float(re.sub(r"[,\u2009\u202f]", "", text).replace("−", "-")))
    return Word(words.american(text))


def _quantities(raw: list[Token]) -> list[Token]:
    """Join currency signs, number words, scales and units to the figures they belong to."""
    joined: list[Token] = []
    place = 0
    while place < len(raw):
        first = _word(raw, place)
        currency = words.CURRENCY_SIGNS.get(first)
        value, after = _number(raw, place + 1 if currency or first == "minus" else place)
        if value is None:
            joined.append(raw[place])
            place += 1
            continue
        value, after = _scaled(value, raw, after, currency is not None)
        unit, after = (currency, after) if currency else _unit(raw, after)
        joined.append(Quantity(-value if first == "minus" else value, unit))
        place = after
    return joined


def _word(raw: list[Token], place: int, length: int = 1) -> str:
    part = raw[place : place + length]
    texts = [token.text for token in part if isinstance(token, Word)]
    return " ".join(texts) if len(texts) == length else ""


def _number(raw: list[Token], place: int) -> tuple[float | None, int]:
    if place < len(raw) and isinstance(figure := raw[place], Quantity):
        return figure.value, place + 1
    said = takewhile(bool, (_word(raw, later) for later in range(place, len(raw))))
    value, length = spelled(list(islice(said, LONGEST_NUMERAL)))
    return (value, place + length) if length else (None, place)


def _scaled(value: float, raw: list[Token], place: int, money: bool) -> tuple[float, int]:
    letter = words.LETTER_SCALES.get(_word(raw, place))
    if letter and (money or _before_unit(raw, place)):
        return value * letter, place + 1
    while (word := _word(raw, place)) in words.SCALES:
        value *= words.SCALES[word]
        place += 1
    return value, place


def _before_unit(raw: list[Token], place: int) -> bool:
    """Whether a unit follows the letter: the m of 96m euros is a scale, that of 5 m/s is not."""
    return _unit(raw, place)[1] <= place + 1 and _unit(raw, place + 1)[0] is not None


def _unit(raw: list[Token], place: int) -> tuple[str | None, int]:
    for length in (3, 2, 1):
        unit = words.UNITS.get(_word(raw, place, length))
        if unit:
            return unit, place + length
    return None, place
