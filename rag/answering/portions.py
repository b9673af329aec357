"""A part told as the whole: "all three" of "two of the three", or the two numbers exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rag.answering.figures import Figure, figures
from rag.answering.segments import at, pieces, words

_OF = re.compile(r"\s?(?:[a-z]+\s)?of\s(?:the|its|their|his|our|these|those)\s", re.IGNORECASE)
_OF_WHICH = re.compile(r"(?:\s[^,.;]*)?,\s$")
_OF_THEM = re.compile(r"\s(?:of them|of whom|of which|in|from)\b", re.IGNORECASE)
_HAN_OF = re.compile(r"[^，。]{0,8}中“?仅?有?")
_ALL = re.compile(r"\b(?:all|every one)(?:\sof)?(?:\sthe)?\s$", re.IGNORECASE)
_HAN_ALL = re.compile(r"[^，。]*?(?:都|均|全部)")
_ALL_BEFORE = 14


def exchanged_portions(statement: str, quote: str) -> list[str]:
    """Numbers of `statement`, as written, that it tells of all where `quote` tells them of a part,
    or that are the part there and the whole here.
    """
    theirs = list(_portions(quote))
    pairs = {(whole.value, part.value) for whole, part in theirs}
    found = [
        statement[min(whole.start, part.start) : max(whole.end, part.end)]
        for whole, part in _portions(statement)
        if (part.value, whole.value) in pairs and (whole.value, part.value) not in pairs
    ]
    own = figures(statement)
    return found + [
        statement[figure.start : figure.end].strip()
        for figure in own
        for whole, part in theirs
        if figure.value == whole.value
        and not any(each.value == part.value for each in own)
        and (_of_all(figure, statement) or _does_the_same(part, whole, statement, quote))
        and not _of_all(whole, quote)
    ]


def _of_all(figure: Figure, text: str) -> bool:
    ahead = text[max(0, figure.start - _ALL_BEFORE) : figure.start]
    return bool(_ALL.search(ahead) or _HAN_ALL.match(text, figure.end))


def _does_the_same(part: Figure, whole: Figure, statement: str, quote: str) -> bool:
    """Whether the words before "12 of the 75" are said of the 75: "delivered 75 aircraft"."""
    if whole.start < part.start:
        return False
    start, _ = at(pieces(quote), part.start)
    ahead = quote[start : part.start].split()[-2:]
    return bool(words(" ".join(ahead)) & words(statement))


def _portions(text: str) -> Iterator[tuple[Figure, Figure]]:
    """ "Two of the three", "32 entities, 23 of them" and "18家实体中仅有两家" as whole and part."""
    for left, right in pairwise(figures(text)):
        between = text[left.end : right.start]
        if left.dimension != right.dimension:
            continue
        if _OF.fullmatch(between):
            yield right, left
        elif _HAN_OF.fullmatch(between) or (
            _OF_WHICH.fullmatch(between) and _OF_THEM.match(text, right.end)
        ):
            yield left, right
