"""A file read into articles: `read` for a path, `structure` for text already extracted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.documents.articles import find_parts, marked_parts
from rag.documents.attributions import find_attributions, source_line
from rag.documents.authors import mark_authors, mark_signatures, stated_author
from rag.documents.chrome import mark_lines
from rag.documents.extracted import Extracted
from rag.documents.facts import Facts, file_facts, issue_facts, part_facts
from rag.documents.headers import take_author_line
from rag.documents.languages import language_of
from rag.documents.lines import Layout, Line, find_layout, find_lines
from rag.documents.mail import mark_headers
from rag.documents.mastheads import masthead
from rag.documents.paragraphs import TABLE_ROW, Block, find_blocks, settle_headings
from rag.documents.part import Part
from rag.documents.runs import mark_runs
from rag.documents.sentences import split
from rag.documents.shapes import is_source_line
from rag.documents.wording import plain
from rag.types import Attribution, Chrome, Document, Sentence, SourceFile

_TABULAR = frozenset({"csv", "xlsx", "pptx"})


def read(path: Path | str) -> SourceFile:
    """Read one file of any known format.

    Raises:
        ReadError: the file cannot be opened or decoded, or holds no text.
    """
    from rag.documents.readers import extract

    extracted, sha256 = extract(Path(path))
    return structure(extracted, path, sha256)


def structure(extracted: Extracted, path: Path | str, sha256: str) -> SourceFile:
    """Find articles, chrome, sentences and attributions in extracted text.

    Pure and total: any text gives a result, none raises. Time is linear in the text's length.
    """
    text = extracted.text
    lines = find_lines(text)
    layout = _layout(lines, extracted)
    tabular = extracted.format in _TABULAR
    given = (*extracted.chrome, *(Chrome(*row, TABLE_ROW) for row in extracted.rows))
    kinds = mark_lines(lines, extracted.pages, given, not tabular, extracted.headings)
    mark_headers(lines, kinds)
    head = masthead(lines, kinds)
    blocks = find_blocks(lines, kinds, layout, extracted.headings)
    if not tabular:
        mark_authors(blocks)
        mark_signatures(blocks)
    if len(extracted.articles) > 1:
        parts = marked_parts(extracted.articles, blocks)
    else:
        mail = extracted.format == "eml" or "mail header" in kinds
        parts = [] if tabular else find_parts(blocks, layout, mail)
        if len(parts) == 1:
            take_author_line(blocks, parts[0], extracted.metadata.author)
    if not tabular:
        mark_runs(blocks, parts, layout)
    settle_headings(blocks, layout)
    whole = file_facts(extracted.metadata, head, stated_author(blocks))
    whole = issue_facts(whole, parts)
    documents = tuple(_documents(text, blocks, parts, whole, Path(path).stem))
    return SourceFile(
        path=str(path),
        sha256=sha256,
        format=extracted.format,
        text=text,
        documents=documents,
        chrome=_chrome_spans(blocks),
        pages=extracted.pages,
    )


def _layout(lines: Sequence[Line], extracted: Extracted) -> Layout:
    """How the lines are set, told without the rows of tables: these are as long as they are."""
    starts = {start for start, _ in extracted.rows}
    running = [line for line in lines if line.start not in starts] if starts else lines
    return find_layout(running, extracted.wrapped)


def _documents(
    text: str, blocks: Sequence[Block], parts: Sequence[Part], whole: Facts, stem: str
) -> Iterator[Document]:
    parts = parts or [Part(0, "", [])]
    stops = [part.first for part in parts[1:]] + [len(blocks)]
    for number, (part, stop) in enumerate(zip(parts, stops, strict=True)):
        last = number + 1 == len(parts)
        start = blocks[part.first].start if part.first < len(blocks) and part.first else 0
        end = len(text) if last else blocks[stop].start
        facts = part_facts(part, blocks, stop, whole, len(parts) == 1)
        yield Document(
            title=facts.title or stem,
            start=start,
            end=end,
            sentences=_sentences(text, blocks, part, stop, facts.published),
            author=facts.author,
            outlet=facts.outlet,
            published=facts.published,
            url=facts.url,
            language=language_of(text[start:end]),
            found=facts.found if facts.title else {**facts.found, "title": "file name"},
        )


def _sentences(
    text: str, blocks: Sequence[Block], part: Part, stop: int, published: str | None
) -> tuple[Sentence, ...]:
    sentences: list[Sentence] = []
    section: str | None = None
    paragraph = -1
    first = part.first
    for number, block in enumerate(blocks[first:stop], first):
        if block.role == "heading" and number not in part.header:
            section = plain(block.text).strip()
        if block.role != "prose":
            continue
        paragraph += 1
        spans = split(text, block.start, block.end)
        says = _attributions(text, block, published)
        for start, end in spans:
            here: list[Attribution] = []
            while says and says[-1].start < end:
                here.append(says.pop())
            sentences.append(Sentence(start, end, paragraph, section, tuple(here)))
    return tuple(sentences)


def _attributions(text: str, block: Block, published: str | None) -> list[Attribution]:
    """A block's attributions, the last one first."""
    if is_source_line(block.text):
        line = source_line(text, block.start, block.end, published)
        return [line] if line else []
    return find_attributions(text, block.start, block.end, published)[::-1]


def _chrome_spans(blocks: Sequence[Block]) -> tuple[Chrome, ...]:
    """Furniture as spans, neighbours of one kind joined."""
    spans: list[Chrome] = []
    joined = False
    for block in blocks:
        if block.role != "chrome":
            joined = False
            continue
        if joined and spans[-1].kind == block.kind:
            spans[-1] = Chrome(spans[-1].start, block.end, block.kind)
        else:
            spans.append(Chrome(block.start, block.end, block.kind))
        joined = True
    return tuple(spans)
