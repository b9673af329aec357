"""Lines to blocks: paragraphs, headings, list items, captions, and the furniture between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.documents.bylines import is_stamp
from rag.documents.extracted import Heading
from rag.documents.lines import Layout, Line, starts_item
from rag.documents.shapes import is_caption, is_headline, is_source_line
from rag.documents.wording import is_title_case, words

TABLE_ROW = "table row"
"""The kind of a line that is a row of a table: no furniture, but a paragraph by itself."""
_LONGEST_HEADING = 14


@dataclass(slots=True)
class Block:
    """Consecutive lines read as one. `role` is one of

    "prose"     running text, list items, captions: has sentences
    "headline"  could be a title or a heading; becomes "heading" or "prose" when its place is known
    "heading"   has no sentence
    "chrome"    furniture, `kind` says which

    `gap` is the number of blank lines before it, `level` that of a heading the format marks,
    `text` its first lines on one line, `closed` whether it ends with a mark as sentences do.
    """

    start: int
    end: int
    gap: int
    role: str
    text: str
    kind: str = ""
    level: int = 0
    closed: bool = False


def find_blocks(
    lines: Sequence[Line],
    kinds: Sequence[str | None],
    layout: Layout,
    headings: Sequence[Heading] = (),
) -> list[Block]:
    """All blocks in order; together they hold every line."""
    marked = _heading_levels(lines, headings)
    blocks: list[Block] = []
    first = 0
    for number in range(1, len(lines) + 1):
        if number < len(lines) and _same_block(lines, kinds, layout, marked, number):
            continue
        blocks.append(_block(lines[first:number], kinds[first], marked[first]))
        first = number
    return blocks if lines else []


def settle_headings(blocks: Sequence[Block], layout: Layout) -> None:
    """Decide which headlines are headings: those with running text below them."""
    for number, block in enumerate(blocks):
        if block.role != "headline":
            continue
        below = number + 2 if _is_underlined(blocks, number) else number + 1
        after = blocks[below] if below < len(blocks) else None
        under = after is not None and (after.role in ("prose", "heading", "headline"))
        limit = _longest(block, layout)
        tabular = starts_item(block.text) and not is_headline(block.text)
        if under and words(block.text) <= limit and not tabular and _leads(blocks, below):
            block.role = "heading"
        else:
            block.role = "prose"


def _longest(block: Block, layout: Layout) -> int:
    """The most words a heading has: fewer where nothing else sets headings apart from text."""
    if layout.usual_gap == 0 and not layout.joins:
        return 8
    return 2 * _LONGEST_HEADING if is_title_case(block.text) else _LONGEST_HEADING


def _is_underlined(blocks: Sequence[Block], number: int) -> bool:
    rule = blocks[number + 1] if number + 1 < len(blocks) else None
    return rule is not None and rule.kind == "separator" and not rule.gap


def _leads(blocks: Sequence[Block], first: int) -> bool:
    """Whether running text follows from block `first` on, at most two other headlines between."""
    for after in blocks[first : first + 3]:
        if after.role == "prose":
            return len(after.text) >= 60 or after.closed
        if after.role == "chrome":
            return False
    return False


def _same_block(
    lines: Sequence[Line],
    kinds: Sequence[str | None],
    layout: Layout,
    marked: Sequence[int],
    number: int,
) -> bool:
    before, line = lines[number - 1], lines[number]
    plainly = kinds[number] is None is kinds[number - 1] and not marked[number]
    if plainly and not marked[number - 1] and layout.runs_on(before, line):
        return True
    if kinds[number] == TABLE_ROW:
        return False
    if kinds[number] or kinds[number - 1]:
        return kinds[number] is not None and kinds[number] == kinds[number - 1]
    if marked[number] or marked[number - 1]:
        broken = layout.width > 0 and not line.gap  # a heading over two lines of a page
        return broken and marked[number] == marked[number - 1]
    if not layout.continues(before, line) or is_stamp(line.text) or is_stamp(before.text):
        return False
    if is_source_line(line.text) or (before.closed and is_caption(line.text)):
        return False
    return not _stands_alone(lines, layout, number)


def _stands_alone(lines: Sequence[Line], layout: Layout, number: int) -> bool:
    """Whether a line after a finished paragraph is a heading, although the gap does not show it."""
    line = lines[number]
    if not lines[number - 1].closed or len(line.text) > layout.width:
        return False
    if number + 1 < len(lines) and layout.continues(line, lines[number + 1]):
        return False
    return is_headline(line.text)


def _block(lines: Sequence[Line], kind: str | None, level: int) -> Block:
    start, end = lines[0].start, lines[-1].end
    body = lines[0].text if len(lines) == 1 else " ".join(line.text for line in lines[:12])
    if kind == TABLE_ROW:
        return Block(start, end, lines[0].gap, "prose", body, closed=True)
    if kind:
        role = "chrome"
    elif level:
        role = "heading"
    elif len(lines) <= 3 and is_headline(body):
        role = "headline"
    else:
        role = "prose"
    return Block(start, end, lines[0].gap, role, body, kind or "", level, lines[-1].closed)


def _heading_levels(lines: Sequence[Line], headings: Sequence[Heading]) -> list[int]:
    levels = [0] * len(lines)
    spans = sorted((heading.start, heading.end, heading.level) for heading in headings)
    at = 0
    for number, line in enumerate(lines):
        while at < len(spans) and spans[at][1] <= line.start:
            at += 1
        if at < len(spans) and spans[at][0] < line.end and line.start < spans[at][1]:
            levels[number] = spans[at][2]
    return levels
