"""Sources for reference managers, and a whole conversation as one file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from lxml import html
from markdown_it import MarkdownIt

from rag.types import Answer, Checks, Citation, Provenance, Statement, StoredDocument, Timings
from rag.ui import export, references

QUOTE = "Dues rose 4 % & more, to $5 per_ton."


def citation(number: int, quote: str, document: str, title: str, **more) -> Citation:
    fields = {"published": "2024-03", "url": None, "page": None, "attribution": None, **more}
    return Citation(number, quote, document, title, start=3, end=3 + len(quote),
                    file_sha256="a" * 64, before="", after="", **fields)  # fmt: skip


def answered(*citations: Citation) -> Answer:
    statements = tuple(Statement("Dues rose.", (one.number,), Checks()) for one in citations)
    return Answer(
        "What rose?", "answered", None, "Dues rose [1].", statements, citations, (), 0.9, (),
        Timings(0.1, 0.1, 0.2, 0.3), Provenance("i", "e", "g", "p", "0"),
    )  # fmt: skip


ANSWER = answered(
    citation(1, QUOTE, "/l/a.txt", "The harbour {dues} of Elm"),
    citation(2, "Second.", "/l/a.txt", "The harbour {dues} of Elm"),
    citation(3, "Third.", "/l/b.txt", "The harbour dues", url="https://e.example/x}y"),
)
STORED = StoredDocument(1, "/l/a.txt", "a" * 64, "text", "The harbour {dues} of Elm", "Ann Ode",
                        "Elm & Ash Post", "2024-03", None, "en", 0, 900)  # fmt: skip


def test_a_document_is_one_source_with_all_its_quotes_and_keys_differ():
    found = references.sources_of([ANSWER, ANSWER], [STORED])
    assert [(row.key, row.quotes, row.outlet) for row in found] == [
        ("harbourdues2024", (QUOTE, "Second."), "Elm & Ash Post"),
        ("harbourdues2024-2", ("Third.",), None),
    ]


def test_bibtex_escapes_what_tex_would_read():
    first, second = references.as_bibtex(references.sources_of([ANSWER], [STORED])).split("\n\n", 1)
    assert first.startswith(
        "@article{harbourdues2024,\n  title = {{The harbour \\{dues\\} of Elm}},"
    )
    assert "  journaltitle = {Elm \\& Ash Post},\n  date = {2024-03},\n" in first
    assert "“Dues rose 4 \\% \\& more, to \\$5 per\\_ton.”" in first
    assert second.lstrip().startswith("@misc{harbourdues2024-2,")
    assert "url = {https://e.example/xy}" in second


def test_csl_has_the_fields_that_reference_managers_read():
    first, second = json.loads(references.as_csl(references.sources_of([ANSWER], [STORED])))
    assert first["type"] == "article-newspaper" and first["container-title"] == "Elm & Ash Post"
    assert first["issued"] == {"date-parts": [[2024, 3]]}
    assert first["author"] == [{"literal": "Ann Ode"}]
    assert second["type"] == "document" and second["URL"] == "https://e.example/x}y"


def test_a_title_without_latin_letters_has_a_key_too():
    row = citation(1, "引文。", "/l/c.txt", "港口扩建", published=None)
    assert references.sources_of([answered(row)], [])[0].key == "source"


@pytest.mark.parametrize(
    "text",
    [
        "AT&amp;T paid ~~4~~ *5*.", "1. Dues rose.", "- Dues rose.", "+ 4 %", "2024) Dues rose.",
        "=== Dues", "# Dues | <b>rose</b>", "-5 degrees, 3.5 million.",
    ],
)  # fmt: skip
def test_markdown_renders_as_the_text_reads(text):
    answer = replace(answered(citation(1, text, "/l/a.txt", text)), text=f"{text} [1]")
    drawn = MarkdownIt().enable("strikethrough").render(export.as_markdown(answer, "en"))
    shown = [" ".join(line.split()) for line in html.fromstring(drawn).itertext()]
    assert f"{text} [1]" in shown
    assert text in shown
    assert any(line.startswith(f"{text}, 2024-03") for line in shown), shown


def test_a_conversation_is_one_markdown_file():
    text = export.conversation("Dues *of* Elm", [ANSWER, ANSWER], "en")
    assert text.startswith("# Dues \\*of\\* Elm\n")
    assert text.count("**What rose?**") == 2 and text.count("\n---\n") == 1
