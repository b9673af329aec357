"""Who wrote an article where no "by" says so: names alone below a title, a note on the author."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.documents.bylines import is_date_line
from rag.documents.paragraphs import Block
from rag.documents.people import PEOPLE, are_people, names_of
from rag.documents.wording import plain

_PARTED = re.compile(r",\s(?:and\s)?|\sand\s|\s&\s")
_IS = (
    "is|was|are|has been|leads|heads|runs|directs|edits|covers|writes|reports|works|teaches|holds"
    "|joined|studies"
)
_NOTES = 12
_WRITTEN_BY = re.compile(
    r"(?:^(?:The )?(?:[A-Z]\S*\s(?:(?:of|the|and|on|for|from) )*){1,6}(?:is|are)"
    r"|\b[Tt]his\s(?:\w+\s){1,3}?(?:is|was)) "
    rf"(?:(?:\w+,? (?:and )?)?written|written and \w+) by (?P<names>{PEOPLE})"
)
"""A publication named by its name or as "this issue"; a book that is written of is neither."""
_LONGEST_NOTE = 240
_LONGEST_NAMES = 140
_EDITORS = frozenset(("The editors", "The editor", "The Editors", "The Editor"))
_SMALL_WORDS = 6


def mark_authors(blocks: Sequence[Block]) -> None:
    """Set `kind` to "author" on names alone below a headline where something bears them out.

    That is a date on the next line, the mark of a footnote, or a sentence elsewhere that says who
    one of them is; right below, such a sentence would make the names the heading of a portrait.
    Names under another heading of that level are authors too.
    """
    found = [
        number
        for number, block in enumerate(blocks[1:], 1)
        if block.role != "chrome"
        and not block.level
        and _may_be_names(block)
        and blocks[number - 1].role in ("headline", "heading")
        and are_people(names_of(block.text))
    ]
    names = {name for number in found for name in _PARTED.split(names_of(blocks[number].text))}
    described = _described(blocks, names)
    borne_out = [number for number in found if _is_borne_out(blocks, number, described)]
    levels = {blocks[number - 1].level for number in borne_out} - {0}
    for number in found:
        if number in borne_out or blocks[number - 1].level in levels:
            blocks[number].kind = "author"


def mark_signatures(blocks: Sequence[Block]) -> None:
    """Make names alone below a text a "byline", where every article of a file is signed so.

    One ends the file, and below each other one stands a headline: in a list of people none does.
    """
    body = [block for block in blocks if block.role != "chrome"]
    found = [
        place
        for place, block in enumerate(body)
        if place and body[place - 1].role == "prose" and body[place - 1].closed
        if not block.level and not block.closed and is_signature(block.text)
    ]
    if len(found) < 2 or found[-1] + 1 < len(body):
        return
    if all(body[place + 1].role in ("headline", "heading") for place in found[:-1]):
        for place in found:
            body[place].role, body[place].kind = "chrome", "byline"


def is_signature(text: str) -> bool:
    """Whether a line is the names of those who wrote what stands above it, and nothing else."""
    return text in _EDITORS or are_people(signature(text))


def signature(text: str) -> str:
    """The names of a line without the dash or brackets around them."""
    return text if text in _EDITORS else names_of(text.strip(" -–—()"))


def _may_be_names(block: Block) -> bool:
    """What costs little to ask before names are looked for."""
    if block.closed or len(block.text) > _LONGEST_NAMES:
        return False
    return sum(word[0].islower() for word in block.text.split()) <= _SMALL_WORDS


def _is_borne_out(blocks: Sequence[Block], number: int, described: frozenset[str]) -> bool:
    text, below = blocks[number].text, blocks[number + 1].text if number + 1 < len(blocks) else ""
    names = _PARTED.split(names_of(text))
    if below.startswith(tuple(names)):
        return False
    marked = names_of(text) != plain(text)
    return marked or is_date_line(below) or not described.isdisjoint(names)


def _described(blocks: Sequence[Block], names: Collection[str]) -> frozenset[str]:
    """Those that a sentence says something of, as a note on the authors does."""
    if not names:
        return frozenset()
    said = re.compile(rf"\b({'|'.join(map(re.escape, names))}),?\s(?:\([^()]*\)\s)?(?:{_IS})\b")
    texts = (block.text for block in blocks if block.role == "prose")
    return frozenset(name for text in texts for name in said.findall(text))


def stated_author(blocks: Sequence[Block]) -> str | None:
    """Who has written the whole, by a note above or below it: "Tidings is written by Ann Lee"."""
    for block in (*blocks[-_NOTES:], *blocks[:_NOTES]):
        found = _WRITTEN_BY.search(block.text) if len(block.text) <= _LONGEST_NOTE else None
        if found is not None and are_people(found["names"]):
            return found["names"]
    return None
