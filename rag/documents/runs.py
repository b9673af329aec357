"""Furniture that shows only in runs: link lists, menus above the first title, header lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents.bylines import is_date_line
from rag.documents.lines import Layout
from rag.documents.paragraphs import Block
from rag.documents.part import Part
from rag.documents.wording import words

_LIST_LABEL = re.compile(
    r"(?:related|see also|see more|read next|read also|also read|more (?:from|on|in"
    r"|stories|news)|further reading"
    r"|recommended|you (?:may|might) also (?:like|enjoy)|also on|popular|recent"
    r"|latest|trending|most (?:read|popular|viewed)"
    r"|top stories|what to read next|editors?[’'] picks?|don[’']t miss"
    r"|in case you missed|blogroll|links"
    r"|in this issue|contents|table of contents|also on this page|inside|目录|本期"
    r"|相关(?:阅读|新闻|链接|文章)|延伸阅读|推荐阅读|热门|更多)\b.{0,40}",
    re.IGNORECASE,
)
_HEAD_SHORT = 60
_FOOT = 4
"""The most lines a file has below its last furniture that belong to it too."""
_CLOSING = frozenset({"menu", "legal", "footer", "share"})


def mark_runs(blocks: Sequence[Block], parts: Sequence[Part], layout: Layout) -> None:
    """Turn title lines to headings, header lines and link runs to chrome, in place."""
    starts = {part.first for part in parts}
    for part in parts:
        _settle_header(blocks, part)
    if parts:
        _mark_above(blocks, parts[0].first)
    _mark_below(blocks, starts)
    _mark_labelled(blocks, starts)
    number = 0
    while number < len(blocks):
        last = number
        while last < len(blocks) and blocks[last].role == "headline" and last not in starts:
            last += 1
        if last > number and _is_link_run(blocks, number, last, starts, layout):
            _to_chrome(blocks[number:last], "links")
        number = max(last, number + 1)


def _settle_header(blocks: Sequence[Block], part: Part) -> None:
    for number in part.header:
        block = blocks[number]
        if number in part.frame:
            _to_chrome([block], "byline")
        elif block.role in ("headline", "heading") or (
            number == part.first and part.evidence & {"item", "flag"}
        ):
            block.role = "heading"
        elif block.role == "prose":
            found = "date line" if is_date_line(block.text) else "byline"
            _to_chrome([block], "counter" if block.text.strip("()").isdigit() else found)


def _mark_above(blocks: Sequence[Block], first: int) -> None:
    """What stands above the first article belongs to none, so it is shown as left out."""
    for block in blocks[:first]:
        if is_date_line(block.text):
            _to_chrome([block], "date line")
        else:
            _to_chrome([block], "opening" if block.closed else "menu")


def _mark_below(blocks: Sequence[Block], starts: set[int]) -> None:
    """The short lines after the last furniture of a file, such as a publisher's address."""
    last = len(blocks)
    while last > 0 and len(blocks) - last <= _FOOT:
        block = blocks[last - 1]
        if block.role == "chrome":
            if block.kind in _CLOSING:
                _to_chrome(blocks[last:], "footer")
            return
        if block.closed or len(block.text) > 2 * _HEAD_SHORT or last - 1 in starts:
            return
        last -= 1


def _mark_labelled(blocks: Sequence[Block], starts: set[int]) -> None:
    """A label such as "Related links:" and the titles under it, up to running text."""
    for number, block in enumerate(blocks):
        if block.role == "chrome" or len(block.text) > _HEAD_SHORT or number in starts:
            continue
        if not _LIST_LABEL.fullmatch(block.text.strip("*_# ")):
            continue
        last = number + 1
        while last < len(blocks) and last not in starts and _link_like(blocks[last]):
            last += 1
        while last > number + 1 and blocks[last - 1].role == "heading":
            if last == len(blocks) or blocks[last].role != "prose":
                break
            last -= 1  # the heading of what follows
        if last > number + 1:
            _to_chrome(blocks[number:last], "links")


def _link_like(block: Block) -> bool:
    if block.role in ("chrome", "headline") or block.level:
        return True
    return block.role == "prose" and len(block.text) <= 160 and not block.closed


def _is_link_run(
    blocks: Sequence[Block], first: int, last: int, starts: set[int], layout: Layout
) -> bool:
    """Whether the headlines blocks[first:last] stand alone, with nothing under them."""
    run = blocks[first:last]
    before = blocks[first - 1] if first else None
    if before is None or before.text.endswith((":", "：")):
        return False
    ends_file = last == len(blocks)
    after = None if ends_file else blocks[last]
    if not (ends_file or last in starts or (after is not None and after.role == "chrome")):
        return False
    long = sum(words(block.text) >= 3 for block in run) >= 0.7 * len(run)
    if len(run) >= 3 and long:
        return True
    apart = run[0].gap > layout.usual_gap
    below = ends_file or (after is not None and after.gap > layout.usual_gap)
    return apart and below and long


def _to_chrome(blocks: Sequence[Block], kind: str) -> None:
    for block in blocks:
        if block.role != "chrome":
            block.role, block.kind = "chrome", kind
