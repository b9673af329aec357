"""Markdown is read as it is rendered: quotes without marks, tables as rows, notes in brackets."""

from __future__ import annotations

from rag.documents import fold, structure
from rag.documents.extracted import Extracted
from rag.documents.readers.markdown import read


def text_of(source: str) -> str:
    return read(source.encode(), "a.md").text


def quotes(extracted: Extracted) -> list[str]:
    source = structure(extracted, "a.md", "0")
    return [
        fold(source.text[one.start : one.end])
        for document in source.documents
        for one in document.sentences
    ]


def test_headings_front_matter_and_code():
    text = (
        "---\ntitle: Piers\ndate: 2024-05-14\nauthor: Ann Lee\n---\n\n# Piers\n\nA pier is long.\n\n"
        "Costs\n-----\n\nIt costs\na lot.\n\n```\n# no heading\n```\n"
    )
    extracted = read(text.encode(), "a.md")
    assert (extracted.metadata.title, extracted.metadata.published) == ("Piers", "2024-05-14")
    assert [(extracted.text[h.start : h.end], h.level) for h in extracted.headings] == [
        ("Piers", 1),
        ("Costs", 2),
    ]
    document = structure(extracted, "a.md", "0").documents[0]
    assert (document.title, document.author) == ("Piers", "Ann Lee")
    assert quotes(extracted)[:2] == ["A pier is long.", "It costs a lot."]
    assert document.sentences[1].section == "Costs"


def test_text_between_ruled_lines_is_no_front_matter():
    text = "---\n\nThe pier at Velden is long.\n\n---\n\nThe mole is short.\n"
    assert quotes(read(text.encode(), "a.md")) == [
        "The pier at Velden is long.",
        "The mole is short.",
    ]


def test_emphasis_and_links_leave_their_words():
    marked = "The **Remora** costs _4.5_ million, says [the yard](https://yard.example/a_b_c)."
    assert text_of(marked) == "The Remora costs 4.5 million, says the yard."
    assert text_of("Set `max_depth` and snake_case_name, 2 * 3 * 4.") == (
        "Set max_depth and snake_case_name, 2 * 3 * 4."
    )


def test_a_table_becomes_rows_with_column_names():
    table = "| Port | Boats |\n|:--|--:|\n| **Velden** | 4 |\n| Nordby | |\n"
    assert text_of(table).split("\n\n") == ["Port: Velden; Boats: 4.", "Port: Nordby."]


def test_notes_are_marked_and_addresses_of_references_are_gone():
    text = text_of("It rose.[^1] See [it][a].\n\n[^1]: Harbour Desk.\n\n[a]: https://a.example\n")
    assert text == "It rose.[1] See it.\n\n[1] Harbour Desk."


def test_markup_inside_is_read_and_comments_are_not():
    marked = "Ten<sup>6</sup> boats<br>or more <!-- never -->left."
    assert text_of(marked) == "Ten⁶ boats\nor more left."


def test_a_ruled_line_is_furniture():
    extracted = read(b"The tide turns.\n\n---\n\nThe boats leave.\n", "a.md")
    assert quotes(extracted) == ["The tide turns.", "The boats leave."]
    assert [span.kind for span in extracted.chrome] == ["separator"]


def test_damaged_and_odd_input_gives_text():
    for odd in ("|a|\n|-|", "[[[[" * 500, "> " * 200 + "a", "*" * 3000, "<div" * 50 + "tide"):
        read(odd.encode(), "a.md")
