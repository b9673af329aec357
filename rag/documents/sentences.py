"""Where sentences end, in English, Chinese and mixed text.

Rules over candidates, not a model: one linear pass finds every mark that could end a sentence,
and a few local tests refuse those that do not. The unit is a paragraph: a block of text in which
line breaks and even blank lines are only white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.documents.abbreviations import BEFORE_NUMBER, MAY_END, NEVER_END, SAID, STARTERS
from rag.documents.attributions import source_bracket
from rag.documents.fold import HAN, fold

LONGEST = 800
"""No sentence is longer than this many folded characters; a longer one is cut at a clause."""

_CLOSERS = "\\)\"”’'»›\\]）」』】》〉*_"
_CANDIDATE = re.compile(
    # Begins with one class, which lets the engine look for nothing else.
    rf"(?P<mark>[.!?…。！？｡](?:(?<=[.!?…])[.!?…]*|[。！？｡]*))(?P<close>[{_CLOSERS}]*)(?P<note>(?:\[\d{{1,3}}\])+|(?<!\d\.)\d{{1,3}}(?![\w.%]))?"
)
_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(rf"[^\s(（\[“”\"‘—–/…{HAN}，。：；]+$")
_NEXT_WORD = re.compile(r"[“\"‘'(\[]*([A-Za-z]+)")
_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[ivxIVX]{1,5}|[A-Za-z])")
_INITIALS = re.compile(r"(?:[A-Z]\.)*[A-Z]|(?:[a-z]\.)+[a-z]")
_SPEAKER = re.compile(rf"(?:[A-Z][\w.’'-]*\s+){{1,5}}(?:{SAID})\b|(?:{SAID})\s+[A-Z]")
_HAN_SPEAKER = re.compile(rf"[{HAN}]{{1,10}}(?:说|表示|指出|问道|问|称|强调|认为|写道)[，。：]")
_HAN_GOES_ON = frozenset("，、；：的等,;:)）")
_QUOTED_GOES_ON = frozenset("是这和与及")
"""Behind a quoted sentence these go on with the one around it; elsewhere sentences begin so."""
_UNITS = frozenset(("ms", "ft", "mt"))
"""Units behind a figure, titles and names of mountains elsewhere."""
_CUT = re.compile(r"[;；]\s*|[。！？]|,\s+|，|\s[—–-]\s|\s+")


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentence spans of the paragraph text[start:end], in order, without outer white space.

    Together they hold every character of the paragraph that is not white space.
    """
    spans: list[tuple[int, int]] = []
    begin = _skip(text, start, end)
    for stop in _ends(text, begin, end):
        if stop > begin:
            _add(text, begin, stop, spans)
            begin = _skip(text, stop, end)
    if begin < end:
        _add(text, begin, end, spans)
    return spans


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    begin = start
    for found in _CANDIDATE.finditer(text, start, end):
        if found.start() < begin:
            continue
        stop = _sentence_end(text, found, begin, end)
        if stop is not None:
            yield stop
            begin = _skip(text, stop, end)


def _sentence_end(text: str, found: re.Match[str], begin: int, end: int) -> int | None:
    stop = found.end()
    after = _skip(text, stop, end)
    if after >= end:
        return end
    if found["mark"][0] in "。！？｡":
        return _han_end(text, found, begin, after, end)
    if text[after] in "(（[【":
        bracket = source_bracket(text, after, end)
        if bracket is not None:
            return bracket
    if after == stop and not _joined_end(text, found, text[after], after):
        return None
    if not _can_begin(text, after):
        return None
    if found["mark"] == "." and not _full_stop(text, found, begin, after):
        return None
    if found["close"] and found["mark"][-1] in "!?" and _SPEAKER.match(text, after, end):
        return None
    return None if _inside_bracket(text, found, begin, end) else stop


def _can_begin(text: str, at: int) -> bool:
    """Whether a sentence can begin at text[at]; "iPhone" can, "of" cannot."""
    first, second = text[at], text[at + 1 : at + 2]
    if first.islower():
        return second.isupper()
    if first in "(（[":
        return not second.islower()
    return first not in ",;:)%.!?-–—，。；：）、/"


def _joined_end(text: str, found: re.Match[str], following: str, after: int) -> bool:
    """Whether a sentence ends although no space follows, as in "(Daily, May 4).This"."""
    before = text[found.start() - 1 : found.start()]
    if not following.isupper():
        return is_han(following) and before != "" and is_han(before)
    if found["close"].strip("*_") or found["note"] or before in ")）]”":
        return text[after + 1 : after + 2].islower()
    word = _NEXT_WORD.match(text, after)
    letters = text[max(0, found.start() - 2) : found.start()]
    return word is not None and word[1] in STARTERS and letters.isalpha() and letters.islower()


def _full_stop(text: str, found: re.Match[str], begin: int, after: int) -> bool:
    """Whether a single "." before text[after] ends a sentence, and not an abbreviation."""
    at = found.start()
    if found["close"].strip("*_"):
        return True
    token = _last_token(text, max(begin, at - 24), at)
    if token is None:
        return True
    token = token.lstrip("'’*_")
    lowered = token.lower()
    number_next = text[after].isdigit() or (found["note"] or "[")[0] != "["
    if lowered in _UNITS and text[max(begin, at - 24) : at - len(token)].rstrip()[-1:].isdigit():
        return True
    never = lowered in NEVER_END and token != "V"  # a king's number is no "versus"
    if never or (lowered in BEFORE_NUMBER and number_next):
        return False
    if _ENUMERATOR.fullmatch(text, begin, at):
        return False
    if lowered in MAY_END or _INITIALS.fullmatch(token):
        word = _NEXT_WORD.match(text, after)
        figure = text[after : after + 2].lstrip("(")[:1].isdigit()  # "U.S. 7th Fleet"
        return word[1] in STARTERS if word is not None else not figure
    return True


def _last_token(text: str, start: int, end: int) -> str | None:
    """The letters and points right before text[end], from `start` on; None when there are none."""
    near = text[start:end]
    if near[-1:].isspace():
        return None
    words = near.split()
    if words and words[-1].isascii() and words[-1].isalnum():
        return words[-1]  # most of them: no mark inside that parts words
    found = _TOKEN.search(words[-1]) if words else None
    return found[0] if found else None


def _han_end(text: str, found: re.Match[str], begin: int, after: int, end: int) -> int | None:
    quoted = found["close"] and text[after] in _QUOTED_GOES_ON
    if text[after] in _HAN_GOES_ON or quoted:
        return None
    if text[after] in "(（【":
        bracket = source_bracket(text, after, end)
        if bracket is not None:
            return bracket
    if found["close"] and _HAN_SPEAKER.match(text, after, end):
        return None
    return None if _inside_bracket(text, found, begin, end) else found.end()


def _inside_bracket(text: str, found: re.Match[str], begin: int, end: int) -> bool:
    """Whether a mark stands in a short bracket of the sentence that closes later.

    One that holds the whole sentence may close right behind the mark.
    """
    at = found.start()
    for opening, closing in (("(", ")"), ("（", "）"), ("《", "》")):
        low = max(begin, at - 300)
        opened = text.rfind(opening, low, at)
        if opened >= 0 and text.find(closing, opened, at) < 0:
            closed = text.find(closing, at, min(end, opened + 300))
            whole = opened == begin and closed < found.end()
            if closed >= 0 and not whole and text.find(opening, at, closed) < 0:
                return True
    return False


def _add(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while end > start and text[end - 1].isspace():
        end -= 1
    most = 4 * LONGEST  # of what is mostly white space
    while end - start > LONGEST and (end - start > most or len(fold(text[start:end])) > LONGEST):
        cut = _clause(text, start, min(end, start + LONGEST))
        spans.append((start, len(text[start:cut].rstrip()) + start))
        start = _skip(text, cut, end)
    if start < end:
        spans.append((start, end))


def _clause(text: str, start: int, limit: int) -> int:
    """The best place to cut an endless sentence: after a semicolon, else a comma, else a space."""
    ranks = {";": 4, "；": 4, "。": 4, "！": 4, "？": 4, ",": 2, "，": 2}
    best, best_rank = limit, 0
    for found in _CUT.finditer(text, start + (limit - start) // 2, limit):
        rank = ranks.get(found[0][0], 3 if found[0].strip() else 1)
        if rank >= best_rank:
            best, best_rank = found.end(), rank
    return best


def _skip(text: str, at: int, end: int) -> int:
    if at < end and not text[at].isspace():
        return at
    found = _SPACE.match(text, at, end)
    return found.end() if found else at


def is_han(character: str) -> bool:
    """Whether a character is a Han ideograph."""
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003134f"
