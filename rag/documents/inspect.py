"""How a file was read, for a person (`inspect_text`) and for a program (`inspect_json`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rag.documents.fold import fold
from rag.documents.partial import unread
from rag.types import Chrome, Document, Sentence, SourceFile

_BOLD, _GREY, _DIM_ROW, _CYAN, _YELLOW, _OFF = (
    "\x1b[1m",
    "\x1b[90m",
    "\x1b[36m",
    "\x1b[1;36m",
    "\x1b[33m",
    "\x1b[0m",
)


def inspect_json(source: SourceFile) -> dict[str, Any]:
    """The file as plain data: articles with their sentences and chrome, as `rag inspect --json`.

    Offsets count code points of the file's extracted text; a sentence's "text" is folded. Chrome
    before the first article is listed with the first, any other with the article it stands in.
    """
    return {
        "path": source.path,
        "sha256": source.sha256,
        "format": source.format,
        "characters": len(source.text),
        "pages": len(source.pages),
        "warnings": list(unread(source)),
        "articles": [
            _article(source, document, chrome)
            for document, chrome in zip(source.documents, _chrome_by_article(source), strict=True)
        ],
    }


def inspect_text(source: SourceFile, colour: bool) -> str:
    """The file for a terminal: articles, dates and how found, chrome in grey, sentences in turn.

    `colour` adds ANSI codes; without it chrome is marked by its kind in square brackets and each
    sentence begins with its number.
    """
    lines = [f"{source.path}  {source.format}, {len(source.text)} characters"]
    lines[0] += f", {len(source.documents)} article{'s' * (len(source.documents) != 1)}"
    lines += [_painted(f"  warning: {said}", _YELLOW, colour) for said in unread(source)]
    for document, chrome in zip(source.documents, _chrome_by_article(source), strict=True):
        lines += ["", *_heading(document, colour)]
        section: str | None = None
        number = 0
        items: list[Sentence | Chrome] = [*document.sentences, *chrome]
        for item in sorted(items, key=lambda one: one.start):
            quote = fold(source.text[item.start : item.end])
            if isinstance(item, Chrome):
                lines.append(_painted(f"  [{item.kind}] {quote}", _GREY, colour))
                continue
            if item.section != section:
                section = item.section
                lines.append(_painted(f"  # {section}", _YELLOW, colour))
            number += 1
            lines.append(_sentence_line(item, number, quote, colour))
    return "\n".join(lines) + "\n"


def _article(source: SourceFile, document: Document, chrome: Sequence[Chrome]) -> dict[str, Any]:
    return {
        "title": document.title,
        "author": document.author,
        "outlet": document.outlet,
        "published": document.published,
        "url": document.url,
        "language": document.language,
        "found": document.found,
        "start": document.start,
        "end": document.end,
        "sentences": [_sentence(source, sentence) for sentence in document.sentences],
        "chrome": [asdict(span) for span in chrome],
    }


def _sentence(source: SourceFile, sentence: Sentence) -> dict[str, Any]:
    said = sentence.attributions
    return {
        "text": fold(source.text[sentence.start : sentence.end]),
        "start": sentence.start,
        "end": sentence.end,
        "attribution": said[0].text if said else None,
        "attributions": [asdict(one) for one in said],
        "section": sentence.section,
        "paragraph": sentence.paragraph,
    }


def _chrome_by_article(source: SourceFile) -> Iterator[list[Chrome]]:
    spans = sorted(source.chrome, key=lambda span: span.start)
    at = 0
    for number, document in enumerate(source.documents):
        last = number + 1 == len(source.documents)
        mine: list[Chrome] = []
        while at < len(spans) and (last or spans[at].start < document.end):
            mine.append(spans[at])
            at += 1
        yield mine


def _heading(document: Document, colour: bool) -> list[str]:
    lines = [_painted(f"== {document.title}", _BOLD, colour)]
    for name in ("author", "outlet", "published", "url"):
        value = getattr(document, name)
        if value is not None:
            lines.append(f"   {name}: {value} ({document.found.get(name, 'not said how')})")
    if document.published is None:
        lines.append("   published: not found")
    lines.append(
        f"   {document.start}-{document.end}, {len(document.sentences)} sentences, "
        f"{document.language}"
    )
    return lines


def _sentence_line(sentence: Sentence, number: int, quote: str, colour: bool) -> str:
    text = f"  {number}. " + (_painted(quote, _DIM_ROW, True) if colour and number % 2 else quote)
    if sentence.attributions:
        sources = "; ".join(
            f"{one.source or one.text}{f', {one.date}' if one.date else ''}"
            for one in sentence.attributions
        )
        text += _painted(f"  <- {sources}", _CYAN, colour)
    return text


def _painted(text: str, code: str, colour: bool) -> str:
    return f"{code}{text}{_OFF}" if colour else text
