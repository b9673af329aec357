"""Word documents: python-docx (MIT) opens package, styles and properties; the body is walked here.

python-docx's own paragraph text leaves out insertions under review and content controls, so that
a sentence would lose words that every reader of the document sees.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from rag.documents.extracted import Extracted, Metadata
from rag.documents.readers.building import TextBuilder, raised, table_sentences
from rag.documents.readers.stated_dates import stated_date
from rag.types import Chrome

_P, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_RUN, _TEXT, _TAB, _BOX = qn("w:r"), qn("w:t"), qn("w:tab"), qn("w:txbxContent")
_BREAKS = frozenset({qn("w:br"), qn("w:cr")})
_HYPHEN = qn("w:noBreakHyphen")
_RAISED = f"{qn('w:rPr')}/{qn('w:vertAlign')}[@{qn('w:val')}='superscript']"
_NOBODY = re.compile(
    r"(?:(?:(?:Microsoft )?Office|Microsoft|Windows|PowerPoint|Word|Excel)[ -])?"
    r"(?:User|Users|Benutzer|Utilisateur|Usuario|Admin|Administrator|Owner|Author|Guest"
    r"|用户|作者|管理员)(?:\s?\d+)?",
    re.IGNORECASE,
)
"""What Office puts for an author where nobody has given a name."""
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = frozenset({f"{_MC}Fallback", qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr")})
_WRAPPERS = frozenset({qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")})


def read(data: bytes, name: str) -> Extracted:
    """Read a Word document: paragraphs, headings by style, tables as sentences, text boxes.

    Text under deletion is left out, text under insertion is in; tables of contents are chrome.
    """
    document = docx.Document(io.BytesIO(data))
    styles = _styles(document)
    builder = TextBuilder()
    chrome: list[Chrome] = []
    for block in _blocks(document.element.body):
        if block.tag == _TABLE:
            for sentence in table_sentences(_rows(block)):
                builder.paragraph(sentence)
            continue
        _add_paragraph(builder, chrome, block, styles)
    return Extracted(
        builder.text,
        "docx",
        office_metadata(document.core_properties),
        chrome=tuple(chrome),
        headings=tuple(builder.headings),
    )


def office_metadata(properties: Any) -> Metadata:
    """What an Office file's core properties say; "created" is when it was begun, not published."""
    values = {
        "title": _clean(properties.title),
        "author": _clean(properties.author),
        "published": stated_date(properties.created),
        "language": _clean(properties.language),
    }
    # The libraries' own templates and new files carry these; they say nothing of the document.
    if values["author"] in {"python-docx", "Steve Canny", "openpyxl"}:
        values["author"] = None
    if values["author"] and _NOBODY.fullmatch(values["author"]):
        values["author"] = None
    if values["title"] in {"PowerPoint Presentation", "Word Document"}:
        values["title"] = None
    found = {key: "metadata" for key, value in values.items() if value}
    if values["published"]:
        found["published"] = "creation date"
    return Metadata(**values, found=found)


def _clean(value: str | None) -> str | None:
    return " ".join((value or "").split()) or None


def _styles(document: Any) -> dict[str, tuple[int, bool]]:
    """Style id to (heading level or 0, is an entry of a table of contents)."""
    styles = {}
    for style in document.styles:
        name = (style.name or "").lower()
        level = 1 if name == "title" else 0
        if name.startswith("heading ") and name[8:].isdigit():
            level = int(name[8:])
        outline = style.element.find(f".//{qn('w:outlineLvl')}")
        if not level and outline is not None and outline.get(qn("w:val"), "9") < "9":
            level = int(outline.get(qn("w:val"))) + 1
        styles[style.style_id] = (level, name.startswith("toc "))
    return styles


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, those inside content controls and insertions too."""
    for child in parent:
        if child.tag in (_P, _TABLE):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


def _add_paragraph(
    builder: TextBuilder,
    chrome: list[Chrome],
    paragraph: Any,
    styles: dict[str, tuple[int, bool]],
) -> None:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    level, contents = (
        styles.get(style.get(qn("w:val")), (0, False)) if style is not None else (0, False)
    )
    text = _text(paragraph)
    if level:
        builder.heading(text, level)
    elif text.strip():
        start, end = builder.paragraph(text)
        if contents:
            chrome.append(Chrome(start, end, "contents"))
    for box in _boxes(paragraph):
        for block in _blocks(box):
            builder.paragraph(_text(block))


def _text(element: Any) -> str:
    """The text that is seen, in order, without that of text boxes."""
    pieces: list[str] = []
    pending = list(reversed(element))
    while pending:
        child = pending.pop()
        tag = child.tag
        if tag in _SKIPPED or tag == _BOX:
            continue
        if tag == _TEXT:
            text = child.text or ""
            over = child.getparent().find(_RAISED) is not None
            pieces.append(raised(text) if over else text)
        elif tag == _TAB:
            pieces.append("\t")
        elif tag in _BREAKS:
            pieces.append("\n")
        elif tag == _HYPHEN:
            pieces.append("-")
        else:
            pending.extend(reversed(child))
            if tag == _P and pieces:
                pieces.append("\n")
    return "".join(pieces)


def _boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(_BOX):
        if next(box.iterancestors(f"{_MC}Fallback"), None) is None:
            yield box


def _rows(table: Any) -> Iterator[list[str]]:
    for row in table.iter(_ROW):
        if next(row.iterancestors(_TABLE)) is not table:
            continue  # a row of a table inside a cell: it is part of that cell's text
        cells = []
        for cell in row.iter(_CELL):
            if next(cell.iterancestors(_ROW)) is row:
                span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
                wide = int(span.get(qn("w:val"), "1")) if span is not None else 1
                cells += [_text(cell)] + [""] * min(wide - 1, 200)
        yield cells
