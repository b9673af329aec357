"""The items of newsletters and digests: numbered or underlined headlines between ruled lines.

In a mail numbered headlines are items without ruled lines too, where each has text of its own and
none is the name of a section. Reports number and underline their sections as well, so a file must
first look like an issue of something, by its masthead, its list of contents or its own words.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rag.documents.evidence import ENOUGH
from rag.documents.headers import read_item_header
from rag.documents.lines import written_width
from rag.documents.paragraphs import Block
from rag.documents.part import Part
from rag.documents.shapes import is_headline, is_section_name
from rag.documents.wording import plain, words

_NUMBERED = re.compile(r"(?:\(?(?P<a>\d{1,2})[.)]|\[(?P<b>\d{1,2})\])\s+(?P<title>\S.{2,})")
_COUNTED = re.compile(
    r"[【（(]?(?P<count>[一二三四五六七八九十]{1,3})[、】）)]\s*(?P<title>\S.{2,})"
)
_ISSUE = re.compile(
    r"\b(?:newsletter|digest|bulletin|weekly|fortnightly|round-?up"
    r"|(?:in this|(?:this (?:week|month)|today)[’']s) (?:issue|edition))\b|本期|周报|快讯",
    re.IGNORECASE,
)
_FLAG = re.compile(
    r"[\u2580-\u25ff\u2600-\u27bf\U0001f300-\U0001faff]|(?:>{2,}|\*{2,3}|#{2,}|={2,}|\+{2,})(?=\s)"
)
"""Blocks, squares, stars, pictures, doubled signs: what newsletters set before a headline."""
_HAN_COUNT = "一二三四五六七八九"
_OPENING = 8
_LONGEST = 120
_CITED = re.compile(r"[\[(][A-Z][^\[\]()]{2,60},? [^\[\]()]{0,20}\d[^\[\]()]{0,12}[\])]")
"""A bracket that names a source and its day or number, as digests have behind each item."""
_TITLE = 3
"""Words that a numbered headline has at least; shorter ones are names of sections."""
_BODY = 60
"""Columns of running text that an item has at least."""


def find_items(blocks: Sequence[Block], mail: bool = False) -> list[Part]:
    """The items as articles, in order; empty unless there are two or more in a file of its kind.

    `mail` when the file is a mail.
    """
    if not _is_issue(blocks[:_OPENING]):
        return []
    ruled = [number for number in range(len(blocks)) if _is_ruled(blocks, number)]
    numbered = _series(blocks, ruled)
    firsts = (
        numbered
        if len(numbered) > 1
        else _counted(blocks)
        or _flagged(blocks)
        or _underlined(blocks, ruled)
        or (_numbered(blocks) if mail else [])
        or _in_capitals(blocks)
    )
    stops = [*firsts, len(blocks)][1:]
    firsts = [
        first for first, stop in zip(firsts, stops, strict=True) if _has_body(blocks[first:stop])
    ]
    return [_part(blocks, first) for first in firsts] if len(firsts) > 1 else []


def _is_issue(opening: Sequence[Block]) -> bool:
    return any(block.kind == "masthead" or _ISSUE.search(block.text) for block in opening)


def _is_ruled(blocks: Sequence[Block], number: int) -> bool:
    """Whether a short line stands right above a ruled line, or right below one."""
    block = blocks[number]
    if block.role == "chrome" or len(block.text) > _LONGEST or block.level:
        return False
    below = number + 1 < len(blocks) and _is_rule(blocks[number + 1]) and not blocks[number + 1].gap
    return below or (number > 0 and _is_rule(blocks[number - 1]) and not block.gap)


def _is_rule(block: Block) -> bool:
    return block.role == "chrome" and block.kind == "separator"


def _series(blocks: Sequence[Block], ruled: Sequence[int]) -> list[int]:
    """The lines that are numbered 1, 2, 3 and so on."""
    found: list[int] = []
    for number in ruled:
        match = _NUMBERED.fullmatch(blocks[number].text)
        if match and int(match["a"] or match["b"]) == len(found) + 1:
            found.append(number)
    return found


def _numbered(blocks: Sequence[Block]) -> list[int]:
    """The headlines of a mail that are numbered 1, 2, 3 and so on, each with text of its own.

    Those of its list of contents have none. Below a headline with text of its own they are its
    sections, and where a count begins again in between it is not told what is inside of what.
    """
    found = [
        (number, int(match["a"] or match["b"]), match["title"])
        for number, block in enumerate(blocks)
        if block.role != "chrome"
        and len(block.text) <= _LONGEST
        and (match := _NUMBERED.fullmatch(block.text))
        and is_headline(match["title"])
    ]
    begun = [at for at, (_, count, _) in enumerate(found) if count == 1]
    for first, stop in zip(begun, [*begun, len(found)][1:], strict=True):
        level = blocks[found[first][0]].level
        series: list[int] = []
        for number, count, title in found[first:stop]:
            named = words(title) >= _TITLE and not is_section_name(title)
            if count == len(series) + 1 and named and blocks[number].level == level:
                series.append(number)
        ends = zip(series, [*series[1:], len(blocks)], strict=True)
        if len(series) > 1 and all(_has_body(blocks[one + 1 : end]) for one, end in ends):
            alone = stop == len(found) and not _is_headed(blocks[1 : series[0]])
            return series if alone else []
    return []


def _in_capitals(blocks: Sequence[Block]) -> list[int]:
    """The headlines in capitals below a masthead, each with text of its own, if most cite sources.

    Shorter lines in capitals between them ("ENERGY") name departments.
    """
    heads = [number for number, block in enumerate(blocks[:_OPENING]) if block.kind == "masthead"]
    firsts = [
        number
        for number, block in enumerate(blocks)
        if heads
        and number > heads[0]
        and block.role == "headline"
        and block.text.isupper()
        and words(block.text) >= _TITLE
    ]
    ends = list(zip(firsts, [*firsts, len(blocks)][1:], strict=True))
    bodies = all(_has_body(blocks[one + 1 : end]) for one, end in ends)
    cited = sum(any(map(_cites, blocks[one + 1 : end])) for one, end in ends)
    return firsts if len(firsts) > 1 and bodies and 2 * cited > len(firsts) else []


def _cites(block: Block) -> bool:
    return block.role == "prose" and _CITED.search(block.text) is not None


def _is_headed(above: Sequence[Block]) -> bool:
    """Whether a headline stands right above text that is more than a greeting."""
    return any(
        title.role in ("headline", "heading")
        and below.role == "prose"
        and len(below.text) > _LONGEST
        for title, below in itertools.pairwise(above)
    )


def _counted(blocks: Sequence[Block]) -> list[int]:
    """The headlines that are counted 一、 二、 三、, each set apart; empty unless there are two."""
    found: list[int] = []
    for number, block in enumerate(blocks):
        match = _COUNTED.fullmatch(block.text) if block.role == "headline" else None
        if match and block.gap and _HAN_COUNT.startswith(match["count"], len(found)):
            found.append(number)
    return found if len(found) > 1 else []


def _flagged(blocks: Sequence[Block]) -> list[int]:
    """The headlines behind the one mark that two or more have, each with text of its own.

    The points of a list have such marks too, but nothing between them.
    """
    marked: dict[str, list[int]] = {}
    for number, block in enumerate(blocks[:-1]):
        mark = _FLAG.match(block.text)
        if mark and block.role != "chrome" and is_headline(block.text[mark.end() :].strip()):
            marked.setdefault(mark[0], []).append(number)
    for firsts in marked.values():
        ends = zip(firsts, [*firsts[1:], len(blocks)], strict=True)
        if len(firsts) > 1 and all(_has_body(blocks[one + 1 : end]) for one, end in ends):
            return firsts
    return []


def _underlined(blocks: Sequence[Block], ruled: Sequence[int]) -> list[int]:
    return [
        number
        for number in ruled
        if is_headline(blocks[number].text)
        and number + 1 < len(blocks)
        and _is_rule(blocks[number + 1])
    ]


def _has_body(blocks: Sequence[Block]) -> bool:
    prose = (block for block in blocks if block.role == "prose")
    return sum(written_width(block.text) for block in prose) >= _BODY


def _part(blocks: Sequence[Block], first: int) -> Part:
    match = _NUMBERED.fullmatch(blocks[first].text)
    text = blocks[first].text
    title = match["title"] if match else plain(_FLAG.sub("", text, count=1).strip())
    part = Part(first, title, [first])
    part.score, part.evidence = 2 * ENOUGH, {"item"}
    read_item_header(blocks, part)
    return part
