"""Tables in PDF: rows as sentences at exact places, and what is none left as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF

from rag.documents import fold, read
from rag.documents.readers import extract
from rag.documents.readers.pdf_view import boxes

PROSE = (
    "The office of Velden listed its two towing boats on Tuesday, and said that both of them had "
    "been built at the yard of Ostmark. Each carries a winch made by hand. It wants 3 more."
)
NOTE = "Prices are in thousands of crowns, and the office said that it would pay them in May."
BOATS = (
    ("Model", "Range (km)", "Payload (kg)", "Maker"),
    ("38SH", "231", "222", "Northwind Boatyard and Sons of the Northern Coast of Velden"),
    ("40SH", "250", "310", "Sued"),
    ("42SH", "", "350", "Sued"),
)
ROWS = [
    "Model: 38SH; Range (km): 231; Payload (kg): 222; "
    "Maker: Northwind Boatyard and Sons of the Northern Coast of Velden.",
    "Model: 40SH; Range (km): 250; Payload (kg): 310; Maker: Sued.",
    "Model: 42SH; Payload (kg): 350; Maker: Sued.",
]


def _page() -> FPDF:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    return pdf


def _told(pdf: FPDF) -> None:
    pdf.multi_cell(0, 5.5, PROSE, align="L")
    pdf.ln(4)


def _ended(pdf: FPDF, path: Path) -> Path:
    pdf.ln(4)
    pdf.multi_cell(0, 5.5, NOTE, align="L")
    pdf.output(str(path))
    return path


def _drawn(pdf: FPDF, rows: Any, **kinds: Any) -> None:
    with pdf.table(**kinds) as table:
        for row in rows:
            table.row(row)


def _set(pdf: FPDF, rows: Any, widths: Any, align: str = "L") -> None:
    """Rows by position alone, nothing drawn; figures set to the left or to the right."""
    for row in rows:
        for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
            pdf.cell(width, 5.5, cell, align=align if at else "L")
        pdf.ln()


def _rows(path: Path) -> list[str]:
    found, _ = extract(path)
    return [found.text[start:end] for start, end in found.rows]


@pytest.mark.parametrize("align", ["LEFT", "CENTER", "JUSTIFY"])
@pytest.mark.parametrize("v_align", ["TOP", "MIDDLE"])
def test_a_framed_table_with_wrapped_cells(tmp_path: Path, align: str, v_align: str):
    pdf = _page()
    _told(pdf)
    _drawn(pdf, BOATS, text_align=align, v_align=v_align)
    found, _ = extract(_ended(pdf, tmp_path / "a.pdf"))
    assert [found.text[start:end] for start, end in found.rows] == ROWS
    assert fold(found.text) == " ".join([PROSE, *ROWS, NOTE])
    assert found.text.count("\n\n".join(ROWS)) == 1


@pytest.mark.parametrize("layout", ["HORIZONTAL_LINES", "MINIMAL", "SINGLE_TOP_LINE", "NONE"])
def test_a_table_with_few_lines_drawn_or_none(tmp_path: Path, layout: str):
    pdf = _page()
    _told(pdf)
    _drawn(pdf, BOATS, borders_layout=layout, text_align="LEFT", v_align="TOP", padding=2)
    assert _rows(_ended(pdf, tmp_path / "a.pdf")) == ROWS


@pytest.mark.parametrize("align", ["L", "R", "C"])
def test_columns_by_position_alone(tmp_path: Path, align: str):
    pdf = _page()
    _told(pdf)
    rows = [("", "2023", "2024"), ("Velden quay", "1,204", "7"), ("Ost", "88", "1,000")]
    _set(pdf, rows, (50, 30, 30), align)
    said = ["Velden quay; 2023: 1,204; 2024: 7.", "Ost; 2023: 88; 2024: 1,000."]
    assert _rows(_ended(pdf, tmp_path / "a.pdf")) == said


def test_two_columns_are_a_table_where_figures_are_set_to_the_right(tmp_path: Path):
    pdf = _page()
    _told(pdf)
    _set(pdf, [("Port", "Boats"), ("Velden", "4"), ("Ostby", "17")], (40, 20), "R")
    rows = _rows(_ended(pdf, tmp_path / "a.pdf"))
    assert rows == ["Port: Velden; Boats: 4.", "Port: Ostby; Boats: 17."]


def test_a_frame_around_words_is_a_table(tmp_path: Path):
    pdf = _page()
    _told(pdf)
    _drawn(pdf, [("Risk", "Answer"), ("Fog in the narrows", "Two pilots"), ("Ice", "A tug")])
    rows = _rows(_ended(pdf, tmp_path / "a.pdf"))
    assert rows == ["Risk: Fog in the narrows; Answer: Two pilots.", "Risk: Ice; Answer: A tug."]


def test_two_tables_one_below_the_other(tmp_path: Path):
    pdf = _page()
    _told(pdf)
    _drawn(pdf, BOATS)
    pdf.ln(3)
    _set(pdf, [("Port", "Boats", "Crew"), ("Velden", "4", "9"), ("Ost", "7", "31")], (40, 20, 20))
    rows = _rows(_ended(pdf, tmp_path / "a.pdf"))
    assert rows == [*ROWS, "Port: Velden; Boats: 4; Crew: 9.", "Port: Ost; Boats: 7; Crew: 31."]


def test_a_row_is_a_sentence_on_its_page_and_its_box_is_around_its_cells(tmp_path: Path):
    pdf = _page()
    _told(pdf)
    pdf.add_page()
    _drawn(pdf, BOATS, v_align="TOP")
    top = 10 / 25.4 * 72
    path = _ended(pdf, tmp_path / "a.pdf")
    source = read(path)
    quotes = {fold(source.text[s.start : s.end]): s for s in source.documents[0].sentences}
    assert [quote for quote in quotes if quote in ROWS] == ROWS
    page = source.pages[1]
    held = []
    for row in ROWS:
        sentence = quotes[row]
        assert page.start <= sentence.start < sentence.end <= page.end
        assert boxes(path, 1, sentence.start, sentence.end) == []
        held += boxes(path, 2, sentence.start, sentence.end)
    assert len(held) == 3
    (first, second, third) = held
    assert top < first[1] < first[3] < second[1] < second[3] < third[1] < third[3]
    assert first[3] - first[1] > 2 * (second[3] - second[1])  # its last cell has several lines
    assert first[2] - first[0] > 400


def test_the_box_of_a_cell_is_the_cell(tmp_path: Path):
    pdf = _page()
    pdf.text(20, 20, "Model")
    pdf.text(80, 20, "Range (km)")
    pdf.text(140, 20, "Price")
    for line, row in enumerate((("38SH", "231", "284"), ("40SH", "250", "401")), 1):
        for at, cell in enumerate(row):
            pdf.text(20 + 60 * at, 20 + 6 * line, cell)
    pdf.output(str(tmp_path / "a.pdf"))
    found, _ = extract(tmp_path / "a.pdf")
    assert found.text == (
        "Model: 38SH; Range (km): 231; Price: 284.\n\nModel: 40SH; Range (km): 250; Price: 401."
    )
    start = found.text.index("250")
    ((left, upper, right, lower),) = boxes(tmp_path / "a.pdf", 1, start, start + 3)
    point = 72 / 25.4
    assert left == pytest.approx(80 * point, abs=2) and right < 90 * point
    assert lower == pytest.approx(32 * point, abs=2) and upper > 28 * point


@pytest.mark.parametrize("align", ["L", "J"])
@pytest.mark.parametrize("by_line", [False, True])
def test_text_in_two_columns_is_no_table(tmp_path: Path, align: str, by_line: bool):
    """Column after column, as newsletters are set; and line by line across both."""
    left = (
        "The council met on Tuesday and voted for the 2 new quays, which cost 12 million crowns. "
        "The members argued for 3 hours before the vote, and 14 of them left early."
    )
    right = (
        "A boat of 12 metres was found on 4 May with 3 men aboard it. The crew had left the port "
        "of Marl on 1 May. They had 12 litres of water and 4 loaves of bread."
    )
    pdf = _page()
    if by_line:
        columns = [
            pdf.multi_cell(60, 5, text, dry_run=True, output="LINES") for text in (left, right)
        ]
        for number, pair in enumerate(zip(*columns, strict=False)):
            for at, line in enumerate(pair):
                pdf.set_xy(10 + 70 * at, 40 + 5 * number)
                pdf.cell(60, 5, line)
    else:
        for at, (head, text) in enumerate((("Quays", left), ("Boats", right))):
            pdf.set_xy(10 + 70 * at, 40)
            pdf.cell(60, 6, head)
            pdf.set_xy(10 + 70 * at, 48)
            pdf.multi_cell(60, 5, text, align=align)
    pdf.output(str(tmp_path / "a.pdf"))
    found, _ = extract(tmp_path / "a.pdf")
    assert not found.rows
    if not by_line:
        assert fold(found.text) == f"Quays {left} Boats {right}"


def test_a_table_in_one_of_two_columns(tmp_path: Path):
    pdf = _page()
    pdf.set_xy(10, 40)
    pdf.multi_cell(80, 5, PROSE, align="L")
    pdf.ln(3)
    _set(pdf, [("Port", "Boats", "Crew"), ("Velden", "4", "9"), ("Ost", "7", "31")], (30, 20, 20))
    pdf.set_xy(110, 40)
    pdf.multi_cell(80, 5, f"{NOTE} {PROSE} {NOTE}", align="L")
    pdf.output(str(tmp_path / "a.pdf"))
    rows = ["Port: Velden; Boats: 4; Crew: 9.", "Port: Ost; Boats: 7; Crew: 31."]
    assert _rows(tmp_path / "a.pdf") == rows
    assert fold(extract(tmp_path / "a.pdf")[0].text) == " ".join([PROSE, *rows, NOTE, PROSE, NOTE])


@pytest.mark.parametrize(
    "rows",
    [
        [("Name", "Anna Berg"), ("Phone", "555 1234"), ("Fax", "555 1235"), ("Room", "12")],
        [("Anna Berg", "Tom Roth"), ("12 Mill Lane", "4 High Street"), ("8001 Velden", "9000 Ost")],
        [("Contents", "Page"), ("Introduction", "3"), ("Methods", "17")],
        [("Ost", "12", "40"), ("Marl", "13", "41"), ("Velden", "14", "42")],
    ],
)
def test_what_stands_side_by_side_and_is_no_table_stays(tmp_path: Path, rows: Any):
    pdf = _page()
    _told(pdf)
    _set(pdf, rows, [40] * len(rows[0]))
    found, _ = extract(_ended(pdf, tmp_path / "a.pdf"))
    assert not found.rows
    assert fold(found.text) == " ".join([PROSE, *(" ".join(row) for row in rows), NOTE])


def test_large_rows_are_no_headings(tmp_path: Path):
    pdf = _page()
    _told(pdf)
    pdf.set_font("Helvetica", size=16)
    _drawn(pdf, [("Port", "Boats", "Crew"), ("Velden", "4", "9"), ("Ost", "7", "31")])
    pdf.set_font("Helvetica", size=11)
    found, _ = extract(_ended(pdf, tmp_path / "a.pdf"))
    assert len(found.rows) == 2 and not found.headings
