"""Building a text whose offsets are known while it is built, and rows that read as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.documents.extracted import ArticleMark, Extracted, Heading
from rag.types import Chrome

BETWEEN = "\n\n"
"""What stands between the parts that `joined` puts together."""
_HAN_END = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]$")
_CLOSED = (".", "!", "?", "。", "！", "？", "…")
# Invisible characters that split words for a search: soft hyphen, zero width space, joiners, mark.
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF, 0x00))
_PERIOD = re.compile(
    r"(?:1[89]|20)\d\d(?:[/–-]\d{2,4})?[a-z*]?|(?:Q[1-4]|H[12])(?: ?\d{4})?|\d{1,2}月"
)
_UNIT = re.compile(r"[(\[（].{1,20}[)\]）]|[%‰€£$]|[a-zA-Zµ²³]{1,3}(?:/[a-zA-Z²³]{1,4})?")
_NOTE_WORDS = 6
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")


def visible(text: str) -> str:
    """The text without the invisible characters that split words for a search."""
    return text if text.isascii() else text.translate(_INVISIBLE)


class TextBuilder:
    """Appends inline text, line breaks and blocks; `length` is the offset of what comes next.

    White space runs become one space, blocks are set apart by one blank line. `text_end` is the
    offset after the last visible character, so that spans end there and not in white space.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._newlines = 2
        self._space = False
        self.length = 0
        self.text_end = 0
        self.headings: list[Heading] = []

    @property
    def text(self) -> str:
        return "".join(self._parts)[: self.text_end]

    def inline(self, text: str | None) -> None:
        """Add running text to the current line."""
        if not text:
            return
        text = visible(text)
        words = " ".join(text.split())
        if not words:
            self._space = self._space or bool(text)
            return
        if (self._space or text[0].isspace()) and not self._newlines:
            self._append(" ")
        self._append(words)
        self.text_end = self.length
        self._newlines = 0
        self._space = text[-1].isspace()

    def line_break(self) -> None:
        """End the line; two in a row make a blank line."""
        if self._newlines < 2:
            self._append("\n")
            self._newlines += 1
        self._space = False

    def block(self) -> int:
        """Begin a block: a blank line, unless there is one. Returns the offset it begins at."""
        while self._newlines < 2:
            self.line_break()
        self._space = False
        return self.length

    def paragraph(self, text: str) -> tuple[int, int]:
        """Add a block of its own, its line breaks kept. Returns the span of its text."""
        start = self.block()
        for number, line in enumerate(text.strip().splitlines()):
            if number:
                self.line_break()
            self.inline(line)
        end = self.text_end
        self.block()
        return start, max(start, end)

    def heading(self, text: str, level: int) -> None:
        """Add a block and record it as a heading."""
        start, end = self.paragraph(text)
        if end > start:
            self.headings.append(Heading(start, end, level))

    def preformatted(self, text: str) -> None:
        """Add text with its own spaces and line ends."""
        text = visible(text).rstrip()
        if text:
            self._append(text)
            self.text_end = self.length
            self._newlines = 0
            self._space = False

    def _append(self, piece: str) -> None:
        self._parts.append(piece)
        self.length += len(piece)


def row_sentence(names: Sequence[str], cells: Sequence[str]) -> str:
    """A table's row as a sentence: "Year: 2021; Launches: 55." Empty cells are left out.

    Names and cells may differ in number. A cell without a column name stands alone.
    """
    return closed("; ".join(label + cell for _, label, cell in row_parts(names, cells)))


def row_parts(names: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """The parts of a row's sentence: a cell's number, what its name puts before it, its text."""
    for number, cell in enumerate(cells):
        cell = " ".join(cell.split())
        name = " ".join(names[number].split()).rstrip(":：") if number < len(names) else ""
        if cell:
            yield number, f"{name}: " if name and name != cell else "", cell


def closed(sentence: str) -> str:
    """The text with a full stop at its end, unless it has a mark there or is empty."""
    if not sentence or sentence.endswith(_CLOSED):
        return sentence
    return sentence + ("。" if _HAN_END.search(sentence) else ".")


def table_sentences(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows of a table as sentences, in order, lazily.

    The header is the first row of two or more cells that are mostly words, with what is set below
    its names (`names_below`); lines of one cell above it are titles. When the first full row holds
    figures there is no header, and cells stand alone, as a note below the rows does.
    """
    names: Sequence[str] | None = None
    at_head = False
    for row in rows:
        filled = [cell for cell in row if cell.strip()]
        if names is None and len(filled) > 1:
            names = row if is_header(filled) else ()
            at_head = bool(names)
            if at_head:
                continue
        if not filled:
            continue
        longer = names_below(names or (), row) if at_head else None
        at_head = longer is not None
        if longer is not None:
            names = longer
        else:
            yield row_sentence(() if _is_note(filled) else names or (), row)


def names_below(names: Sequence[str], row: Sequence[str]) -> list[str] | None:
    """The names of columns, longer by a second row of names: "Exports, 2023"; None if it is none.

    Under a name that spans several columns stand years or words, and nothing under the name of the
    rows; or one unit stands under all names.
    """
    cells = [" ".join(cell.split()) for cell in row]
    above = [*names, *[""] * (len(cells) - len(names))]
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or (cells[0] and cells[0] != above[0]):
        return None
    spanned = [at for at in range(1, len(cells)) if cells[at] and not above[at].strip()]
    periods = all(_PERIOD.fullmatch(cell) for cell in filled)
    worded = not any(map(str.isdecimal, "".join(filled)))
    units = len(set(filled)) == 1 or all(_UNIT.fullmatch(cell) for cell in filled)
    if not ((spanned and (periods or worded)) or (worded and units)):
        return None
    longer: list[str] = []
    over = ""
    for name, cell in zip(above, [*cells, *[""] * (len(above) - len(cells))], strict=True):
        over = name.strip() or (over if cell else "")
        parts = dict.fromkeys(part for part in (over, cell) if part)
        longer.append(", ".join(parts))
    return longer


def _is_note(filled: Sequence[str]) -> bool:
    """Whether the only cell of a row is a remark below the table: a source, or a sentence."""
    if len(filled) > 1:
        return False
    return len(filled[0].split()) >= _NOTE_WORDS or filled[0].rstrip(":：").find(":") > 0


def is_header(cells: Sequence[str]) -> bool:
    """Whether filled cells can be column names: short, different, words or years, not figures."""
    if len(set(cells)) < len(cells) or any(len(cell) > 120 for cell in cells):
        return False
    return sum(not re.search(r"[^\W\d_]", cell) for cell in cells) <= len(cells) // 3


def raised(text: str) -> str:
    """Superscript digits as such, so that ten to the sixth is never read as 106."""
    return text.translate(_RAISED) if re.fullmatch(r"[0-9+\-−n]+", text) else text


def joined(parts: list[Extracted]) -> Extracted:
    """Parts one after another, a blank line between them, their spans moved."""
    headings: list[Heading] = []
    chrome: list[Chrome] = []
    articles: list[ArticleMark] = []
    rows: list[tuple[int, int]] = []
    at = 0
    for part in parts:
        headings += [Heading(h.start + at, h.end + at, h.level) for h in part.headings]
        chrome += [Chrome(c.start + at, c.end + at, c.kind) for c in part.chrome]
        articles += [ArticleMark(a.start + at, a.end + at, a.metadata) for a in part.articles]
        rows += [(start + at, end + at) for start, end in part.rows]
        at += len(part.text) + len(BETWEEN)
    return Extracted(
        BETWEEN.join(part.text for part in parts),
        parts[0].format,
        chrome=tuple(chrome),
        headings=tuple(headings),
        articles=tuple(articles),
        wrapped=any(part.wrapped for part in parts),
        rows=tuple(rows),
    )
