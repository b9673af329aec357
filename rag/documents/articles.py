"""Splitting a file into articles, by how they are set out and never by what they are about.

Each headline with running text under it collects evidence: a byline, a lone counter or a date
below it, a wider gap, a closing source line, a separator or a list of links above it. Enough
evidence makes it a title. Sub-headings have none, so a document without such marks stays one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.documents.acts import act_title
from rag.documents.bylines import header_line
from rag.documents.dates import DATE
from rag.documents.evidence import ENOUGH, titled_part
from rag.documents.extracted import ArticleMark
from rag.documents.headers import marked_part
from rag.documents.items import find_items
from rag.documents.lines import Layout
from rag.documents.mail import header_fields
from rag.documents.paragraphs import Block
from rag.documents.part import Part
from rag.documents.shapes import is_numbered
from rag.documents.styles import MARKS, alike, counted, dated, of_issue, ruled_off, signed
from rag.documents.wording import is_title_case, plain, words

_COMMENTS = re.compile(
    r"(?:\d{1,4}\s+)?(?:(?:reader |user )?comments?|responses?|replies|discussion"
    r"|\d+ thoughts? on .{1,120}"
    r"|网友评论|评论|留言)(?:\s*\(\d{1,4}\))?:?",
    re.IGNORECASE,
)
_LONGEST_COMMENTS = 150
_OPENING = 100
"""Characters that an opening above the first title has at least, to be read and not left out."""

_DATED = frozenset({"byline", "date line", "dateline"})


def find_parts(blocks: Sequence[Block], layout: Layout, mail: bool = False) -> list[Part]:
    """The articles in order of their first blocks. Empty when there is no title at all.

    The first part need not begin at block 0: what stands above it is page furniture. `mail` when
    the file is a mail, whose numbered headlines may be articles.
    """
    candidates = [
        part for number in range(len(blocks)) if (part := _candidate(blocks, number, layout))
    ]
    accepted = [part for part in candidates if part.score >= ENOUGH]
    accepted = ruled_off(candidates, accepted)
    accepted += alike(candidates, accepted, blocks, layout)
    accepted += counted(candidates, accepted)
    for more in (signed, dated, of_issue):
        accepted += more(candidates, accepted, blocks)
    accepted = _with_items(accepted, find_items(blocks, mail), blocks)
    accepted = _without_overlap(sorted(accepted, key=lambda part: part.first), blocks)
    if len(accepted) > 1 and not _has_body(blocks, accepted[0], accepted[1].first):
        accepted.pop(0)
    top = _top(blocks, candidates, accepted[0].first if accepted else len(blocks), layout)
    if top is not None:
        accepted.insert(0, top)
    return accepted


def marked_parts(marks: Sequence[ArticleMark], blocks: Sequence[Block]) -> list[Part]:
    """The articles that the format itself marks; text outside belongs to the one before it."""
    firsts: dict[int, ArticleMark] = {}
    for mark in sorted(marks, key=lambda one: one.start):
        first = next((n for n, block in enumerate(blocks) if block.end > mark.start), None)
        if first is not None and first > max(firsts, default=-1):
            firsts[first] = mark
    stops = [*list(firsts)[1:], len(blocks)]
    return [
        marked_part(blocks, first, stop, mark.metadata)
        for (first, mark), stop in zip(firsts.items(), stops, strict=True)
    ]


def _candidate(blocks: Sequence[Block], number: int, layout: Layout) -> Part | None:
    """The article that would begin with this block, with its evidence."""
    block = blocks[number]
    if block.kind == "mail header":
        return _mail(blocks, number)
    if number and len(block.text) <= _LONGEST_COMMENTS and _COMMENTS.fullmatch(block.text):
        return _comments(blocks, number)
    return titled_part(blocks, number, layout)


def _mail(blocks: Sequence[Block], number: int) -> Part:
    fields = header_fields(blocks[number].text)
    part = Part(number, fields.get("subject") or "(no subject)", [number], fields.get("from"))
    part.score, part.evidence = 2 * ENOUGH, {"mail header"}
    if fields.get("date"):
        part.date_text, part.date_found = fields["date"], "mail header"
    return part


def _comments(blocks: Sequence[Block], number: int) -> Part | None:
    """A comments section with comments in it; an empty one is furniture."""
    follow = [block for block in blocks[number + 1 : number + 12] if block.role == "prose"]
    if sum(len(block.text) for block in follow) < 120:
        return None
    part = Part(number, blocks[number].text.rstrip(":："), [number])
    part.score, part.evidence = 2 * ENOUGH, {"comments"}
    return part


def _with_items(
    accepted: Sequence[Part], items: Sequence[Part], blocks: Sequence[Block]
) -> list[Part]:
    """The items of an issue, and of the other titles those with text above the first item.

    Where every item holds titles with a date or a byline of their own, items are its sections.
    """
    stops = [item.first for item in items[1:]] + [len(blocks)] * bool(items)
    inside = [
        any(item.first < part.first < stop and part.evidence & _DATED for part in accepted)
        for item, stop in zip(items, stops, strict=True)
    ]
    if all(inside):
        return list(accepted)
    until = items[0].first
    above = [
        part
        for part in accepted
        if part.first < until and any(block.closed for block in blocks[part.first + 1 : until])
    ]
    return [*above, *items]


def _is_subtitle(title: Part, below: Part, blocks: Sequence[Block]) -> bool:
    """Whether nothing is said between a title with its author or date and an unsigned one below."""
    if not title.evidence & _DATED or below.evidence & (_DATED - {"dateline"}):
        return False
    between = range(title.first + 1, below.first)
    return all(blocks[n].role != "prose" or n in title.header for n in between)


def _without_overlap(parts: Sequence[Part], blocks: Sequence[Block]) -> list[Part]:
    """Drop titles inside another's header, and everything but mail inside comments."""
    kept: list[Part] = []
    for part in parts:
        if kept and min(part.first, *part.header) <= max(kept[-1].header):
            continue
        if kept and _is_subtitle(kept[-1], part, blocks):
            continue
        if kept and "comments" in kept[-1].evidence and part.score < ENOUGH + 2:
            continue
        kept.append(part)
    return kept


def _top(
    blocks: Sequence[Block], candidates: Sequence[Part], until: int, layout: Layout
) -> Part | None:
    """The article at the top of the file, when it is not marked: everything before `until`."""
    body = [
        number
        for number, block in enumerate(blocks[:until])
        if block.role == "prose" and (block.closed or len(block.text) > 120)
    ]
    if not body or (
        len(body) == 1 and until < len(blocks) and len(blocks[body[0]].text) < _OPENING
    ):
        return None
    above = range(body[0])
    if above and (dated := _dated_title(blocks[0])) is not None:
        return dated
    if (act := act_title(blocks[: body[0]])) is not None:
        return act
    titled = [part for part in candidates if part.first in above and _is_marked(part)]
    if titled:
        best = max(titled, key=lambda part: (part.score, -part.first))
        return replace(best, evidence=best.evidence | {"top"})
    heads = [
        n
        for n in above
        if blocks[n].role in ("headline", "heading") and not blocks[n].text.endswith((":", "："))
    ]
    if not heads:
        return _headed_below(blocks, body[0], until)
    best_head = max(heads, key=lambda n: (_title_like(blocks[n]), n))
    if best_head - 1 in heads and _has_subtitle(blocks[best_head - 1], blocks[best_head]):
        best_head -= 1
    title = _whole_title(blocks, best_head) if layout.width else [best_head]
    text = " ".join(plain(blocks[number].text) for number in title)
    return Part(title[0], text, title, evidence={"top"})


def _is_marked(part: Part) -> bool:
    """Whether a title has a mark of its own; a numbered heading is the name of a section."""
    marks = part.evidence & MARKS
    return bool(marks) and not (marks == {"heading"} and is_numbered(part.title))


def _has_subtitle(title: Block, below: Block) -> bool:
    """Whether a headline set as a title stands right above one set as a sentence."""
    if title.text.isupper() and words(title.text) > 1:
        return not below.gap and not below.text.isupper()
    level = _title_like(title) == _title_like(below)
    return level and is_title_case(title.text) and not is_title_case(below.text)


def _dated_title(block: Block) -> Part | None:
    """A file's first line that is its name in capitals and its date, in one."""
    written = DATE.search(block.text)
    if block.role == "chrome" or written is None or header_line(block.text) is None:
        return None
    name = block.text[: written.start()].strip(" ,|·-–—")
    if not name.isupper() or words(name) < 2:
        return None
    return Part(0, name, [0], None, block.text, "date line", evidence={"top", "date line"})


def _whole_title(blocks: Sequence[Block], number: int) -> list[int]:
    """The lines of a title that is broken over two or three, in a file of wrapped lines."""
    title = [number]
    while title[0] > 0 and not blocks[title[0]].gap and _is_title_line(blocks[title[0] - 1]):
        title.insert(0, title[0] - 1)
    for after in range(number + 1, len(blocks)):
        if blocks[after].gap or not _is_title_line(blocks[after]):
            break
        title.append(after)
    return title if len(title) <= 3 else [number]


def _is_title_line(block: Block) -> bool:
    return block.role == "headline" and words(block.text) >= 3


def _title_like(block: Block) -> tuple[bool, int]:
    """Orders headlines above a text by how like its title they are; a numbered one is a section."""
    return not is_numbered(block.text), min(words(block.text), 6) + 6 * (block.level == 1)


def _has_body(blocks: Sequence[Block], part: Part, until: int) -> bool:
    """Whether the first title has text of its own, and is not the name of the collection."""
    if part.evidence - {"top", "gap"}:
        return True
    body = [block for n, block in enumerate(blocks[:until]) if n not in part.header]
    return sum(block.end - block.start for block in body if block.role == "prose") >= 150


def _headed_below(blocks: Sequence[Block], first: int, until: int) -> Part:
    """An article that opens with a note: its title is the headline right below, if there is one."""
    for number in range(first + 1, min(first + 3, until)):
        lead_in = blocks[number].text.endswith((":", "："))
        if blocks[number].role in ("headline", "heading") and not lead_in:
            return Part(first, plain(blocks[number].text), [number], evidence={"top"})
    return Part(first, "", [])
