"""One writer for each binary format, all with the same signature: (source, path)."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.tools.corpus_source import Block, Source

_HAN = re.compile("[\u3400-\u9fff]")
_FONTS = Path("/usr/share/fonts")
_LATIN_FONT = "truetype/dejavu/DejaVuSans.ttf"
_BOLD_FONT = "truetype/dejavu/DejaVuSans-Bold.ttf"
_HAN_FONT = "opentype/noto/NotoSansCJK-Regular.ttc"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def _fix_archive(path: Path, moment: str) -> None:
    """Rewrite a zip with fixed times and order, as office libraries stamp the time of writing."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    stamp = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            if name == "docProps/core.xml":
                data = stamp.sub(rb"\g<1>" + moment.encode(), data)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


def _stamp(source: Source) -> str:
    return source.moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(cell: str) -> float | int | str:
    """A cell as a spreadsheet keeps it: "1,250" is a number, "12 km" is not."""
    plain = cell.replace(",", "")
    if re.fullmatch(r"-?\d+", plain) and not re.fullmatch(r"0\d+", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d+\.\d+", plain) else cell


def write_docx(source: Source, path: Path) -> None:
    """Headings, paragraphs, bullet lists and tables, with the running lines of every page."""
    import docx

    document = docx.Document()
    properties = document.core_properties
    properties.title = source.fields.get("title", "")
    properties.author = source.fields.get("author", "")
    properties.created = properties.modified = source.moment.replace(tzinfo=None)
    section = document.sections[0]
    section.header.paragraphs[0].text = source.fields.get("header", "")
    section.footer.paragraphs[0].text = source.fields.get("footer", "")
    for block in source.blocks:
        _add_docx(document, block)
    document.save(str(path))
    _fix_archive(path, _stamp(source))


def _add_docx(document: Any, block: Block) -> None:
    if block.kind == "break":
        document.add_page_break()
    elif block.kind in ("heading1", "heading2"):
        document.add_heading(block.text, level=int(block.kind[-1]))
    elif block.kind == "table":
        table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    else:
        document.add_paragraph(block.text, style="List Bullet" if block.kind == "item" else None)


def write_xlsx(source: Source, path: Path) -> None:
    """One sheet for each second-level heading; what is not a table goes into column A."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    workbook.properties.title = source.fields.get("title", "")
    workbook.properties.creator = source.fields.get("author", "")
    sheet = None
    for block in source.blocks:
        if block.kind == "heading2" or sheet is None:
            sheet = workbook.create_sheet(block.text[:31])
        elif block.kind == "table":
            for row in block.rows:
                sheet.append([_number(cell) for cell in row])
        else:
            sheet.append([block.text])
    workbook.save(path)
    _fix_archive(path, _stamp(source))


def _page_class(source: Source, base: type) -> Any:
    class _Pages(base):  # type: ignore[misc]
        def header(self) -> None:
            self.set_font("body", size=8)
            self.cell(0, 6, source.fields.get("header", ""), new_x="LMARGIN", new_y="NEXT")
            self.ln(4)

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font("body", size=8)
            self.cell(0, 8, f"{source.fields.get('footer', '')}  {self.page_no()}", align="R")

    return _Pages(format="A4")


def write_pdf(source: Source, path: Path) -> None:
    """A4 pages with running lines; FileNotFoundError names the system font that is missing."""
    import fpdf

    pdf = _page_class(source, fpdf.FPDF)
    pdf.set_creation_date(source.moment)
    pdf.set_title(source.fields.get("title", ""))
    pdf.set_author(source.fields.get("author", ""))
    pdf.add_font("body", fname=_font(_LATIN_FONT))
    pdf.add_font("body", style="B", fname=_font(_BOLD_FONT))
    if any(_HAN.search(block.text + str(block.rows)) for block in source.blocks):
        pdf.add_font("han", fname=_font(_HAN_FONT), collection_font_number=2)
        pdf.set_fallback_fonts(["han"], exact_match=False)
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_page()
    for block in source.blocks:
        _add_pdf(pdf, block)
    pdf.output(str(path))


def _font(name: str) -> Path:
    if not (_FONTS / name).exists():
        raise FileNotFoundError(f"{_FONTS / name}: install fonts-dejavu and fonts-noto-cjk")
    return _FONTS / name


def _add_pdf(pdf: Any, block: Block) -> None:
    if block.kind == "break":
        pdf.add_page()
        return
    size = {"heading1": 16.0, "heading2": 12.0}.get(block.kind, 10.0)
    pdf.set_font("body", size=size)
    if block.kind == "table":
        with pdf.table() as table:
            for row in block.rows:
                table.row(row)
    else:
        text = f"\u2022 {block.text}" if block.kind == "item" else block.text
        pdf.multi_cell(0, size * 0.52, text, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)


def write_pptx(source: Source, path: Path) -> None:
    """A slide for each second-level heading; items as bullets, tables, notes as speaker notes."""
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    deck.core_properties.title = source.fields.get("title", "")
    deck.core_properties.author = source.fields.get("author", "")
    slide: Any = None
    for block in source.blocks:
        if block.kind in ("heading1", "heading2") or slide is None:
            slide = deck.slides.add_slide(deck.slide_layouts[1])
            slide.shapes.title.text = block.text
        elif block.kind == "note":
            slide.notes_slide.notes_text_frame.text += block.text
        elif block.kind == "table":
            rows, columns = len(block.rows), len(block.rows[0])
            area = (Inches(0.5), Inches(4.2), Inches(9), Inches(0.3 * rows))
            table = slide.shapes.add_table(rows, columns, *area).table
            for i, row in enumerate(block.rows):
                for j, cell in enumerate(row):
                    table.cell(i, j).text = cell
        else:
            frame = slide.placeholders[1].text_frame
            paragraph = frame.add_paragraph() if frame.text else frame.paragraphs[0]
            paragraph.text = block.text
    deck.save(str(path))
    _fix_archive(path, _stamp(source))


_CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" '
    'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


def _xhtml(block: Block) -> str:
    tags = {"heading1": "h1", "heading2": "h2", "item": "li", "note": "aside"}
    if block.kind == "break":
        return "<hr/>"
    if block.kind == "table":
        rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in block.rows)
        return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    tag = tags.get(block.kind, "p")
    text = f"<{tag}>{html.escape(block.text)}</{tag}>"
    return f"<ul>{text}</ul>" if block.kind == "item" else text


def _chapters(source: Source) -> Iterator[tuple[str, str]]:
    groups: list[list[Block]] = []
    for block in source.blocks:
        if block.kind == "heading1" or not groups:
            groups.append([])
        groups[-1].append(block)
    for blocks in groups:
        yield blocks[0].text, "\n".join(map(_xhtml, blocks))


def write_epub(source: Source, path: Path) -> None:
    """EPUB 3 with a chapter for each first-level heading and a table of contents."""
    title = html.escape(source.fields.get("title", ""))
    chapters = list(_chapters(source))
    page = '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"{}>'
    page += "<head><title>{}</title></head><body>{}</body></html>"
    files = [f"chapter{i}.xhtml" for i in range(1, len(chapters) + 1)]
    links = "".join(
        f'<li><a href="{file}">{html.escape(name)}</a></li>'
        for file, (name, _) in zip(files, chapters, strict=True)
    )
    nav = page.format(
        ' xmlns:epub="http://www.idpf.org/2007/ops"',
        title,
        f'<nav epub:type="toc"><ol>{links}</ol></nav>',
    )
    parts = {
        "META-INF/container.xml": _CONTAINER,
        "OEBPS/content.opf": _package(source, title, files),
        "OEBPS/nav.xhtml": nav,
    }
    for file, (name, body) in zip(files, chapters, strict=True):
        parts[f"OEBPS/{file}"] = page.format("", html.escape(name), body)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _EPOCH), "application/epub+zip")
        for part, text in parts.items():
            entry = zipfile.ZipInfo(part, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)


def _package(source: Source, title: str, files: list[str]) -> str:
    kind = 'media-type="application/xhtml+xml"'
    items = "".join(f'<item id="{file[:-6]}" href="{file}" {kind}/>' for file in files)
    spine = "".join(f'<itemref idref="{file[:-6]}"/>' for file in files)
    author = html.escape(source.fields.get("author", ""))
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:sourcebound:{Path(source.output).stem}</dc:identifier>'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f"<dc:date>{source.moment.date()}</dc:date><dc:language>en</dc:language>"
        f'<meta property="dcterms:modified">{_stamp(source)}</meta></metadata>'
        f'<manifest><item id="nav" href="nav.xhtml" properties="nav" {kind}/>{items}</manifest>'
        f"<spine>{spine}</spine></package>"
    )


WRITERS: dict[str, Callable[[Source, Path], None]] = {
    ".docx": write_docx,
    ".xlsx": write_xlsx,
    ".pdf": write_pdf,
    ".pptx": write_pptx,
    ".epub": write_epub,
}
