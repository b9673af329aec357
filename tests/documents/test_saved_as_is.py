"""Files as they are saved and sent: what a browser, an office program or a ministry adds."""

from __future__ import annotations

import io
from datetime import datetime
from email.message import EmailMessage

import pytest

from rag.documents import fold, structure
from rag.documents.readers import reader_for
from rag.documents.readers.building import table_sentences
from rag.types import SourceFile

SAID = (
    "The harbour of Velden will be dredged to 16 metres by the end of next year. The work costs "
    "210 million crowns, and two dredgers were hired for it in Ostmark."
)


def read(data: bytes | str, kind: str) -> SourceFile:
    raw = data.encode() if isinstance(data, str) else data
    return structure(reader_for(kind)(raw, f"a.{kind}"), f"a.{kind}", "0")


def quotes(source: SourceFile) -> list[str]:
    return [fold(source.text[s.start : s.end]) for d in source.documents for s in d.sentences]


def test_text_that_waits_for_a_script_to_show_it_is_read():
    hidden = "".join(f"<p>{SAID}</p>" for _ in range(3))
    page = (
        f"<body><h1>The tide</h1><div style='visibility: hidden; opacity: 0'>{hidden}</div></body>"
    )
    assert len(quotes(read(page, "html"))) == 6
    assert quotes(read("<p>Yes.</p><p style='visibility:hidden'>No.</p>", "html")) == ["Yes."]
    assert quotes(read(f"<p>Yes.</p><div style='display:none'>{hidden}</div>", "html")) == ["Yes."]


def test_a_list_of_contents_with_its_own_title_is_a_menu():
    page = f"<nav><h1>Contents</h1><ol><li>The first mole</li></ol></nav><h1>The mole</h1><p>{SAID}</p>"
    assert quotes(read(page, "html"))[0].startswith("The harbour")


@pytest.mark.parametrize(
    "notice",
    [
        "We use cookies to give you the best experience on our site.",
        "This website stores data such as cookies to enable important functions, and analytics.",
    ],
)
def test_a_notice_of_cookies_is_furniture(notice: str):
    page = f"<body><div><p>{notice}</p></div><h1>The tide</h1><p>{SAID}</p></body>"
    assert not any("cookies" in quote for quote in quotes(read(page, "html")))


def test_widgets_beside_a_blog_are_none_of_its_text():
    side = "<div class='widget-area'><h2>About me</h2><p>I write about boats.</p></div>"
    page = f"<body><h1>The tide</h1><p>{SAID}</p><p>{SAID}</p>{side}</body>"
    assert "I write about boats." not in quotes(read(page, "html"))


def test_two_rows_of_names_and_a_row_of_units():
    rows = [
        ["Trade of the ports"],
        ["Port", "Exports", "", "Imports", ""],
        ["", "2023", "2024", "2023", "2024"],
        ["", "mn", "mn", "mn", "mn"],
        ["Velden", "1204.5", "1188", "900", "912"],
        ["Ulm", "88", "", "140", "151"],
        ["Source: the customs office."],
    ]
    assert list(table_sentences(rows)) == [
        "Trade of the ports.",
        "Port: Velden; Exports, 2023, mn: 1204.5; Exports, 2024, mn: 1188; "
        "Imports, 2023, mn: 900; Imports, 2024, mn: 912.",
        "Port: Ulm; Exports, 2023, mn: 88; Imports, 2023, mn: 140; Imports, 2024, mn: 151.",
        "Source: the customs office.",
    ]


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ([["Port", "Boats", "Crew"], ["", "4", "9"]], "Boats: 4; Crew: 9."),
        ([["Port", "Master", "Mate"], ["", "Roth", "Ulmer"]], "Master: Roth; Mate: Ulmer."),
        (
            [["Port", "Built", "Sunk"], ["Ost", "1921", "1944"]],
            "Port: Ost; Built: 1921; Sunk: 1944.",
        ),
        ([["Port", "", "Boats"], ["Ost", "Marl", "Ulm"]], "Port: Ost; Marl; Boats: Ulm."),
    ],
)
def test_a_first_row_below_the_names_stays_a_row(rows: list[list[str]], first: str):
    assert next(iter(table_sentences(rows))) == first


def test_a_titled_word_file_with_numbered_sections():
    docx = pytest.importorskip("docx")
    file = docx.Document()
    file.core_properties.author = "Microsoft Office User"
    file.add_paragraph("Dredging in the north", style="Title")
    file.add_paragraph("Briefing note, 5 May 2025")
    file.add_paragraph("Prepared by: Nils Ek, Transport Desk")
    file.add_heading("1. Summary", 1)
    file.add_paragraph(SAID)
    stream = io.BytesIO()
    file.save(stream)
    (document,) = read(stream.getvalue(), "docx").documents
    assert (document.title, document.author) == ("Dredging in the north", "Nils Ek")
    assert document.published == "2025-05-05"


def test_a_deck_is_called_and_dated_by_its_first_slide():
    pptx = pytest.importorskip("pptx")
    deck = pptx.Presentation()
    deck.core_properties.title = "PowerPoint Presentation"
    deck.core_properties.author = "Windows User"
    deck.core_properties.created = datetime(2013, 1, 27)
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "Northern ports\nOutlook"
    first.placeholders[1].text = "Research desk\n12 March 2025"
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "Depths"
    second.placeholders[1].text = SAID
    second.shapes.add_textbox(0, 0, 99, 99).text_frame.text = "2"
    stream = io.BytesIO()
    deck.save(stream)
    source = read(stream.getvalue(), "pptx")
    (document,) = source.documents
    assert (document.title, document.author) == ("Northern ports Outlook", None)
    assert document.published == "2025-03-12"
    assert [(c.kind, source.text[c.start : c.end]) for c in source.chrome] == [("page number", "2")]


def test_a_letter_is_told_from_its_writer():
    message = EmailMessage()
    message["From"] = "Mara Quist from Quay Letters <quay@letters.example>"
    message["Subject"] = "Small yards"
    message["Date"] = "Tue, 18 Mar 2025 10:02:11 +0000"
    body = f"<h1>Small yards</h1><p>Mara Quist</p><p>Mar 18</p><p>{SAID}</p><p>{SAID}</p>"
    message.set_content(f"<html><body>{body}</body></html>", subtype="html")
    source = read(bytes(message), "eml")
    (document,) = source.documents
    assert (document.author, document.outlet) == ("Mara Quist", "Quay Letters")
    assert "Mar 18" not in quotes(source)


NOTICE = f"""MINISTRY OF MARITIME AFFAIRS

NOTICE No. 17/2025

of 3 March 2025

on the Registration of Unmanned Boats

Pursuant to Article 9(2) of the Maritime Safety Act (No. 44/2011), the Minister of Maritime
Affairs issues the following Notice:

Article 1
Scope

1. This Notice applies to unmanned boats of more than 2.5 metres in length.
2. It does not apply to:
(a) boats of the navy;
(b) boats used only in enclosed waters.

Article 2
Registration

The owner shall register the boat with the harbour office not later than 30 days after its
first use. The fee is 450 crowns.

Article 3
Entry into force

This Notice enters into force on 1 April 2025. {SAID}
"""


def test_a_notice_has_number_subject_day_and_issuer():
    source = read(NOTICE, "txt")
    (document,) = source.documents
    assert document.title == "NOTICE No. 17/2025 on the Registration of Unmanned Boats"
    assert (document.published, document.outlet) == ("2025-03-03", "MINISTRY OF MARITIME AFFAIRS")
    assert quotes(source)[0].startswith("Pursuant to Article 9(2)")
    assert "2. It does not apply to:" in quotes(source)
    assert not any(one.attributions for one in document.sentences)
    assert "running head" not in {one.kind for one in source.chrome}
