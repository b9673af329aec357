"""Whether the text of an answer is right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents.fold import fold
from rag.evaluation.values import Date, Quantity, contains, same, tokens, without_markers

_SEPARATORS = re.compile(r"[,;、，；\n•]|\s(?:and|or|as well as)\s|[和及与]", re.IGNORECASE)
_VERDICTS = {"yes": True, "no": False, "是": True, "否": False, "不是": False}
_YES_OR_NO = re.compile(
    r"(?:^|[.!?:;。！？：；]\s*)[^\w.!?]*(?:(yes\b|no\b(?=\s*(?:[^\w\s]|$|(?:all|both|he|it|she|that|"
    r"the|there|these|they|this|those)\b)))|(?=(不是|是|否)))",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\W*(?:no\b(?!\s+(?:doubt|fewer|later|less|longer|more|other|\d))|nobody\b|none\b|nothing\b)",
    re.IGNORECASE,
)


def found_groups(text: str, groups: Sequence[Sequence[str]], yes_or_no: bool = False) -> int:
    """How many groups have an alias in the text (`values.contains`).

    With `yes_or_no`, the aliases "yes" and "no" stand for the first yes or no that begins a
    sentence and is a word for itself: the "no" of "No licence is needed" is none. Other aliases of
    theirs count only where neither is said; where these are not found either, an answer that begins
    with "No one", "Nobody" or "No ship" is a no.
    """
    return sum(_found(text, group, yes_or_no) for group in groups)


def is_right(
    text: str,
    groups: Sequence[Sequence[str]],
    forbidden: Sequence[str] = (),
    yes_or_no: bool = False,
    rejected: Sequence[str] = (),
) -> bool:
    """Every group found, nothing forbidden or rejected. Without groups nothing is right.

    `rejected` are written as aliases are: what only a wrong answer says ("A is heavier than B").
    """
    if not groups or is_spoilt(text, forbidden, rejected):
        return False
    return found_groups(text, groups, yes_or_no) == len(groups)


def is_spoilt(text: str, forbidden: Sequence[str], rejected: Sequence[str]) -> bool:
    """Whether the text has in it what no right answer has."""
    return has_forbidden(text, forbidden) or bool(found_groups(text, [rejected]))


def has_forbidden(text: str, forbidden: Sequence[str]) -> bool:
    """Whether a forbidden string is in the text, white space and case folded."""
    plain = without_markers(text).casefold()
    return any(fold(one).casefold() in plain for one in forbidden)


def list_f1(text: str, groups: Sequence[Sequence[str]]) -> float:
    """F1 of the items listed in the text against the accepted ones (van Rijsbergen 1979).

    The text is cut at commas, semicolons, line ends, "and" and "or"; a piece is a true positive
    when it holds an alias. So a clause set off by commas costs precision: it is a strict measure.
    """
    pieces = [piece for piece in _SEPARATORS.split(without_markers(text)) if tokens(piece)]
    good = sum(any(contains(piece, a) for group in groups for a in group) for piece in pieces)
    found = sum(any(contains(text, alias) for alias in group) for group in groups)
    if not pieces or not groups or not found:
        return 0.0
    precision, recall = good / len(pieces), found / len(groups)
    return 2 * precision * recall / (precision + recall) if precision else 0.0


def supported(statement: str, quotes: Sequence[str]) -> bool:
    """Whether every figure and date of a statement is in its quotes, compared by value.

    A statement without quotes is not supported. (Attributable to identified sources, Rashkin et
    al. 2023, Computational Linguistics 49(4), held to what code can decide.)
    """
    said = [token for token in tokens(without_markers(statement)) if _is_value(token)]
    there = [token for quote in quotes for token in tokens(quote)]
    return bool(quotes) and all(any(same(one, token) for token in there) for one in said)


def _is_value(token: object) -> bool:
    return isinstance(token, Quantity | Date)


def _found(text: str, group: Sequence[str], yes_or_no: bool) -> bool:
    verdicts = {_VERDICTS[one] for one in group if one in _VERDICTS} if yes_or_no else set()
    said = _verdict(text) if verdicts else None
    if said is not None:
        return said in verdicts
    others = [one for one in group if one not in _VERDICTS] if verdicts else group
    if any(contains(text, alias) for alias in others):
        return True
    return False in verdicts and _DENIAL.match(text) is not None


def _verdict(text: str) -> bool | None:
    """The first yes (True) or no (False) that begins a sentence."""
    found = _YES_OR_NO.search(without_markers(text))
    return None if found is None else _VERDICTS[(found[1] or found[2]).casefold()]
