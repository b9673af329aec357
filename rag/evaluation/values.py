"""Texts as tokens that compare by value: 2.4 bn is 2,400 million, 29 April is April 29.

Written apart from the checks that guard an answer, on purpose: a mistake shared by the answering
and its judge would not be seen.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import isclose

from rag.documents.fold import HAN, fold
from rag.evaluation import vocabulary as words
from rag.evaluation.numerals import with_digits


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
    r"(?P<iso>\b\d{4}-\d{2}(?:-\d{2})?\b)"
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
    r"|(?P<word>[^\W_]+)",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*\[\d+\]")
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
    not differ; a percentage stays one; a date must be at least as precise as the alias. What is
    said not to be so ("not 31", "rather than 31") is not found. An alias in small letters is a
    common word and found in the plural too.
    """
    plain = without_markers(text)
    if alias.startswith("re:"):
        return re.search(alias[3:], plain, re.IGNORECASE) is not None
    wanted, found = tokens(alias), tokens(plain)
    if not wanted:
        return fold(alias).casefold() in plain.casefold()
    common = alias == alias.lower()
    return any(
        all(same(one, found[start + place], common) for place, one in enumerate(wanted))
        and not _refuted(found[:start])
        for start in range(len(found) - len(wanted) + 1)
    )


def same(wanted: Token, found: Token, common: bool = False) -> bool:
    """Whether a token of the text says what the wanted one says (see `contains`).

    With `common`, a word is also found with a plural s.
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
        return found.text in (wanted.text, f"{wanted.text}s")
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
    bare = re.sub(r"\bminus (?=\d)|零下\s*(?=\d)", " -", bare)
    bare = _HALF.sub(_and_a_half, re.sub(r"\bhalf an? ", "0.5 ", bare))
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
        return Date(*(int(part) for part in text.split("-")))
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
    return Word(text)


def _quantities(raw: list[Token]) -> list[Token]:
    """Join currency signs, number words, scales and units to the figures they belong to."""
    joined: list[Token] = []
    place = 0
    while place < len(raw):
        currency = words.CURRENCY_SIGNS.get(_word(raw, place))
        start = place + 1 if currency else place
        value, after = _number(raw, start)
        if value is None:
            joined.append(raw[place])
            place += 1
            continue
        value, after = _scaled(value, raw, after, currency is not None)
        unit, after = (currency, after) if currency else _unit(raw, after)
        joined.append(Quantity(value, unit))
        place = after
    return joined


def _word(raw: list[Token], place: int, length: int = 1) -> str:
    part = raw[place : place + length]
    texts = [token.text for token in part if isinstance(token, Word)]
    return " ".join(texts) if len(texts) == length else ""


def _number(raw: list[Token], place: int) -> tuple[float | None, int]:
    if place < len(raw) and isinstance(figure := raw[place], Quantity):
        return figure.value, place + 1
    total, current, start = 0.0, 0.0, place
    while (word := _word(raw, place)) in words.SMALL_NUMBERS or (
        place > start and (word == "hundred" or (word == "and" and _joins(raw, place)))
    ):
        if word == "hundred":
            current *= 100
        elif word != "and":
            current += words.SMALL_NUMBERS[word]
        place += 1
    total += current
    return (total, place) if place > start else (None, place)


def _joins(raw: list[Token], place: int) -> bool:
    """Whether an "and" is inside a number: "one hundred and six", not "two and three"."""
    return _word(raw, place - 1) == "hundred" and _word(raw, place + 1) in words.SMALL_NUMBERS


def _scaled(value: float, raw: list[Token], place: int, money: bool) -> tuple[float, int]:
    while (word := _word(raw, place)) in words.SCALES or (money and word in words.MONEY_SCALES):
        value *= words.SCALES.get(word) or words.MONEY_SCALES[word]
        place += 1
    return value, place


def _unit(raw: list[Token], place: int) -> tuple[str | None, int]:
    for length in (3, 2, 1):
        unit = words.UNITS.get(_word(raw, place, length))
        if unit:
            return unit, place + length
    return None, place
