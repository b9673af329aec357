"""The evidence that a headline is an article's title: what stands above, in and below it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.documents.bylines import byline, header_line
from rag.documents.headers import read_header, take_date
from rag.documents.lines import Layout
from rag.documents.paragraphs import Block
from rag.documents.part import Part
from rag.documents.shapes import is_headline, is_numbered, is_section_name, is_source_line
from rag.documents.wording import is_title_case, plain, words

ENOUGH = 3.0
"""Evidence that makes a headline a title; a byline or a counter below it is enough alone."""
_FLAGS = frozenset("■□▪◆◇▶►▌★●")


def titled_part(blocks: Sequence[Block], number: int, layout: Layout) -> Part | None:
    """The article that block `number` would be the title of, with its evidence weighed.

    None when the block is no headline, or no running text follows it.
    """
    block = blocks[number]
    flagged = block.text[0] in _FLAGS and _is_flagged(blocks, number)
    if not flagged and (block.role not in ("headline", "heading") or block.kind == "author"):
        return None
    part = Part(number, plain(block.text), [number])
    if flagged:
        part.title, part.evidence = block.text[1:].strip(), {"flag"}
    if not read_header(blocks, part):
        return None
    _weigh_below(blocks, part)
    _weigh_above(blocks, part, layout)
    _weigh_itself(blocks, part)
    return part


def _is_flagged(blocks: Sequence[Block], number: int) -> bool:
    """Whether a block is a headline behind a mark such as a black square, signed right below."""
    text = blocks[number].text
    if number + 1 == len(blocks) or not is_headline(text[1:].strip()):
        return False
    return byline(blocks[number + 1].text) is not None


def _weigh_below(blocks: Sequence[Block], part: Part) -> None:
    for mark in ("byline", "counter", "date line"):
        part.score += 3.0 if mark in part.evidence else 0.0
    part.score += 2.0 if "dateline" in part.evidence else 0.0
    if "byline" in part.evidence and "flag" not in part.evidence:
        titles = [
            number
            for number in part.header
            if blocks[number].role in ("headline", "heading") and number not in part.frame
        ]
        part.title = " ".join(plain(blocks[number].text) for number in titles)


def _weigh_above(blocks: Sequence[Block], part: Part, layout: Layout) -> None:
    if part.first == 0:
        part.evidence.add("top")
        part.score += ENOUGH
        return
    before, title = blocks[part.first - 1], blocks[part.first]
    wider = title.gap - layout.usual_gap
    if wider > 0:
        part.evidence.add("gap")
        part.score += 2.0 if wider > 1 else 1.0
    if is_source_line(before.text) or before.kind in ("tags", "share", "comments", "menu", "legal"):
        part.evidence.add("closing line")
        part.score += 2.0
    elif before.kind == "byline":
        part.evidence.add("closing line")
        part.score += ENOUGH + 1.0  # also as a heading of a lower level
    elif before.kind == "separator" and not _is_underline(blocks, part.first - 1):
        part.evidence.add("separator")
        part.score += 2.0
    elif before.role == "headline" and title.gap > layout.usual_gap:
        part.evidence.add("links above")
        part.score += 1.5
    elif before.role != "chrome" and header_line(before.text) and title.gap <= layout.usual_gap:
        part.evidence.add("date line")
        part.score += 3.0
        part.header.insert(0, part.first - 1)
        take_date(part, before.text, "date line")


def _is_underline(blocks: Sequence[Block], number: int) -> bool:
    """Whether a ruled line belongs to the heading above it."""
    return number > 0 and not blocks[number].gap and blocks[number - 1].role != "chrome"


def _weigh_itself(blocks: Sequence[Block], part: Part) -> None:
    count = words(part.title)
    part.score += 1.0 if count >= 6 else 0.5 if count >= 4 else 0.0
    part.score += 0.5 if is_title_case(part.title) else 0.0
    if blocks[part.first].level == 1:
        part.evidence.add("heading")
        part.score += 2.0
    if blocks[part.first].level > 1:
        part.score -= 1.0
    if count < 4 and part.evidence <= {"gap", "links above"}:
        part.score -= 1.0
    if "byline" not in part.evidence and (is_numbered(part.title) or is_section_name(part.title)):
        part.score -= 3.0
    if part.title.endswith((":", "：")) and "byline" not in part.evidence:
        part.score -= 1.0
