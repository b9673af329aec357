"""Page furniture: lines that belong to the page and not to what it says.

Two passes. `mark_lines` knows furniture by what a line is or by its repetition; the runs of link
titles and menus are known only once paragraphs are (`mark_runs` in `rag.documents.runs`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rag.documents.extracted import Heading
from rag.documents.furniture import known_furniture
from rag.documents.lines import Line
from rag.documents.mastheads import RUNNING_PARTS, mark_mastheads
from rag.documents.shapes import is_caption, is_source_line
from rag.types import Chrome, Page

_PARTED = re.compile(r"[^\W\d_]\s{3,}\d{1,4}\s{3,}[^\W\d_]|^\d{1,4}\s{3,}[^\W\d_].*\s{3,}[^\W\d_]")
_FOOTED = re.compile(r"[^\d]{3,80}\S\s{4,}\d{1,4}|\d{1,4}\s{4,}[^\d]{3,80}")
"""A name and, far from it, the page's number."""
_NUMBER = re.compile(r"\d{1,4}")
_LONGEST_LABEL = 40
_LONGEST_HEAD = 120
_ENTRY_MARK = re.compile(r"(?:[•●*–-]|\(?\d{1,2}[.)])\s+")
_ENTRY_END = re.compile(r"\s*(?:[(|,–—-]|\.{2,}|\sby\s)")
_CONTACT = re.compile(
    r"(?:for )?(?:(?:media|press|investor|news|editorial|more) )?"
    r"(?:contacts?|enquiries|inquiries|information)\s?:?",
    re.IGNORECASE,
)
_CARD_LINES = 8
_CLAUSE = re.compile(r"(?:Article|Section|Part|Clause|Annex|Rule|§)\s\d{1,3}\.?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


def mark_lines(
    lines: Sequence[Line],
    pages: Sequence[Page] = (),
    given: Sequence[Chrome] = (),
    furniture: bool = True,
    headings: Sequence[Heading] = (),
) -> list[str | None]:
    """The kind of furniture each line is by itself, or None; parallel to `lines`.

    `furniture` false keeps to what is `given`: in a table's rows a lone figure is a fact.
    """
    kinds = [known_furniture(line.text) if furniture else None for line in lines]
    _mark_given(lines, given, kinds)
    if furniture:
        mark_mastheads(lines, kinds)
        _mark_contents(lines, kinds)
        _mark_contacts(lines, kinds)
    if not furniture:
        return kinds
    titles = {
        one.start for one in headings if one.level == 1 and pages and one.start < pages[0].end
    }
    _mark_repeated(lines, pages, kinds, titles)
    _mark_numbers(lines, kinds)
    return kinds


def _mark_given(lines: Sequence[Line], given: Sequence[Chrome], kinds: list[str | None]) -> None:
    spans = sorted((chrome.start, chrome.end, chrome.kind) for chrome in given)
    at = 0
    for number, line in enumerate(lines):
        while at < len(spans) and spans[at][1] <= line.start:
            at += 1
        if at < len(spans) and spans[at][0] <= line.start and line.end <= spans[at][1]:
            kinds[number] = spans[at][2]


def _mark_repeated(
    lines: Sequence[Line], pages: Sequence[Page], kinds: list[str | None], titles: set[int]
) -> None:
    """Running heads and feet: short lines that come again, alike but for figures, at page seams.

    The title on the first page, one that begins in `titles`, often comes again as running head.
    """
    places = _repeated(lines, kinds)
    edges = _page_edges(lines, pages)
    most = min(3, max(2, len(pages) - 1))
    for pattern, numbers in places.items():
        if pattern == "#" or is_source_line(lines[numbers[0]].text):
            continue
        if is_caption(lines[numbers[0]].text) or not any(map(str.isalpha, pattern)):
            continue
        if not pages and _CLAUSE.fullmatch(lines[numbers[0]].text):
            continue  # the articles of a law count up as page numbers do
        if _is_running(lines, numbers, kinds, edges, most):
            for number in numbers:
                if lines[number].start not in titles:
                    kinds[number] = "running head"


def _repeated(lines: Sequence[Line], kinds: Sequence[str | None]) -> dict[str, list[int]]:
    """The numbers of lines that come more than once, by what they are alike in."""
    firsts: dict[str, int] = {}
    places: dict[str, list[int]] = {}  # of what comes more than once, as few lines do
    for number, line in enumerate(lines):
        text = line.text
        if line.closed or len(text) > _LONGEST_HEAD or kinds[number] is not None:
            continue
        if len(text) <= _LONGEST_LABEL or not text[0].islower():  # else running text, most lines
            pattern = _DIGITS.sub("#", text)
            first = firsts.setdefault(pattern, number)
            if first != number:
                places.setdefault(pattern, [first]).append(number)
    return places


def _is_running(
    lines: Sequence[Line],
    numbers: list[int],
    kinds: list[str | None],
    edges: frozenset[int],
    enough: int,
) -> bool:
    """`enough` is how often a line must stand at the edge of a page, where there are pages."""
    texts = [lines[number].text for number in numbers]
    if edges:
        at_edge = sum(number in edges for number in numbers)
        return len(numbers) >= enough and at_edge >= 0.8 * len(numbers)
    if (
        (RUNNING_PARTS.search(texts[0]) or _PARTED.search(texts[0]) or _FOOTED.fullmatch(texts[0]))
        and re.search(r"\d", texts[0])
        and len(set(texts)) <= len(texts)
    ):
        return _spread(numbers) and (len(set(texts)) == 1 or _counting(texts))
    if len(numbers) < 3 or not _spread(numbers):
        return False
    if len(set(texts)) == len(texts) and _counting(texts):
        return True
    seams = sum(_at_seam(lines, number, kinds) for number in numbers)
    return len(set(texts)) == 1 and seams >= 0.5 * len(numbers)


def _spread(numbers: Sequence[int]) -> bool:
    """Whether places lie apart as pages do, not in one list."""
    gaps = [after - before for before, after in itertools.pairwise(numbers)]
    return sorted(gaps)[len(gaps) // 2] >= 4


def _counting(texts: Sequence[str]) -> bool:
    """Whether figures at one place of the texts go up as page numbers do."""
    rows = [[int(figure) for figure in _DIGITS.findall(text)] for text in texts]
    if not all(rows):
        return False
    columns = [[row[-1] for row in rows], *zip(*rows, strict=False)]
    return any(
        all(0 < after - before <= 20 for before, after in itertools.pairwise(column))
        for column in columns
    )


def _at_seam(lines: Sequence[Line], number: int, kinds: Sequence[str | None]) -> bool:
    """Whether a line interrupts: beside a lone number, or in the middle of a sentence."""
    near = [at for at in (number - 1, number + 1) if 0 <= at < len(lines)]
    if any(_NUMBER.fullmatch(lines[at].text) or kinds[at] == "page number" for at in near):
        return True
    if number == 0 or number + 1 >= len(lines):
        return False
    return not lines[number - 1].closed and lines[number + 1].text[0].islower()


def _page_edges(lines: Sequence[Line], pages: Sequence[Page]) -> frozenset[int]:
    """Numbers of the first two and last two lines of each page, when there are three or more."""
    if len(pages) < 3:
        return frozenset()
    edges: set[int] = set()
    at = 0
    for page in pages:
        first = at
        while at < len(lines) and lines[at].start < page.end:
            at += 1
        edges.update(range(first, min(first + 2, at)), range(max(first, at - 2), at))
    return frozenset(edges)


def _mark_numbers(lines: Sequence[Line], kinds: list[str | None]) -> None:
    """Page numbers: lone figures beside furniture, in the middle of a sentence, or counting up."""
    alone = [
        number
        for number, line in enumerate(lines)
        if kinds[number] is None and len(line.text) <= 4 and _NUMBER.fullmatch(line.text)
    ]
    beside = {"url", "running head"}
    for number in alone:
        near = [kinds[at] for at in (number - 1, number + 1) if 0 <= at < len(lines)]
        if beside.intersection(kind for kind in near if kind) or _breaks_sentence(lines, number):
            kinds[number] = "page number"
    if len(alone) >= 3 and _spread(alone) and _counting([lines[at].text for at in alone]):
        for number in alone:
            kinds[number] = "page number"


def _breaks_sentence(lines: Sequence[Line], number: int) -> bool:
    if number == 0 or number + 1 >= len(lines):
        return False
    before, after = lines[number - 1], lines[number + 1].text
    return len(before.text) > 40 and not before.closed and after[0].islower()


def _mark_contents(lines: Sequence[Line], kinds: list[str | None]) -> None:
    """Lists of contents: the wrapped end of one set as running text, and entries under a label."""
    for number, line in enumerate(lines[1:], 1):
        if kinds[number - 1] != "contents" or kinds[number] is not None:
            continue
        before = lines[number - 1].text
        if len(before) > 60 and " - " in before and " - " in line.text:
            kinds[number] = "contents"
        elif before.endswith((":", "：")) and len(before) <= _LONGEST_LABEL:
            _mark_entries(lines, kinds, number)


def _mark_entries(lines: Sequence[Line], kinds: list[str | None], first: int) -> None:
    """The lines under a label of contents that begin as a later line reads, title for title."""
    later = {line.text.casefold() for line in lines[first:]}
    for number in range(first, len(lines)):
        entry = _ENTRY_MARK.sub("", lines[number].text).casefold()
        later.discard(lines[number].text.casefold())
        ends = [found.start() for found in _ENTRY_END.finditer(entry)]
        if not any(entry[:end] in later for end in (*ends, len(entry))):
            return
        kinds[number] = "contents"


def _mark_contacts(lines: Sequence[Line], kinds: list[str | None]) -> None:
    """Whom to ask: the name, office and numbers right under a label, where there are numbers."""
    for number, line in enumerate(lines):
        if len(line.text) > _LONGEST_LABEL or not _CONTACT.fullmatch(line.text):
            continue
        last = number + 1
        while last < len(lines) and last - number <= _CARD_LINES and _on_card(lines[last]):
            last += 1
        if "contact" in kinds[number:last]:
            kinds[number:last] = ["contact"] * (last - number)


def _on_card(line: Line) -> bool:
    return not line.gap and not line.closed and len(line.text) <= 2 * _LONGEST_LABEL
