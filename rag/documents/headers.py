"""The lines below a title that are not yet the text: subtitle, byline, date, counter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents.bylines import (
    bracketed_byline,
    byline,
    dateline,
    header_line,
    is_date_line,
    is_post,
    provenance,
)
from rag.documents.dates import DATE, SHORT
from rag.documents.extracted import Metadata
from rag.documents.paragraphs import Block
from rag.documents.part import Part
from rag.documents.people import names_of
from rag.documents.shapes import is_counter
from rag.documents.wording import plain, words

_HEADER_BLOCKS = 8
_LABEL = re.compile(
    r"(?P<by>from|by|authors?)|(?P<later>last updated|updated|modified)"
    r"|(?:first )?published|posted|date",
    re.IGNORECASE,
)
"""What stands on a line of its own above an author or a date."""
_PUBLISHER_WORDS = 8
_FRAME_WORDS = 4
_STANDFIRST = 250
"""The most characters of a summary between headline and byline."""
_APART = frozenset(
    {"contents", "masthead", "series", "menu", "links", "running head", "mail header"}
)


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
            after = blocks[number + 1 : number + 2]
            if after and (DATE.fullmatch(after[0].text) or SHORT.fullmatch(after[0].text)):
                part.header.append(number + 1)
                part.frame.add(number + 1)
            return


def _is_author(block: Block, author: str | None) -> bool:
    return author is not None and plain(block.text).casefold() == author.casefold()


def read_header(blocks: Sequence[Block], part: Part) -> bool:
    """Read subtitle, byline, date and counter under a title; False when no running text follows."""
    more_titles: list[int] = []
    for number in range(part.first + 1, min(len(blocks), part.first + 1 + _HEADER_BLOCKS)):
        block = blocks[number]
        if block.role == "chrome":
            apart = block.kind in _APART and not _signed_below(blocks, number)
            if apart or (more_titles and block.kind != "separator"):
                break
        elif (
            _read_labelled(blocks, number, part)
            or _read_line(block, number, part, more_titles)
            or _dated_below(blocks, number)
            or _is_standfirst(blocks, number, part)
        ):
            continue
        elif part.author is not None and (is_post(block.text) or _frames_date(blocks, number)):
            part.header.append(number)
            part.frame.add(number)
        elif block.role in ("headline", "heading") and part.author is None:
            more_titles.append(number)
            own = blocks[part.first].level
            above = block.level > 0 and (own == 0 or own > block.level)
            if above or len(more_titles) > 2:
                return False
        else:
            if block.role == "prose" and len(more_titles) < 2 and dateline(block.text):
                part.evidence.add("dateline")
                part.header += more_titles
                return True
            return part.author is not None or (block.role == "prose" and not more_titles)
    first = blocks[part.first].level == 1 and "date line" in part.evidence
    return part.author is not None or first


def _is_standfirst(blocks: Sequence[Block], number: int, part: Part) -> bool:
    """Whether a block is the summary right below the title, above a byline that has the date."""
    if number != part.first + 1 or len(blocks[number].text) > _STANDFIRST:
        return False
    below = blocks[number + 1].text if number + 1 < len(blocks) else ""
    if _LABEL.fullmatch(below.rstrip(":：")):
        return blocks[number].role == "prose"
    said = header_line(below)
    return blocks[number].role == "prose" and said is not None and said[0] is not None


def _read_labelled(blocks: Sequence[Block], number: int, part: Part) -> bool:
    """Take a label such as "Published" on a line of its own, and what it stands above."""
    text = plain(blocks[number].text).rstrip(":：")
    above = _LABEL.fullmatch(plain(blocks[number - 1].text).rstrip(":："))
    if above is None or number - 1 not in part.header:
        below = blocks[number + 1].text if number + 1 < len(blocks) else ""
        label = _LABEL.fullmatch(text)
        if label is None or not (label["by"] or header_line(below)):
            return False
    elif above["by"]:
        part.author = part.author or text
        part.evidence.add("byline")
    elif not above["later"]:
        take_date(part, text, "date line")
        part.evidence.add("date line")
    part.header.append(number)
    part.frame.add(number)
    return True


def _frames_date(blocks: Sequence[Block], number: int) -> bool:
    """Whether a few words stand between the author and the date ("Published in", a journal)."""
    short = blocks[number].role == "headline" and words(blocks[number].text) <= _FRAME_WORDS
    below = blocks[number + 1 : number + 3]
    return short and any(header_line(block.text) for block in below if block.role == "prose")


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
        part.author = part.author or names_of(block.text)
        part.header += [*more_titles, number]
        part.frame.add(number)
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
            take_date(part, date_text, "byline")
            part.evidence.add("byline")
    elif (said and not more_titles) or is_date_line(block.text):
        part.header.append(number)
        take_date(part, block.text, "date line")
        part.evidence.add("date line")
    elif is_counter(block.text):
        part.header.append(number)
        part.evidence.add("counter")
    else:
        return False
    return True


def take_date(part: Part, text: str, found: str) -> None:
    if part.date_text is None and re.search(r"\d", text):
        part.date_text, part.date_found = text, found
