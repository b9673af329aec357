"""Clauses of a sentence and their pieces, by punctuation and conjunctions: where a value stands.

No parse: enough to see which words stand nearer to one figure than to another.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.answering.figures import Figure, figures
from rag.answering.stems import stems
from rag.answering.verbs import is_past

Span = tuple[int, int]
_CLAUSE = re.compile(
    r"[;；。]\s*|,?\s(?=(?:while|whereas|whilst|but|although|though)\s)|(?<=[a-z”\")])[.]\s"
    r"|，(?=而|但|相比之下|同期)"
)
_OPENING = re.compile(r"(?:While|Whereas|Although|Though)\s")
_PIECE = re.compile(r",\s|，|：|\s[—–-]\s|\s?[()（）]\s?|,?\sof which\s")
_AND = re.compile(r"\s(?:and|or)\s")
_INSERTED = re.compile(
    r",\s(?:among (?:them|others)|including|such as)\s[^,;]*,\s"
    r"|\s?[(（][^()（）]{0,20}\d[^()（）]{0,16}[)）]"
)
"""What sets nothing apart: "five, among them Italy, voted against", "loans (8%)"."""
_LITTLE_WORDS = (
    "and the for from with that this was were has had have been will would not its their his her "
    "which who said say into over under than more less about some nearly almost up down by in of "
    "on at to a an as is are it or be but also per year years after before a now new last first "
    "total amount come came stood stand reach account two three make made"
)
_LITTLE = frozenset(_LITTLE_WORDS.split())
"""Stems that stand with any figure."""


@lru_cache(maxsize=512)
def clauses(text: str) -> tuple[Span, ...]:
    """What "while", "but", semicolons and the comma after an opening "While ..." set apart."""
    cuts = [match.span() for match in _CLAUSE.finditer(text) if match.start() > 0]
    if _OPENING.match(text) and (comma := _end_of_opening(text)):
        cuts.append((comma, comma + 1))
    return _between(cuts, 0, len(text))


def _end_of_opening(text: str) -> int | None:
    """The comma that ends "While A called it wrong, B ...": the first behind a verb."""
    seen = False
    for match in re.finditer(r"[a-z]{2,}|,", text):
        seen = seen or match[0] in ("is", "was", "has", "are", "were") or is_past(match[0])
        if match[0] == "," and seen:
            return match.start()
    return None


@lru_cache(maxsize=512)
def pieces(text: str) -> tuple[Span, ...]:
    """Clauses cut at commas, brackets and dashes too, and at an "and" between two figures."""
    kept = [match.span() for match in _INSERTED.finditer(text)]
    found: list[Span] = []
    for start, end in clauses(text):
        cuts = [
            match.span()
            for match in _PIECE.finditer(text, start, end)
            if not any(a <= match.start() < b for a, b in kept)
        ]
        for piece in _between(cuts, start, end):
            found += _cut_between_figures(text, piece)
    return tuple(found)


def _cut_between_figures(text: str, piece: Span) -> tuple[Span, ...]:
    placed = [figure for figure in figures(text) if piece[0] <= figure.start < piece[1]]
    cuts = [
        match.span()
        for match in _AND.finditer(text, *piece)
        if any(f.end <= match.start() for f in placed)
        and any(f.start >= match.end() for f in placed)
        and not any(f.start < match.start() < f.end for f in placed)
        and not _joins(match.span(), placed)
        and not re.search(r"\bbetween\s[^,]*$", text[piece[0] : match.start()])
    ]
    return _between(cuts, *piece)


def _joins(conjunction: Span, placed: list[Figure]) -> bool:
    """Whether it stands straight between two numbers: "nine or ten weeks"."""
    ends, starts = {f.end for f in placed}, {f.start for f in placed}
    return conjunction[0] in ends and conjunction[1] in starts


def _between(cuts: list[Span], start: int, end: int) -> tuple[Span, ...]:
    found = []
    for left, right in sorted(cuts):
        found.append((start, left))
        start = right
    found.append((start, end))
    return tuple((a, b) for a, b in found if b > a)


def at(spans: tuple[Span, ...], place: int) -> Span:
    """The span that holds a place; the nearest before it where a cut lies there."""
    held = [span for span in spans if span[0] <= place]
    return held[-1] if held else spans[0]


@lru_cache(maxsize=2048)
def words(text: str) -> frozenset[str]:
    """Stems of what a text is about, Han in pairs, figures and little words left out."""
    return frozenset(
        stem for stem in stems(text) if stem not in _LITTLE and (len(stem) > 2 or stem > "\u2e7f")
    )


def same(one: Figure, other: Figure) -> bool:
    """Whether two figures give one value; a unit may be left out of either."""
    if one.dimension and other.dimension:
        return (one.value, one.dimension) == (other.value, other.dimension)
    return one.value == other.value or one.written == other.written
