"""Titles known by others of their file: one file marks its articles in one way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.documents.evidence import ENOUGH
from rag.documents.lines import Layout
from rag.documents.paragraphs import Block
from rag.documents.part import Part
from rag.documents.wording import is_title_case, words

_COUNTED = re.compile(r"[一二三四五六七八九十]{1,3}、")
_LONELY = 800
_OPENING = 8
MARKS = frozenset({"byline", "counter", "date line", "dateline", "closing line", "heading", "top"})
"""What marks a title by itself."""


def _others(candidates: Sequence[Part], accepted: Sequence[Part]) -> list[Part]:
    known = {part.first for part in accepted}
    return [part for part in candidates if part.first not in known]


def alike(
    candidates: Sequence[Part], accepted: Sequence[Part], blocks: Sequence[Block], layout: Layout
) -> list[Part]:
    """Titles without marks of their own, in a file that is clearly a collection.

    Three or more marked titles, none by byline, show the style. A few long headlines in that
    style, set apart from the text on both sides and far from each other, are titles as well; many
    would be sub-headings.
    """
    marks = {"counter", "closing line", "date line"}
    marked = [part for part in accepted if part.evidence & marks]
    if len(marked) < 3 or any("byline" in part.evidence for part in accepted):
        return []
    shortest = min(words(part.title) for part in marked)
    same = [
        part
        for part in candidates
        if part.score < ENOUGH
        and words(part.title) >= max(6, shortest)
        and is_title_case(part.title)
        and not part.title.endswith(("?", "？", ":", "："))
        and blocks[part.first].gap >= layout.usual_gap > 0
        and part.first + 1 < len(blocks)
        and blocks[part.first + 1].gap >= layout.usual_gap
        and all(
            abs(blocks[part.first].start - blocks[other.first].start) >= _LONELY
            for other in accepted
        )
    ]
    for part in same:
        part.evidence.add("style")
    return same if 2 * len(same) <= len(marked) else []


def counted(candidates: Sequence[Part], accepted: Sequence[Part]) -> list[Part]:
    """Unsigned titles that go on the Chinese count (一、 二、 三、) of two or more signed ones."""
    known_by = [
        part for part in accepted if _COUNTED.match(part.title) and "byline" in part.evidence
    ]
    if len(known_by) < 2:
        return []
    return [part for part in _others(candidates, accepted) if _COUNTED.match(part.title)]


def signed(
    candidates: Sequence[Part], accepted: Sequence[Part], blocks: Sequence[Block]
) -> list[Part]:
    """Titles with a name and a date below them, headings of the level of one that is an article."""
    levels = {blocks[part.first].level for part in accepted if "byline" in part.evidence} - {0}
    return [
        part
        for part in _others(candidates, accepted)
        if "byline" in part.evidence and part.date_text and blocks[part.first].level in levels
    ]


def dated(
    candidates: Sequence[Part], accepted: Sequence[Part], blocks: Sequence[Block]
) -> list[Part]:
    """Two or more headings of one level that each have a date line of their own: a blog's posts."""
    levels: dict[int, list[Part]] = {}
    for part in candidates:
        level = blocks[part.first].level
        if level and "date line" in part.evidence and part.score >= ENOUGH - 0.5:
            levels.setdefault(level, []).append(part)
    return [
        part for parts in levels.values() if len(parts) > 1 for part in _others(parts, accepted)
    ]


def of_issue(
    candidates: Sequence[Part], accepted: Sequence[Part], blocks: Sequence[Block]
) -> list[Part]:
    """The unsigned articles of an issue: headings of the level of two or more that are signed."""
    if not any(block.kind == "masthead" for block in blocks[:_OPENING]):
        return []
    signed_at = Counter(blocks[part.first].level for part in accepted if "byline" in part.evidence)
    return [
        part
        for part in _others(candidates, accepted)
        if blocks[part.first].level and signed_at[blocks[part.first].level] > 1
    ]


def ruled_off(candidates: Sequence[Part], accepted: Sequence[Part]) -> list[Part]:
    """Titles marked by a ruled line alone: all of them or none, for one file has one style."""
    ruled = [
        part for part in candidates if "separator" in part.evidence and not part.evidence & MARKS
    ]
    if len(ruled) >= 2 and all(part.score >= ENOUGH - 0.5 for part in ruled):
        return [*accepted, *_others(ruled, accepted)]
    if len(ruled) <= 1:
        return list(accepted)
    dropped = {part.first for part in ruled}
    return [part for part in accepted if part.first not in dropped]
