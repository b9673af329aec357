"""A text as lines with the gaps between them, and how its lines are to be read.

Saved pages have a paragraph on each line; mail and printed pages wrap sentences over lines; some
converters put a blank line after every wrapped line. `Layout` tells these apart.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.documents.fold import HAN
from rag.documents.sentences import is_han

_TERMINAL = re.compile(r"(?:[.!?…。！？][)\]”’\"'」』）】》*_]*(?:\[\d{1,3}\])*\d{0,3}|[:：;；])$")
_ENDS = frozenset(".!?…。！？:：;；")
_FIGURE = re.compile(r"\d{1,3}\.\s+[A-Z]")
_COLUMNS = re.compile(r"\S {3,}\S")
_WIDE = re.compile(f"[{HAN}]")
_SAMPLE = 4000
_SHORTEST_WRAP = 35
_SLACK = 0.8
_ITEM_SIGNS = (".", ")", "", " ")
_LONGEST_STAMP = 70


class Line(NamedTuple):
    """A line that is not blank: [start, end) without outer white space, blank lines before it."""

    start: int
    end: int
    gap: int
    indent: int
    text: str
    closed: bool
    """Whether it ends as a sentence or a lead-in does (`is_terminal`)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How lines relate. `usual_gap` is the number of blank lines between paragraphs.

    `joins` holds the gaps over which a sentence may run on; empty when each line is a paragraph.
    `width` is the length, in characters, at which lines are wrapped; 0 when they are not.
    """

    usual_gap: int
    joins: frozenset[int]
    width: int

    def continues(self, before: Line, line: Line) -> bool:
        """Whether `line` goes on with the paragraph that `before` belongs to."""
        if line.gap not in self.joins or _in_columns(before.text, line.text):
            return False
        if starts_item(line.text) and not self._figure_goes_on(before, line):
            return False
        closed = before.closed
        lower = line.text[0].islower()
        if closed and line.indent >= before.indent + 2 and line.text[0].isupper():
            return False
        if self._has_room(before.text, line.text):
            return lower and not closed and written_width(before.text) > self.width // 2
        if lower or len(self.joins) == 1:
            return True
        seam = line.indent != before.indent or line.gap != max(self.joins)
        return not (seam and (closed or before.text[-1] in ')）”"'))

    def runs_on(self, before: Line, line: Line) -> bool:
        """What `continues` and all that could part two lines would say of most lines, at once.

        A long line that ends in the middle of a sentence, and one that begins in lower case.
        """
        text = line.text
        return (
            not line.gap
            and text[0].islower()
            and not before.closed
            and 2 * len(before.text) > self.width > 0
            and text[1:2] not in _ITEM_SIGNS
            and ":" not in text
            and "：" not in text
            and "   " not in text
            and "   " not in before.text
            and (len(before.text) > _LONGEST_STAMP or ":" not in before.text)
            and 0 in self.joins
        )

    def _has_room(self, before: str, line: str) -> bool:
        """Whether the first word of `line` would have stood on the line before, had it gone on."""
        room = _SLACK * self.width - written_width(before) - 1
        if room < 1:
            return False
        first = line.split(None, 1)[0] if not is_han(line[0]) else line[0]
        return written_width(first) <= room

    def _figure_goes_on(self, before: Line, line: Line) -> bool:
        """Whether "58. Three had ..." ends the sentence of a full line above, and opens no item."""
        if _FIGURE.match(line.text) is None or starts_item(before.text) or line.gap:
            return False
        full = written_width(before.text) > _SLACK * self.width
        return full and not before.closed and line.indent == before.indent


def find_lines(text: str) -> list[Line]:
    """All lines with something on them, in order. Line ends: LF, CR LF or CR."""
    lines: list[Line] = []
    line_end = "\n" if "\n" in text else "\r"
    at = gap = 0
    for raw in text.split(line_end):
        stripped = raw.strip()
        if not stripped:
            gap += 1
        elif "\r" in stripped:
            _add_parted(lines, raw, at, gap)
            gap = 0
        else:
            lines.append(_line(raw, stripped, at, gap))
            gap = 0
        at += len(raw) + 1
    return lines


def _add_parted(lines: list[Line], raw: str, at: int, gap: int) -> None:
    """Add the lines that a lone CR parts in a text whose lines end with LF."""
    for part in raw.split("\r"):
        stripped = part.strip()
        if stripped:
            lines.append(_line(part, stripped, at, gap))
            gap = 0
        at += len(part) + 1


def _line(raw: str, stripped: str, at: int, gap: int) -> Line:
    indent = 0 if raw[0] == stripped[0] else len(raw) - len(raw.lstrip())
    start = at + indent
    last = stripped[-1]
    closed = not (last.isalpha() or last == ",") and (last in _ENDS or is_terminal(stripped))
    return Line(start, start + len(stripped), gap, indent, stripped, closed)


def find_layout(lines: Sequence[Line], wrapped: bool) -> Layout:
    """Tell from the lines themselves how they are set. `wrapped` false: a line is a paragraph."""
    if not wrapped or len(lines) < 2:
        return Layout(_usual(lines, frozenset()), frozenset(), 0)
    joins = _joined_gaps(lines)
    if not joins:
        return Layout(_usual(lines, joins), joins, 0)
    lengths = sorted(written_width(line.text) for line in lines[:_SAMPLE] if "://" not in line.text)
    width = lengths[int(len(lengths) * 0.9)] if lengths else 0
    return Layout(_usual(lines, joins), joins, width)


def is_terminal(text: str) -> bool:
    """Whether a line ends as a sentence or a lead-in does."""
    if text[-1:].isalpha() or text.endswith(","):
        return False
    return _TERMINAL.search(text, max(0, len(text) - 24)) is not None


_ITEM = re.compile(
    r"(?:[•●▪◦‣·○■□►▶➢✓–—*+-]\s+|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]\s+|\[\d{1,3}\]\s?"
    r"|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\|)"
)


def _in_columns(one: str, other: str) -> bool:
    """Whether wide gaps part the words of one of two lines, as in a table."""
    if "   " not in one and "   " not in other:
        return False
    return _COLUMNS.search(one) is not None or _COLUMNS.search(other) is not None


def starts_item(text: str) -> bool:
    """Whether a line opens a list item, a numbered point, a note or a table row."""
    first = text[:1]
    if first.isalpha() and first.isascii() and first not in "ivx" and text[1:2] not in (".", ")"):
        return False  # most lines by far
    return _ITEM.match(text) is not None


def written_width(text: str) -> int:
    """Columns a text takes up: Han characters count two."""
    if text.isascii():
        return len(text)
    return len(text) + len(_WIDE.findall(text))


def _joined_gaps(lines: Sequence[Line]) -> frozenset[int]:
    pairs: Counter[int] = Counter()
    running: Counter[int] = Counter()
    longest = max(written_width(line.text) for line in lines[:_SAMPLE])
    for before, line in itertools.pairwise(lines[:_SAMPLE]):
        if line.gap > 1 or starts_item(line.text) or "://" in line.text:
            continue
        pairs[line.gap] += 1
        running[line.gap] += _runs_on(before, line.text, longest)
    joins = {gap for gap in pairs if running[gap] >= max(1, 0.15 * pairs[gap])}
    return frozenset(joins | {0} if 1 in joins else joins)


def _runs_on(above: Line, line: str, longest: int) -> bool:
    before = above.text
    if len(before) > 400 or above.closed:
        return False
    if line[0].islower():
        return written_width(before) >= _SHORTEST_WRAP
    return (
        is_han(line[0])
        and (is_han(before[-1]) or before[-1] in "，、")
        and written_width(before) >= max(_SHORTEST_WRAP, _SLACK * longest)
    )


def _usual(lines: Sequence[Line], joins: frozenset[int]) -> int:
    gaps = Counter(line.gap for line in lines[1:] if line.gap not in joins)
    if 1 in joins or not gaps:
        return max(joins, default=0)
    if joins:
        return gaps.most_common(1)[0][0]
    return max(gaps, key=lambda gap: (gaps[gap], -gap))
