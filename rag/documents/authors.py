"""Who wrote an article where no "by" says so: names alone below a title, a note on the author."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents.bylines import is_date_line
from rag.documents.paragraphs import Block
from rag.documents.people import PEOPLE, PERSON, are_people, names_of
from rag.documents.wording import plain

_PARTED = re.compile(r",\s(?:and\s)?|\sand\s|\s&\s")
_DESCRIBED = re.compile(
    rf"(?P<name>{PERSON}),?\s(?:\([^()]*\)\s)?(?:is|was|are|has been|leads|heads|runs|directs"
    r"|edits|covers|writes|reports|works|teaches|holds|joined|studies)\b"
)
_NOTES = 12
_WRITTEN_BY = re.compile(
    rf"(?:is|was|are) (?:(?:\w+,? (?:and )?)?written|written and \w+) by (?P<names>{PEOPLE})"
)
_LONGEST_NOTE = 240


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
        and blocks[number - 1].role in ("headline", "heading")
        and are_people(names_of(block.text))
    ]
    described = _described(blocks) if found else frozenset()
    borne_out = [number for number in found if _is_borne_out(blocks, number, described)]
    levels = {blocks[number - 1].level for number in borne_out} - {0}
    for number in found:
        if number in borne_out or blocks[number - 1].level in levels:
            blocks[number].kind = "author"


def _is_borne_out(blocks: Sequence[Block], number: int, described: frozenset[str]) -> bool:
    text, below = blocks[number].text, blocks[number + 1].text if number + 1 < len(blocks) else ""
    names = _PARTED.split(names_of(text))
    if below.startswith(tuple(names)):
        return False
    marked = names_of(text) != plain(text)
    return marked or is_date_line(below) or not described.isdisjoint(names)


def _described(blocks: Sequence[Block]) -> frozenset[str]:
    """The people that a sentence says something of, as a note on the authors does."""
    return frozenset(
        found["name"]
        for block in blocks
        if block.role == "prose"
        for found in _DESCRIBED.finditer(block.text)
    )


def stated_author(blocks: Sequence[Block]) -> str | None:
    """Who has written the whole, by a note above or below it: "Tidings is written by Ann Lee"."""
    for block in (*blocks[-_NOTES:], *blocks[:_NOTES]):
        found = _WRITTEN_BY.search(block.text) if len(block.text) <= _LONGEST_NOTE else None
        if found is not None and are_people(found["names"]):
            return found["names"]
    return None
