"""Title, author, outlet, date and URL of an article, and how each was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.documents import dates
from rag.documents.authors import is_signature, signature
from rag.documents.bylines import dateline
from rag.documents.extracted import Metadata
from rag.documents.fold import fold
from rag.documents.paragraphs import Block
from rag.documents.part import Part
from rag.documents.people import PEOPLE, are_people
from rag.documents.shapes import is_source_line
from rag.documents.wording import plain

_MAST_PARTS = re.compile(r"\s*[•|·]\s*|\s+[–—-]\s+|\s{3,}|,\s|\s+\*\s+|(?=\b(?:No|Nr|Issue|Vol)\b)")
_ISSUE = re.compile(
    r"^(?:edit(?:ed|ors?)|compiled|prepared|produced)\b|\b(?:vol(?:ume)?|issue|no|number|page)\b\.?|第.+期|\d",
    re.IGNORECASE,
)
_URL_DATE = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/_-])"
)
_BADGES = re.compile(r"\[?!\[.*")
_FIRST_BLOCKS = 4
_TITLED = frozenset({"byline", "date line"})
_CLOSING_BLOCKS = 4
_POSTED_BY = re.compile(
    rf"(?:Posted|Written|Published) by:? (?P<names>{PEOPLE})(?=\s(?:at|on)\b|$|[|·,])"
)
_PAGE_TITLE = "page title"
_MADE = "creation date"
_NOTE = "note on the author"


@dataclass(slots=True)
class Facts:
    """What is known of an article or of a whole file; `found` says how, by field name."""

    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    found: dict[str, str] = field(default_factory=dict)

    def learn(self, name: str, value: str | None, how: str) -> None:
        """Set a field unless it is already known."""
        if value and getattr(self, name) is None:
            setattr(self, name, value)
            self.found[name] = how


def file_facts(metadata: Metadata, masthead: str | None, author: str | None = None) -> Facts:
    """What the file's own metadata and its running head say; metadata comes first.

    `author` is whom a note names as the one who wrote all of it.
    """
    facts = stated(replace(metadata, published=None) if _made_then(metadata) else metadata)
    if masthead is not None:
        parts = _MAST_PARTS.split(masthead)
        names = [part.strip() for part in parts if part.strip() and not _ISSUE.search(part)]
        facts.learn("outlet", plain(names[0]) if names else None, "masthead")
        written = [dates.iso(one, None) or "" for one in dates.find(masthead)]
        full = max(written, key=len, default="")
        printed = full or dates.complete(masthead, None)
        if not _agree(metadata.published, printed):
            facts.learn("published", printed, "masthead")
    facts.learn("published", metadata.published, metadata.found.get("published", ""))
    facts.learn("author", author, _NOTE)
    return facts


def issue_facts(whole: Facts, parts: Sequence[Part]) -> Facts:
    """The file's facts, dated by the line above the first of its titles where no other has a date.

    That is the issue's date, and goes before the day on which the file was made.
    """
    dated = [part for part in parts if part.date_text]
    if len(parts) < 2 or len(dated) != 1 or dated[0] is not parts[0] or not _made(whole):
        return whole
    day = dates.complete(parts[0].date_text or "", None)
    if day is None or min(parts[0].header) >= parts[0].first or _agree(whole.published, day):
        return whole
    return replace(whole, published=day, found={**whole.found, "published": parts[0].date_found})


def _made(whole: Facts) -> bool:
    return whole.found.get("published") == _MADE


def _agree(made: str | None, printed: str | None) -> bool:
    """Whether a file was made on a day of the very month that it prints."""
    return made is not None and printed is not None and made[:7] == printed


def _made_then(metadata: Metadata) -> bool:
    """Whether a file only says when it was made, which may be long after what it prints."""
    return metadata.found.get("published") == _MADE


def stated(metadata: Metadata) -> Facts:
    """Metadata as facts."""
    facts = Facts()
    for name in ("title", "author", "outlet", "published", "url"):
        value = getattr(metadata, name)
        facts.learn(name, value, metadata.found.get(name, "metadata"))
    return facts


def part_facts(part: Part, blocks: Sequence[Block], stop: int, whole: Facts, single: bool) -> Facts:
    """The facts of the article made of blocks [part.first, stop).

    Order of trust: metadata of the article, byline or date line, dateline, masthead, URL. A
    file's own title, author and URL are those of an article only when it is the only one.
    """
    facts = stated(part.metadata) if part.metadata else Facts()
    title = fold(part.title)
    if single:
        if part.evidence & _TITLED and whole.found.get("title") == _PAGE_TITLE:
            facts.learn("title", title, "headline")
        facts = _merged(facts, whole)
    facts.learn("title", _BADGES.sub("", title).strip() or title or None, "headline")
    facts.learn(
        "author", part.author, "mail header" if "mail header" in part.evidence else "byline"
    )
    near = facts.published or whole.published
    if part.date_text:
        day = dates.complete(part.date_text, near)
        if _made(whole) and _agree(whole.published, day):
            day = whole.published  # made on a day of the month that it prints
        facts.learn("published", day, part.date_found)
    if "comments" not in part.evidence:
        _learn_from_dateline(facts, part, blocks[:stop], near)
    if part.evidence & {"provenance", "item"}:
        _learn_from_closing(facts, blocks[part.first : stop], near)
    _learn_from_foot(facts, blocks[part.first : stop])
    facts.learn("published", whole.published, whole.found.get("published", ""))
    facts.learn("outlet", whole.outlet, whole.found.get("outlet", ""))
    if not single:
        facts.learn("outlet", _sender(whole), "mail header")
    if "comments" not in part.evidence:
        facts.learn("author", whole.author if whole.found.get("author") == _NOTE else None, _NOTE)
        _learn_from_text(facts, part, blocks, stop)
    return facts


def _sender(whole: Facts) -> str | None:
    """Who sends a mail of several articles, where it is a letter's name and not a person's."""
    name = whole.author or ""
    if whole.found.get("author") != "mail header" or "@" in name or are_people(name):
        return None
    return name


def _learn_from_dateline(
    facts: Facts, part: Part, blocks: Sequence[Block], near: str | None
) -> None:
    """Day and agency of a news opening, before those of the issue that it is printed in."""
    below = part.first + len(part.header)
    for block in blocks[part.first : below + _FIRST_BLOCKS]:
        opening = dateline(block.text) if block.role == "prose" else None
        if opening is not None:
            facts.learn("published", dates.complete(opening[0], near), "dateline")
            facts.learn("outlet", opening[1], "dateline")


def _learn_from_closing(facts: Facts, blocks: Sequence[Block], near: str | None) -> None:
    """The day on the source line that closes a text taken over from elsewhere."""
    for block in [one for one in blocks if one.role != "chrome"][-_CLOSING_BLOCKS:]:
        if is_source_line(block.text) and dates.DATE.search(block.text):
            facts.learn("published", dates.complete(block.text, near), "source line")


def _learn_from_foot(facts: Facts, blocks: Sequence[Block]) -> None:
    """The author in the one line that closes a post: "Posted by Ann Lee at 17:20", "Ann Lee"."""
    names = []
    for block in blocks:
        found = _POSTED_BY.match(block.text) if block.role == "chrome" else None
        if found is not None and are_people(found["names"]):
            names.append(found["names"])
        elif block.kind == "byline" and is_signature(block.text):
            names.append(signature(block.text))
    if len(names) == 1:
        facts.learn("author", names[0], "closing line")


def _learn_from_text(facts: Facts, part: Part, blocks: Sequence[Block], stop: int) -> None:
    below = part.first + len(part.header)
    for block in blocks[part.first : min(stop, below + _FIRST_BLOCKS)]:
        if block.kind == "url" and " " not in block.text:
            facts.learn("url", block.text.strip("<>()[]"), "URL line")
    if facts.url:
        found = _URL_DATE.search(facts.url)
        if found is not None:
            year, month, day = found.groups()
            iso = f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
            facts.learn("published", dates.complete(iso, None), "URL")


def _merged(facts: Facts, whole: Facts) -> Facts:
    merged = replace(facts, found=dict(facts.found))
    for name in ("title", "author", "outlet", "published", "url"):
        if whole.found.get(name) not in ("masthead", _MADE, _NOTE):
            merged.learn(name, getattr(whole, name), whole.found.get(name, "metadata"))
    return merged
