"""Han numerals as digits, so that a Chinese figure compares with any other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evaluation.vocabulary import SMALL_NUMBERS

_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "兩": 2,
}  # fmt: skip
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_FIRST = "".join(_DIGITS) + "十"
_ANY = _FIRST + "".join(_PLACES) + "".join(_MYRIADS)
_COUNTED = (
    r"(?:[个個名人位家艘架座台块面次天日月年岁米吨条倍节种项]|分钟|秒|小时|公里|公斤|海里|周)"
)
_NUMERAL = re.compile(
    rf"(?<![.\d{_ANY}])(?:[{_FIRST}][{_ANY}]+|(?<!第)[二两兩三四五六七八九十](?={_COUNTED}))"
)
_HALVES = re.compile(r"(\d)个半(?=小时|月|星期)")


LONGEST_NUMERAL = 9
"""Words of the longest number that `spelled` reads: "nineteen thousand nine hundred and ..."."""


def spelled(said: Sequence[str]) -> tuple[float, int]:
    """The number that English words begin with, and how many of them it takes; (0, 0) for none.

    "one hundred and six" is 106 and "twelve thousand three hundred" is 12,300. Numbers that merely
    stand side by side are not added: "nine" is all of "nine eleven", and scales at the end are left
    to the caller.
    """
    total, current, place = 0.0, 0.0, 0
    while place < len(said):
        word, rest = said[place], said[place + 1 :]
        if word in SMALL_NUMBERS and (not place or _joins(current, SMALL_NUMBERS[word])):
            current += SMALL_NUMBERS[word]
        elif word == "hundred" and 0 < current < 100:
            current *= 100
        elif word == "thousand" and current and _goes_on(rest):
            total, current = total + current * 1000, 0.0
        elif not (word == "and" and said[place - 1] in ("hundred", "thousand") and _small(rest)):
            break
        place += 1
    return total + current, place


def _joins(current: float, small: float) -> bool:
    """Whether a small number is the rest of what was said: twenty two, one hundred six."""
    if current % 100 == 0:
        return True
    return current % 100 >= 20 and current % 10 == 0 and small < 10


def _goes_on(rest: Sequence[str]) -> bool:
    """Whether "thousand" is inside a number: "and six", "six hundred"."""
    return (rest[:1] == ["and"] and _small(rest[1:])) or (_small(rest) and "hundred" in rest[1:3])


def _small(said: Sequence[str]) -> bool:
    return bool(said) and said[0] in SMALL_NUMBERS


def with_digits(text: str) -> str:
    """The text with its Han numerals as digits: 一百零四 is 104, 二〇二五年 is 2025年.

    A single numeral is only changed before what it counts (三人, not 三号 or 张三), and a single 一
    never: it is an article as often as a figure. 两个半小时 is 2.5小时.
    """
    return _HALVES.sub(r"\1.5", _NUMERAL.sub(lambda match: str(_value(match.group())), text))


def _value(numeral: str) -> int:
    if all(one in _DIGITS for one in numeral):
        return int("".join(str(_DIGITS[one]) for one in numeral))
    total = part = digit = 0
    for one in numeral:
        if one in _DIGITS:
            digit = _DIGITS[one]
            continue
        if one in _PLACES:
            part += (digit or 1) * _PLACES[one]
        elif _MYRIADS[one] == 10**4:
            total += (part + digit) * 10**4
        else:
            total = (total + part + digit) * 10**8
        digit = 0
        part = part if one in _PLACES else 0
    return total + part + digit
