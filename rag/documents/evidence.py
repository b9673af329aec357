"""The evidence that a headline is an article's title: what stands above, in and below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.documents.bylines import (
    bracketed_byline,
    byline,
    dateline,
    header_line,
    is_date_line,
    is_post,
    provenance,
)
from rag.documents.extracted import Metadata
from rag.documents.lines import Layout
from rag.documents.paragraphs import Block
from rag.documents.shapes import (
    is_counter,
    is_headline,
    is_numbered,
    is_section_name,
    is_source_line,
)
from rag.documents.wording import is_title_case, plain, words

ENOUGH = 3.0
"""Evidence that makes a headline a title; a byline or a counter below it is enough alone."""
_HEADER_BLOCKS = 5
_PUBLISHER_WORDS = 8
_FLAGS = frozenset("■□▪◆◇▶►▌★●")
_STANDFIRST = 250
"""The most characters of a summary between headline and byline."""
_APART = frozenset({"contents", "masthead", "menu", "links", "running head", "mail header"})


@dataclass(slots=True)
class Part:
    """An article in the making: block numbers [first, ...) of a file and what its header says.

    `header` are the numbers of the blocks that are its title lines, byline, date and counter.
    `evidence` names what made it an article.
    """

    first: int
    title: str
    header: list[int]
    author: str | None = None
    date_text: str | None = None
    date_found: str = ""
    score: float = 0.0
    evidence: set[str] = field(default_factory=set)
    metadata: Metadata | None = None


def titled_part(blocks: Sequence[Block], number: int, layout: Layout) -> Part | None:
    """The article that block `number` would be the title of, with its evidence weighed.

    None when the block is no headline, or no running text follows it.
    """
    block = blocks[number]
    part = Part(number, plain(block.text), [number])
    if _is_flagged(blocks, number):
        part.title, part.evidence = block.text[1:].strip(), {"flag"}
    elif block.role not in ("headline", "heading") or block.kind == "author":
        return None
    if not _read_header(blocks, part):
        return None
    _weigh_below(blocks, part)
    _weigh_above(blocks, part, layout)
    _weigh_itself(blocks, part)
    return part


def marked_part(blocks: Sequence[Block], first: int, stop: int, metadata: Metadata) -> Part:
    """The article that the format marks as blocks [first, stop), with its header lines.

    A byline may stand above the title or below it, and a line that is the author's name alone is
    one when the metadata knows the author.
    """
    part = Part(first, metadata.title or "", [], evidence={"marked"}, metadata=metadata)
    more_titles: list[int] = []
    for number in range(first, min(stop, first + _HEADER_BLOCKS)):
        block = blocks[number]
        if block.role == "chrome" or _read_line(block, number, part, more_titles):
            continue
        if _is_author(block, metadata.author):
            part.header.append(number)
        elif block.role == "prose" or len(more_titles) == 2:
            break
        else:
            more_titles.append(number)
    if more_titles:
        part.header.insert(0, more_titles[0])
        part.title = part.title or plain(blocks[more_titles[0]].text)
    return part


def _is_flagged(blocks: Sequence[Block], number: int) -> bool:
    """Whether a block is a headline behind a mark such as a black square, signed right below."""
    text = blocks[number].text
    if text[0] not in _FLAGS or number + 1 == len(blocks) or not is_headline(text[1:].strip()):
        return False
    return byline(blocks[number + 1].text) is not None


def read_item_header(blocks: Sequence[Block], part: Part) -> None:
    """Take the byline or date right below a newsletter item's headline, in brackets or not."""
    for number in range(part.first + 1, min(len(blocks), part.first + 3)):
        block = blocks[number]
        if block.kind == "separator" or _read_line(block, number, part, []):
            continue
        signed = bracketed_byline(block.text)
        if signed is None:
            return
        part.author = part.author or signed[0]
        part.header.append(number)
        part.evidence.add("byline")


def take_author_line(blocks: Sequence[Block], part: Part, author: str | None) -> None:
    """Add the line to an article's header that is nothing but the name its metadata gives."""
    below = max(part.header, default=part.first)
    for number in range(below + 1, min(len(blocks), below + 3)):
        if _is_author(blocks[number], author):
            part.header.append(number)
            return


def _is_author(block: Block, author: str | None) -> bool:
    return author is not None and plain(block.text).casefold() == author.casefold()


def _read_header(blocks: Sequence[Block], part: Part) -> bool:
    """Read subtitle, byline, date and counter under a title; False when no running text follows."""
    more_titles: list[int] = []
    for number in range(part.first + 1, min(len(blocks), part.first + 1 + _HEADER_BLOCKS)):
        block = blocks[number]
        if block.role == "chrome":
            apart = block.kind in _APART and not _signed_below(blocks, number)
            if apart or (more_titles and block.kind != "separator"):
                break
        elif (
            _read_line(block, number, part, more_titles)
            or _dated_below(blocks, number)
            or _is_standfirst(blocks, number, part)
        ):
            continue
        elif part.author is not None and is_post(block.text):
            part.header.append(number)
        elif block.role in ("headline", "heading") and part.author is None:
            more_titles.append(number)
            above = 0 < block.level and not 0 < blocks[part.first].level <= block.level
            if above or len(more_titles) > 2:
                return False
        else:
            if block.role == "prose" and len(more_titles) < 2 and dateline(block.text):
                part.evidence.add("dateline")
                part.header += more_titles
                return True
            return part.author is not None or (block.role == "prose" and not more_titles)
    return part.author is not None


def _is_standfirst(blocks: Sequence[Block], number: int, part: Part) -> bool:
    """Whether a block is the summary right below the title, above a byline that has the date."""
    if number != part.first + 1 or len(blocks[number].text) > _STANDFIRST:
        return False
    said = header_line(blocks[number + 1].text) if number + 1 < len(blocks) else None
    return blocks[number].role == "prose" and said is not None and said[0] is not None


def _signed_below(blocks: Sequence[Block], number: int) -> bool:
    """Whether a byline follows: the issue's line then stands inside an article's header."""
    return number + 1 < len(blocks) and byline(blocks[number + 1].text) is not None


def _dated_below(blocks: Sequence[Block], number: int) -> bool:
    """Whether a block is the short line that names the publisher, above a line with the date."""
    short = blocks[number].role == "prose" and words(blocks[number].text) <= _PUBLISHER_WORDS
    return short and number + 1 < len(blocks) and is_date_line(blocks[number + 1].text)


def _read_line(block: Block, number: int, part: Part, more_titles: list[int]) -> bool:
    """Take a byline, date line or counter into the header; False when the block is none."""
    if block.kind == "author":
        part.author = part.author or plain(block.text)
        part.header += [*more_titles, number]
        part.evidence.add("byline")
        more_titles.clear()
        return True
    provided = provenance(block.text)
    if provided is not None and not more_titles:
        part.author = part.author or provided or None
        part.header.append(number)
        part.evidence |= {"byline", "provenance"}
        return True
    found = byline(block.text)
    said = None if found else header_line(block.text)
    if found or (said and said[0]):
        if part.author is None:
            part.author, date_text = found or said or ("", "")
            part.header += [*more_titles, number]
            _take_date(part, date_text, "byline")
            part.evidence.add("byline")
    elif (said and not more_titles) or is_date_line(block.text):
        part.header.append(number)
        _take_date(part, block.text, "date line")
        part.evidence.add("date line")
    elif is_counter(block.text):
        part.header.append(number)
        part.evidence.add("counter")
    else:
        return False
    return True


def _take_date(part: Part, text: str, found: str) -> None:
    if part.date_text is None and re.search(r"\d", text):
        part.date_text, part.date_found = text, found


def _weigh_below(blocks: Sequence[Block], part: Part) -> None:
    for mark in ("byline", "counter", "date line"):
        part.score += 3.0 if mark in part.evidence else 0.0
    part.score += 2.0 if "dateline" in part.evidence else 0.0
    if "byline" in part.evidence and "flag" not in part.evidence:
        titles = [
            number
            for number in part.header
            if blocks[number].role in ("headline", "heading") and blocks[number].kind != "author"
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
        _take_date(part, before.text, "date line")


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
