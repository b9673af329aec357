"""Word, PowerPoint, Excel and delimited tables: what is seen is read, as it is seen."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

from rag.documents.readers import extract
from rag.documents.readers.building import closed, is_header, row_sentence, table_sentences
from rag.documents.readers.csv_table import find_delimiter


def saved(document: object, path: Path) -> Path:
    stream = io.BytesIO()
    document.save(stream)
    path.write_bytes(stream.getvalue())
    return path


def test_word_text_is_what_a_reader_sees(tmp_path: Path):
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    document.add_paragraph("Contents 1", style=document.styles.add_style("toc 1", 1))
    paragraph = document.add_paragraph("The tide ")
    for change, text in (("del", "delText"), ("ins", "t")):
        paragraph._p.append(
            parse_xml(
                f"<w:{change} {nsdecls('w')} w:id='1' w:author='m'><w:r><w:{text}>{change}ed"
                f"</w:{text}></w:r></w:{change}>"
            )
        )
    paragraph.add_run(" 10")
    paragraph.add_run("6").font.superscript = True
    found, _ = extract(saved(document, tmp_path / "a.docx"))
    assert found.text == "Contents 1\n\nThe tide insed 10⁶"
    ((start, end, kind),) = [(span.start, span.end, span.kind) for span in found.chrome]
    assert (found.text[start:end], kind) == ("Contents 1", "contents")


def test_word_headings_and_properties(tmp_path: Path):
    import docx

    document = docx.Document()
    document.add_heading("Tides", 0)
    document.add_heading("At noon", 2)
    document.core_properties.created = datetime(2026, 2, 3)
    found, _ = extract(saved(document, tmp_path / "a.docx"))
    heads = [(found.text[head.start : head.end], head.level) for head in found.headings]
    assert heads == [("Tides", 1), ("At noon", 2)]
    assert found.metadata.author is None  # the library's own name is nobody's byline
    assert (found.metadata.published, found.metadata.found["published"]) == (
        "2026-02-03",
        "creation date",
    )


def test_slides_keep_notes_groups_and_charts_on_their_page(tmp_path: Path):
    import pptx
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Launches"
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "In a group."
    data = CategoryChartData()
    data.categories = ["2021", "2022"]
    data.add_series("Velden", (55, 64.5))
    data.add_series("Nordby", (3, None))
    size = (Inches(1), Inches(1), Inches(4), Inches(3))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *size, data)
    slide.notes_slide.notes_text_frame.text = "Say it slowly."
    deck.slides.add_slide(deck.slide_layouts[6])
    found, _ = extract(saved(deck, tmp_path / "a.pptx"))
    assert found.text.split("\n\n") == [
        "Launches",
        "In a group.",
        "2021; Velden: 55; Nordby: 3.",
        "2022; Velden: 64.5.",
        "Say it slowly.",
    ]
    assert [(page.number, page.end - page.start) for page in found.pages] == [
        (1, len(found.text)),
        (2, 0),
    ]


def test_sheets_show_values_as_excel_does(tmp_path: Path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Boats"
    sheet.append(["Boats of the coast"])
    sheet.append(["Port", "Share", "Cost", "Since", "Open"])
    sheet.append(["Velden", 0.07, 0.1 + 0.2, datetime(2020, 5, 1, 14, 30), True])
    sheet["B3"].number_format = "0.00%"
    hidden = book.create_sheet("Secret")
    hidden.append(["Hidden words"])
    hidden.sheet_state = "hidden"
    found, _ = extract(saved(book, tmp_path / "a.xlsx"))
    assert found.text.split("\n\n") == [
        "Boats of the coast.",
        "Port: Velden; Share: 7%; Cost: 0.3; Since: 2020-05-01 14:30; Open: TRUE.",
    ]
    assert [mark.metadata.title for mark in found.articles] == ["Boats"]


def test_a_table_without_column_names_stays_one():
    assert list(table_sentences([["1", "2"], ["3", "4"]])) == ["1; 2.", "3; 4."]


def test_rows_as_sentences():
    assert row_sentence(["Year", "", "Note:"], ["2021", "x", "It failed."]) == (
        "Year: 2021; x; Note: It failed."
    )
    assert row_sentence(["年份", "发射"], ["2021", "五十五次"]) == "年份: 2021; 发射: 五十五次。"
    assert row_sentence(["a"], ["1", "2", ""]) == "a: 1; 2."
    assert closed("") == ""
    assert is_header(["Port", "2020", "2021", "All"]) is False
    assert is_header(["Port", "Boats", "2021"]) is True


def test_delimiters():
    assert find_delimiter("a;b\n1,5;2\n2,5;3\n") == ";"
    assert find_delimiter('a,b\n"x, y",2\n') == ","
    assert find_delimiter("The tide is out, they say.\nNobody knows; it is dark.\nSo.\n") is None


def test_prose_named_as_a_table_is_read_as_prose(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("The tide is out, they say.\nNobody knows; it is dark.\nSo it goes.\n")
    found, _ = extract(path)
    assert (found.format, found.text) == ("txt", path.read_text())
