"""Text that keeps its own line ends in a page: tables set by gaps, and sentences over lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.documents.lines import Layout, Line, find_layout, find_lines
from rag.documents.readers.text_tables import tables_as_rows
from rag.documents.sentences import is_han

_FEWEST_WORDS = 12
_PLAIN = 0.75
"""The least share of words that are letters alone; programs and orders to one have fewer."""
_AROUND = ".,;:!?\"'()[]“”‘’*_"

_Span = tuple[int, int]


def as_set(text: str) -> tuple[str, list[_Span]]:
    """The text with its tables as rows, and the span of each row; wrapped lines are joined.

    In a page every line is a paragraph, so a mail shown in one must not keep the line ends at
    which it was wrapped. Lines that are no sentences stay as they are.
    """
    text, rows = tables_as_rows(text)
    layout = find_layout(find_lines("".join(_between(text, rows))), True)
    pieces: list[str] = []
    spans: list[_Span] = []
    length = at = 0
    for first, last in [*rows, (len(text), len(text))]:
        piece = _joined(text[at:first], layout)
        spans.append((length + len(piece), length + len(piece) + last - first))
        pieces += (piece, text[first:last])
        length = spans[-1][1]
        at = last
    return "".join(pieces), spans[:-1]


def _between(text: str, rows: tuple[_Span, ...]) -> Iterator[str]:
    at = 0
    for first, last in rows:
        yield text[at:first]
        at = last
    yield text[at:]


def _joined(text: str, layout: Layout) -> str:
    if not layout.width:
        return text
    lines = find_lines(text)
    pieces: list[str] = []
    at = first = 0
    for number in range(1, len(lines) + 1):
        goes_on = number < len(lines) and _goes_on(lines, number, layout)
        if goes_on:
            continue
        run = lines[first:number]
        first = number
        if len(run) > 1 and _is_running(run):
            pieces += (text[at : run[0].start], " ".join(line.text for line in run))
            at = run[-1].end
    return "".join([*pieces, text[at:]])


def _goes_on(lines: Sequence[Line], number: int, layout: Layout) -> bool:
    return not lines[number].gap and layout.continues(lines[number - 1], lines[number])


def _is_running(run: Sequence[Line]) -> bool:
    """Whether lines are sentences: begun and ended as such, of words and not of signs."""
    opening = run[0].text.lstrip("“\"‘'([")
    if not opening or opening[0].islower() or not run[-1].closed:
        return False
    if is_han(opening[0]):
        return True
    words = " ".join(line.text for line in run).split()
    plain = sum(word.strip(_AROUND).replace("-", "").isalpha() for word in words)
    return len(words) >= _FEWEST_WORDS and plain >= _PLAIN * len(words)
