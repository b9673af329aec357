"""Real files of every format, made with the formats' own libraries. The story is invented."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

TITLE = "Harbour office orders three tide satellites"
AUTHOR = "Mira Oldenkamp"
FIRST = (
    "The Harbour Office of Velden ordered three small satellites on Tuesday to measure the tides "
    "along its northern coast.",
    "The order is worth 22.5 million crowns, according to the office.",
)
SECOND = (
    "Each satellite weighs 180 kilograms and carries one radar.",
    "The first launch is planned for March 2027 from a ship in the southern sea.",
)
HAN = (
    "港务局星期二订购了三颗小型卫星，用来测量北部海岸的潮汐。",
    "首次发射计划于二〇二七年三月进行。",
)
QUOTES = (*FIRST, *SECOND, *HAN)
TABLE = (("Year", "Launches", "Failed"), ("2021", "55", "3"), ("2022", "64", "2"))
ROWS = ("Year: 2021; Launches: 55; Failed: 3.", "Year: 2022; Launches: 64; Failed: 2.")
PARAGRAPHS = (" ".join(FIRST), " ".join(SECOND), "".join(HAN))
ENGLISH = (*FIRST, *SECOND)


def make_txt(path: Path) -> Path:
    path.write_text(f"{TITLE}\n\n" + "\n\n".join(PARAGRAPHS) + "\n", encoding="utf-8")
    return path


def make_md(path: Path) -> Path:
    path.write_text(f"# {TITLE}\n\n" + "\n\n".join(PARAGRAPHS) + "\n", encoding="utf-8")
    return path


HTML = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{title} | Coast Courier</title>
<meta property="og:site_name" content="Coast Courier">
<meta name="author" content="{author}">
<link rel="canonical" href="https://courier.example/tides">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
"datePublished": "2026-02-03T08:15:00+01:00"}}</script>
<style>p {{ color: blue }}</style></head><body>
<header><div class="logo">Coast Courier</div></header>
<nav><ul><li><a href="/">Front page</a></li><li><a href="/sea">Sea</a></li></ul></nav>
<article><h1>{title}</h1>
<p>{first}</p><p>{second}</p>
<h2>Launches so far</h2>{table}
<p>{han}</p>
<div class="share-buttons"><a href="#">Send this by post</a></div>
</article>
<aside>Weather: rain over the whole coast.</aside>
<div class="teasers"><a href="/a">Ferry fares go up again</a> <a href="/b">Old lighthouse sold</a>
<a href="/c">Eels return to the river</a></div>
<script>document.write("Never shown");</script>
<footer>All rights with the Courier.</footer></body></html>"""


def html_text() -> str:
    head = "".join(f"<th>{cell}</th>" for cell in TABLE[0])
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE[1:]
    )
    first, second, han = PARAGRAPHS
    table = f"<table><tr>{head}</tr>{rows}</table>"
    return HTML.format(title=TITLE, author=AUTHOR, first=first, second=second, han=han, table=table)


def make_html(path: Path) -> Path:
    path.write_text(html_text(), encoding="utf-8")
    return path


def make_pdf(path: Path, password: str | None = None) -> Path:
    """Two pages: the first paragraph on page 1, the second on page 2."""
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_creation_date(datetime(2026, 2, 3, 8, 15))
    pdf.set_title(TITLE)
    pdf.set_author(AUTHOR)
    if password:
        pdf.set_encryption(owner_password="owner", user_password=password)
    for page, paragraph in enumerate(PARAGRAPHS[:2]):
        pdf.add_page()
        if not page:
            pdf.set_font("Helvetica", size=18)
            pdf.multi_cell(0, 9, TITLE)
            pdf.ln(5)
        pdf.set_font("Helvetica", size=11)
        pdf.multi_cell(80, 5.5, paragraph)
    pdf.output(str(path))
    return path


def make_scan(path: Path) -> Path:
    """A PDF whose only page is a picture."""
    from fpdf import FPDF
    from PIL import Image

    pdf = FPDF()
    pdf.add_page()
    pdf.image(Image.new("L", (200, 280), 200), x=0, y=0, w=200)
    pdf.output(str(path))
    return path


def make_docx(path: Path) -> Path:
    import docx

    document = docx.Document()
    document.core_properties.title = TITLE
    document.core_properties.author = AUTHOR
    document.core_properties.created = datetime(2026, 2, 3, 8, 15)
    document.add_heading(TITLE, 1)
    document.add_paragraph(PARAGRAPHS[0])
    document.add_heading("The satellites", 2)
    document.add_paragraph(PARAGRAPHS[1])
    document.add_paragraph(PARAGRAPHS[2])
    table = document.add_table(rows=0, cols=len(TABLE[0]))
    for row in TABLE:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    document.save(str(path))
    return path


def make_pptx(path: Path) -> Path:
    """Three slides: a paragraph each, the table on the third, notes on the second."""
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    deck.core_properties.title = TITLE
    deck.core_properties.author = AUTHOR
    for number, paragraph in enumerate(PARAGRAPHS):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = TITLE if not number else f"Part {number}"
        slide.placeholders[1].text = paragraph
        if number == 1:
            slide.notes_slide.notes_text_frame.text = "Say that the radar was tested at sea."
        if number == 2:
            shape = slide.shapes.add_table(3, 3, Inches(1), Inches(4), Inches(6), Inches(2))
            for y, row in enumerate(TABLE):
                for x, text in enumerate(row):
                    shape.table.cell(y, x).text = text
    deck.save(str(path))
    return path


def make_xlsx(path: Path) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.properties.title = TITLE
    book.properties.creator = AUTHOR
    sheet = book.active
    sheet.title = "Launch record"
    sheet.append(TABLE[0])
    for row in TABLE[1:]:
        sheet.append([int(cell) for cell in row])
    other = book.create_sheet("Shares")
    other.append(("Maker", "Share", "Since"))
    other.append(("Nordwerk", 0.225, datetime(2019, 4, 1)))
    other["B2"].number_format = "0.0%"
    book.save(str(path))
    return path


def make_csv(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(TABLE)
    return path


def make_epub(path: Path, encrypted: bool = False) -> Path:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{TITLE}</dc:title>'
        f"<dc:creator>{AUTHOR}</dc:creator><dc:date>2026-02-03</dc:date></metadata><manifest>"
        '<item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>'
        '</manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/book.opf", package)
        for name, heading, paragraph in (
            ("one", "The order", PARAGRAPHS[0]),
            ("two", "The satellites", PARAGRAPHS[1] + "</p><p>" + PARAGRAPHS[2]),
        ):
            page = (
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
                f"<head><title>x</title></head><body><h1>{heading}</h1><p>{paragraph}</p></body></html>"
            )
            archive.writestr(f"OEBPS/{name}.xhtml", page)
        if encrypted:
            archive.writestr(
                "META-INF/encryption.xml",
                '<encryption><CipherReference URI="OEBPS/one.xhtml"/></encryption>',
            )
    return path


def mail_message() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = TITLE
    message["From"] = f"{AUTHOR} <mira@courier.example>"
    message["To"] = "desk@courier.example"
    message["Date"] = "Tue, 03 Feb 2026 08:15:00 +0100"
    message["Message-ID"] = "<1@courier.example>"
    body = "\n\n".join(PARAGRAPHS)
    message.set_content(f"{body}\n\n> Please send the text by noon.\n\n-- \nMira, Coast Courier\n")
    return message


def make_eml(path: Path) -> Path:
    message = mail_message()
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="tides.pdf")
    path.write_bytes(bytes(message))
    return path


def make_mhtml(path: Path) -> Path:
    """A page as a browser saves it: one mail with the page and a style sheet as parts."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://courier.example/saved"
    message["Subject"] = TITLE
    message.set_content(html_text(), subtype="html")
    message.add_related(b"p { margin: 0 }", maintype="text", subtype="css")
    path.write_bytes(bytes(message))
    return path


def make_bomb(path: Path, megabytes: int = 20) -> Path:
    """A Word document whose body unpacks to very many zeros."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (megabytes * 1_000_000))
    return path


def make_locked_zip(path: Path) -> Path:
    """A Word document whose members bear the flag of traditional zip encryption."""
    data = bytearray(make_docx(path).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    path.write_bytes(bytes(data))
    return path


def zip_of(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


MAKERS: dict[str, Callable[[Path], Path]] = {
    "txt": make_txt,
    "md": make_md,
    "html": make_html,
    "pdf": make_pdf,
    "docx": make_docx,
    "pptx": make_pptx,
    "xlsx": make_xlsx,
    "csv": make_csv,
    "epub": make_epub,
    "eml": make_eml,
}
EXPECTED: dict[str, tuple[str, ...]] = {
    "txt": QUOTES,
    "md": QUOTES,
    "html": (*QUOTES, *ROWS),
    "pdf": ENGLISH,
    "docx": (*QUOTES, *ROWS),
    "pptx": (*QUOTES, *ROWS),
    "xlsx": (*ROWS, "Maker: Nordwerk; Share: 22.5%; Since: 2019-04-01."),
    "csv": ROWS,
    "epub": QUOTES,
    "eml": QUOTES,
}
"""For each format the sentences its file must give."""


def make_part_scan(path: Path) -> Path:
    """A PDF of four pages: text, two pictures, text."""
    from fpdf import FPDF
    from PIL import Image

    pdf = FPDF()
    for paragraph in (PARAGRAPHS[0], None, None, PARAGRAPHS[1]):
        pdf.add_page()
        if paragraph is None:
            pdf.image(Image.new("L", (200, 280), 200), x=0, y=0, w=200)
        else:
            pdf.set_font("Helvetica", size=11)
            pdf.multi_cell(80, 5.5, paragraph)
    pdf.output(str(path))
    return path
