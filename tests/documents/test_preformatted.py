"""Preformatted text in pages and Markdown: tables are rows, wrapped sentences are whole."""

from __future__ import annotations

import pytest

from rag.documents import fold, structure
from rag.documents.extracted import Extracted
from rag.documents.readers import reader_for
from rag.documents.readers.building import joined

TABLE = (
    "Model      Range (km)   Payload (kg)   Price\n"
    "38SH       231          222            284\n"
    "40SH       250          310            401\n"
)
ROWS = [
    "Model: 38SH; Range (km): 231; Payload (kg): 222; Price: 284.",
    "Model: 40SH; Range (km): 250; Payload (kg): 310; Price: 401.",
]
MAIL = (
    "The office of Velden said on Tuesday that it would sell the three oldest\n"
    "of its towing boats before the winter, since none of them can be mended\n"
    "for less than a new one costs.\n\n"
    "Nobody has made an offer yet. The yard of Ostmark, which built them, was\n"
    "asked in May and never wrote back."
)
SAID = [
    "The office of Velden said on Tuesday that it would sell the three oldest of its towing boats "
    "before the winter, since none of them can be mended for less than a new one costs.",
    "Nobody has made an offer yet.",
    "The yard of Ostmark, which built them, was asked in May and never wrote back.",
]
COMMANDS = "cd velden-tide-tables-2024\n./configure --with-the-old-tide-tables=velden\nmake install"


def quotes(found: Extracted) -> list[str]:
    source = structure(found, "a", "0")
    return [
        fold(source.text[one.start : one.end])
        for document in source.documents
        for one in document.sentences
    ]


def as_html(text: str) -> Extracted:
    page = f"<body><p>The boats are listed below.</p><pre>{text}</pre><p>They are old.</p></body>"
    return reader_for("html")(page.encode(), "a.html")


def as_markdown(text: str) -> Extracted:
    page = f"The boats are listed below.\n\n```\n{text}\n```\n\nThey are old.\n"
    return reader_for("md")(page.encode(), "a.md")


@pytest.mark.parametrize("read", [as_html, as_markdown])
def test_a_table_gives_rows_at_exact_places(read):
    found = read(f"{MAIL}\n\n{TABLE}\n{MAIL}")
    assert [found.text[start:end] for start, end in found.rows] == ROWS
    said = ["The boats are listed below.", *SAID, *ROWS, *SAID, "They are old."]
    assert quotes(found) == said


def test_rows_keep_their_places_behind_other_parts():
    page = as_html(TABLE)
    found = joined([page, page])
    assert [found.text[start:end] for start, end in found.rows] == [*ROWS, *ROWS]


@pytest.mark.parametrize("read", [as_html, as_markdown])
def test_lines_that_are_no_sentences_stay_as_they_are(read):
    found = read(COMMANDS)
    assert COMMANDS in found.text and not found.rows


def test_lines_of_a_program_are_no_table():
    program = "int  count  = 5;\nint  size  = 6;\nint  length  = 7;\n"
    found = as_html(program)
    assert program.strip() in found.text and not found.rows


def test_a_poem_keeps_its_lines():
    poem = "The tide is low,\n    the moon is high,\n        and twelve geese cry."
    assert poem in as_html(poem).text
