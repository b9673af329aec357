"""Files and pages behind sealed links."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rag.documents import read
from rag.ui.originals import Originals, page_svg
from tests.ui.scripted import hold_pdf

SENTENCE = "The dredger Halvorsen cleared 310,000 tonnes of silt before the autumn storms."


def write_pdf(path, size="A4", pages=("Harbour works\n\nNothing was done in spring.", SENTENCE)):
    from fpdf import FPDF

    pdf = FPDF(format=size)
    pdf.set_font("helvetica", size=13)
    for text in pages:
        pdf.add_page()
        pdf.multi_cell(0, 8, text)
    pdf.output(str(path))
    return path


@pytest.fixture
def served(tmp_path):
    """A client, the originals behind it, and a stored PDF whose second page holds SENTENCE."""
    row = hold_pdf(7, write_pdf(tmp_path / "harbour works.pdf")).document
    originals = Originals(SimpleNamespace(document={7: row}.get))
    return TestClient(Starlette(routes=originals.routes())), originals, row


def place(row):
    text = read(row.path).text
    start = text.index("cleared")
    return start, start + len("cleared 310,000 tonnes")


def test_the_page_is_drawn_with_a_box_where_the_words_are(served):
    client, originals, row = served
    answer = client.get(originals.page_link(row, 2, *place(row), "en"))
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/svg+xml"
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', answer.text).groups())
    assert (round(width), round(height)) == (595, 842)
    (box,) = re.findall(
        r'<rect class="sb-box" x="([\d.]+)" y="([\d.]+)" rx="1.5" width="([\d.]+)"', answer.text
    )
    left, top, wide = map(float, box)
    # The words begin after "The dredger Halvorsen " and stand on the first line of the page.
    assert 130 < left < 190 and 25 < top < 55 and 110 < wide < 170
    assert "image/png;base64," in answer.text and "<script" not in answer.text
    other = client.get(originals.page_link(row, 1, *place(row), "en"))
    assert other.status_code == 200 and "sb-box" not in other.text


def test_a_file_is_handed_out_to_be_saved_and_never_to_be_run(served):
    client, originals, row = served
    answer = client.get(originals.file_link(row))
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_no_link_no_file(served):
    client, originals, row = served
    link = originals.file_link(row)
    seal = link.split("/")[3]
    forged = seal[:-1] + ("0" if seal[-1] != "0" else "1")
    assert client.get(link.replace(seal, forged)).status_code == 404
    assert client.get(link.replace("/7/", "/8/")).status_code == 404
    assert Originals(SimpleNamespace(document={7: row}.get)).file_link(row) != link


def test_a_changed_file_shows_no_page_and_a_missing_one_is_said(served, tmp_path):
    client, originals, row = served
    link = originals.page_link(row, 2, *place(row), "en")
    write_pdf(tmp_path / "harbour works.pdf", pages=("Other words.",))
    answer = client.get(link)
    assert answer.status_code == 409 and "has changed" in answer.text
    (tmp_path / "harbour works.pdf").unlink()
    assert client.get(link).status_code == client.get(originals.file_link(row)).status_code == 404


def test_nonsense_in_the_address_draws_no_box(served):
    client, originals, row = served
    link = originals.page_link(row, 2, 5, 9, "en").split("?")[0]
    assert "sb-box" not in client.get(f"{link}?start=9e9&end=<b>").text
    assert client.get(link.replace("/page/2", "/page/99")).status_code == 404
    assert originals.page_link(row, None, 5, 9, "en") is None


def test_an_absurdly_large_page_is_drawn_small(tmp_path):
    path = write_pdf(tmp_path / "wall.pdf", size=(5000, 4000), pages=("A wall.",))
    assert len(page_svg(path, 1, 0, 3)) < 2_000_000
