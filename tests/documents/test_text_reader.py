"""Plain text and Markdown: offsets are those of the decoded file; odd sizes take seconds."""

import time

import pytest

from rag.documents import read, structure
from rag.documents.extracted import Extracted
from rag.documents.readers import markdown
from rag.errors import ReadError


def test_offsets_are_those_of_the_bytes(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffOne line ends here.\r\nAnother line, 中文, ends.\r\n".encode())
    source = read(path)
    assert source.text == "One line ends here.\r\nAnother line, 中文, ends.\r\n"
    starts = [one.start for one in source.documents[0].sentences]
    assert starts == [0, source.text.index("Another")]
    assert len(source.sha256) == 64 and source.format == "txt"


def test_a_missing_file_is_a_read_error(tmp_path):
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "none.txt")
    assert caught.value.reason


@pytest.mark.parametrize(
    "text",
    ["word " * 400_000, "x\n" + "\n" * 200_000 + "y", "(" * 2_000_000, "a" * 2_000_000],
    ids=["one line", "blank lines", "brackets", "one word"],
)
def test_time_is_linear(text):
    began = time.process_time()
    source = structure(Extracted(text, "txt", wrapped=True), "x.txt", "0")
    assert time.process_time() - began < 10
    assert sum(len(document.sentences) for document in source.documents) >= 1


def test_markdown_headings_front_matter_and_code():
    text = (
        "---\ntitle: Piers\ndate: 2024-05-14\nauthor: Ann Lee\n---\n\n# Piers\n\nA pier is long.\n\n"
        "Costs\n-----\n\nIt costs\na lot.\n\n```\n# no heading\n```\n"
    )
    extracted = markdown.read(text.encode(), "a.md")
    assert (extracted.metadata.title, extracted.metadata.published) == ("Piers", "2024-05-14")
    assert [(text[h.start : h.end], h.level) for h in extracted.headings] == [
        ("# Piers", 1),
        ("Costs", 2),
    ]
    document = structure(extracted, "a.md", "0").documents[0]
    assert (document.title, document.author) == ("Piers", "Ann Lee")
    quotes = [text[one.start : one.end] for one in document.sentences]
    assert quotes[:2] == ["A pier is long.", "It costs\na lot."]
    assert document.sentences[1].section == "Costs"
