"""PDF pages as text, and the boxes of a quote on a page."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from rag.documents import fold, inspect_json, inspect_text, read, unread
from rag.documents.readers import extract
from rag.documents.readers.pdf_view import boxes, render_page
from rag.errors import UsageError
from rag.types import Page, SourceFile
from tests.documents import fixtures


def test_lines_stay_and_paragraphs_are_set_apart(tmp_path: Path):
    found, _ = extract(fixtures.make_pdf(tmp_path / "a.pdf"))
    assert found.wrapped
    title, body, *_ = found.text.split("\n\n")
    assert title == fixtures.TITLE
    assert fold(body) == fixtures.PARAGRAPHS[0]
    assert "\n" in body
    ((start, end, level),) = [(head.start, head.end, head.level) for head in found.headings]
    assert (found.text[start:end], level) == (fixtures.TITLE, 1)
    assert found.metadata.published == "2026-02-03"
    assert found.metadata.found["published"] == "creation date"


def test_a_hyphen_at_a_line_end_stays_with_the_line_end(tmp_path: Path):
    from fpdf import FPDF

    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=11)
    pdf.multi_cell(0, 6, "The office trusts inter-\nnational observers.")
    pdf.output(str(tmp_path / "a.pdf"))
    found, _ = extract(tmp_path / "a.pdf")
    assert found.text == "The office trusts inter-\nnational observers."


def test_the_boxes_of_a_quote_are_its_lines(tmp_path: Path):
    path = fixtures.make_pdf(tmp_path / "a.pdf")
    found, _ = extract(path)
    quote = fixtures.SECOND[0]
    start = found.text.index("Each satellite")
    end = found.text.index("one radar.") + len("one radar.")
    assert fold(found.text[start:end]) == quote
    assert boxes(path, 1, start, end) == []
    held = boxes(path, 2, start, end)
    assert len(held) == found.text[start:end].count("\n") + 1
    for left, top, right, bottom in held:
        assert 0 < left < right < 595.3
        assert 0 < top < bottom < 841.9
        assert bottom - top < 20
    tops = [box[1] for box in held]
    assert tops == sorted(tops)


def test_boxes_cover_the_dark_pixels_of_the_quote(tmp_path: Path):
    from PIL import Image

    path = fixtures.make_pdf(tmp_path / "a.pdf")
    found, _ = extract(path)
    page = found.pages[1]
    held = boxes(path, 2, page.start, page.end)
    picture = Image.open(io.BytesIO(render_page(path, 2, 1.0))).convert("L")
    dark = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark is not None
    assert dark[0] == pytest.approx(min(box[0] for box in held), abs=2)
    assert dark[1] == pytest.approx(min(box[1] for box in held), abs=2)
    assert dark[2] == pytest.approx(max(box[2] for box in held), abs=2)
    assert dark[3] == pytest.approx(max(box[3] for box in held), abs=2)


def test_a_page_that_is_not_there_is_said(tmp_path: Path):
    path = fixtures.make_pdf(tmp_path / "a.pdf")
    with pytest.raises(UsageError, match="pages 1 to 2, not 3"):
        render_page(path, 3)


def test_pages_without_text_among_others_are_said(tmp_path: Path):
    source = read(fixtures.make_part_scan(tmp_path / "a.pdf"))
    assert unread(source) == ("pages 2-3 of 4 have no text (scanned or blank)",)
    assert unread(read(fixtures.make_pdf(tmp_path / "b.pdf"))) == ()
    assert "warning: pages 2-3 of 4" in inspect_text(source, colour=False).splitlines()[1]
    assert inspect_json(source)["warnings"] == list(unread(source))


def test_single_pages_and_runs_are_told_apart():
    pages = tuple(Page(number, number, number + 1) for number in range(1, 9))
    said = unread(SourceFile("a.pptx", "", "pptx", " a b    c", (), (), pages))
    assert said == ("slides 2, 4-7 of 8 have no text (scanned or blank)",)
    one = unread(SourceFile("a.pdf", "", "pdf", " ab", (), (), (*pages[:2], Page(3, 3, 3))))
    assert one == ("page 3 of 3 has no text (scanned or blank)",)
