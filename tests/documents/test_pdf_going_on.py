"""Tables in PDF that go on upon the next page keep their names; what only looks alike does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF

from rag.documents import fold, read
from rag.documents.readers import extract
from rag.documents.readers.pdf_view import boxes

PROSE = (
    "The office of Velden listed all of its towing boats on Tuesday, and said that most of them "
    "had been built at the yard of Ostmark. Each carries a winch made by hand. It wants 3 more."
)
NAMES = ("Boat", "Range (km)", "Payload (kg)", "Built at")


class Report(FPDF):
    """Pages with a running head and a foot."""

    def header(self) -> None:
        self.set_font("Helvetica", size=9)
        self.cell(0, 5, "Harbour office of Velden     Report for 2024")
        self.ln(12)
        self.set_font("Helvetica", size=11)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=9)
        self.cell(0, 5, f"Page {self.page_no()}", align="C")


def boat(number: int) -> tuple[str, ...]:
    return (f"Boat T-{number}", str(200 + number), f"{1000 + 7 * number:,}", "Ostmark")


def said(number: int) -> str:
    return (
        "; ".join(f"{name}: {cell}" for name, cell in zip(NAMES, boat(number), strict=True)) + "."
    )


def report(*, drawn: bool, count: int, again: bool = False, pdf: FPDF | None = None) -> FPDF:
    pdf = pdf or Report()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.multi_cell(0, 5.5, PROSE, align="L")
    pdf.ln(4)
    rows = [NAMES, *map(boat, range(count))]
    if drawn:
        with pdf.table(repeat_headings=int(again), text_align="LEFT") as table:
            for row in rows:
                table.row(row)
    else:
        place(pdf, rows)
    pdf.ln(4)
    pdf.multi_cell(0, 5.5, PROSE, align="L")
    return pdf


def place(pdf: FPDF, rows: Any, widths: Any = (45, 45, 45, 45)) -> None:
    for row in rows:
        for cell, width in zip(row, widths, strict=True):
            pdf.cell(width, 6, cell)
        pdf.ln()


def rows_of(pdf: FPDF, path: Path) -> list[str]:
    pdf.output(str(path))
    found, _ = extract(path)
    return [found.text[start:end] for start, end in found.rows]


@pytest.mark.parametrize("drawn", [True, False])
@pytest.mark.parametrize("count", [41, 60, 110])
def test_rows_of_the_next_pages_keep_the_names(tmp_path: Path, drawn: bool, count: int):
    pdf = report(drawn=drawn, count=count)
    assert rows_of(pdf, tmp_path / "a.pdf") == [said(number) for number in range(count)]
    assert pdf.pages_count > 1


def test_names_printed_again_are_no_row(tmp_path: Path):
    pdf = report(drawn=True, count=70, again=True)
    assert rows_of(pdf, tmp_path / "a.pdf") == [said(number) for number in range(70)]


def test_a_page_without_head_and_foot(tmp_path: Path):
    pdf = report(drawn=False, count=60, pdf=FPDF())
    assert rows_of(pdf, tmp_path / "a.pdf") == [said(number) for number in range(60)]


def test_a_frame_around_words_goes_on(tmp_path: Path):
    pdf = Report()
    pdf.add_page()
    places = [("Place", "Danger", "Answer")]
    places += [(f"Mole {chr(65 + n % 26)}{chr(65 + n // 26)}", "Fog", "A pilot") for n in range(60)]
    with pdf.table(repeat_headings=0) as table:
        for row in places:
            table.row(row)
    rows = rows_of(pdf, tmp_path / "a.pdf")
    assert rows == [f"Place: {mole}; Danger: Fog; Answer: A pilot." for mole, *_ in places[1:]]


def test_a_row_stands_on_its_own_page_and_its_box_around_its_cells(tmp_path: Path):
    path = tmp_path / "a.pdf"
    report(drawn=True, count=60).output(str(path))
    source = read(path)
    quotes = {fold(source.text[s.start : s.end]): s for s in source.documents[0].sentences}
    last = quotes[said(59)]
    assert source.pages[1].start <= last.start < last.end <= source.pages[1].end
    assert boxes(path, 1, last.start, last.end) == []
    (box,) = boxes(path, 2, last.start, last.end)
    assert box[3] - box[1] < 20 and box[2] - box[0] > 300


def test_another_table_on_the_next_page_has_its_own_names(tmp_path: Path):
    pdf = Report()
    pdf.add_page()
    place(pdf, [NAMES, *map(boat, range(39))])
    pdf.add_page()
    place(pdf, [("Port", "Depth (m)", "Quays", "Owner"), ("Marl", "7", "2", "The town")])
    place(pdf, [("Ulm", "9", "4", "The town")])
    rows = rows_of(pdf, tmp_path / "a.pdf")
    assert rows[39:] == [
        "Port: Marl; Depth (m): 7; Quays: 2; Owner: The town.",
        "Port: Ulm; Depth (m): 9; Quays: 4; Owner: The town.",
    ]


@pytest.mark.parametrize(
    ("count", "note", "next_rows", "widths"),
    [
        (10, "", [boat(11), boat(12)], (45, 45, 45, 45)),  # the table ends high on its page
        (39, "", [("Anna", "Tom", "Eva", "Max")], (45, 45, 45, 45)),  # no figures
        (39, "", [boat(11), boat(12)], (25, 25, 25, 25)),  # other columns
        (39, PROSE, [boat(11), boat(12)], (45, 45, 45, 45)),  # running text above
    ],
)
def test_what_does_not_go_on_stays(
    tmp_path: Path, count: int, note: str, next_rows: Any, widths: Any
):
    pdf = Report()
    pdf.add_page()
    place(pdf, [NAMES, *map(boat, range(count))])
    pdf.add_page()
    if note:
        pdf.ln(20)
        pdf.multi_cell(0, 5.5, note, align="L")
    place(pdf, next_rows, widths)
    assert len(rows_of(pdf, tmp_path / "a.pdf")) == count
