"""For every format: a real file, its sentences exact, its quotes found, on the right page."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.documents import fold, read
from rag.documents.readers import READERS, extract
from tests.documents import fixtures


def test_every_format_has_a_file_here():
    assert set(fixtures.MAKERS) == set(fixtures.EXPECTED) == set(READERS)


@pytest.mark.parametrize("name", sorted(fixtures.MAKERS))
def test_every_sentence_is_exact_and_every_quote_is_found(name: str, tmp_path: Path):
    source = read(fixtures.MAKERS[name](tmp_path / f"story.{name}"))
    assert source.format == name
    quotes = []
    for document in source.documents:
        for sentence in document.sentences:
            piece = source.text[sentence.start : sentence.end]
            assert piece == piece.strip() != ""
            assert fold(fold(piece)) == fold(piece)
            quotes.append(fold(piece))
    assert [quote for quote in fixtures.EXPECTED[name] if quote not in quotes] == []


@pytest.mark.parametrize("name", sorted(fixtures.MAKERS))
def test_spans_lie_inside_the_text_and_hold_something(name: str, tmp_path: Path):
    found, digest = extract(fixtures.MAKERS[name](tmp_path / f"story.{name}"))
    assert len(digest) == 64
    for span in (*found.chrome, *found.headings, *found.articles):
        assert 0 <= span.start < span.end <= len(found.text)
        piece = found.text[span.start : span.end]
        assert piece == piece.strip()
    for page in found.pages:
        assert 0 <= page.start <= page.end <= len(found.text)


@pytest.mark.parametrize("name", sorted(set(fixtures.MAKERS) - {"txt", "md", "csv"}))
def test_the_title_is_known(name: str, tmp_path: Path):
    found, _ = extract(fixtures.MAKERS[name](tmp_path / f"story.{name}"))
    assert found.metadata.title == fixtures.TITLE
    assert found.metadata.author == fixtures.AUTHOR


@pytest.mark.parametrize("name", sorted(fixtures.MAKERS))
def test_the_content_decides_when_the_name_is_wrong(name: str, tmp_path: Path):
    wrong = "pdf" if name != "pdf" else "txt"
    found, _ = extract(fixtures.MAKERS[name](tmp_path / f"story.{wrong}"))
    if name not in {"md", "csv"}:  # these two differ from plain text by their name only
        assert found.format == name


@pytest.mark.parametrize(
    ("name", "places"),
    [("pdf", (1, 1, 2, 2)), ("pptx", (1, 1, 2, 2, 3, 3))],
)
def test_quotes_are_on_their_page(name: str, places: tuple[int, ...], tmp_path: Path):
    found, _ = extract(fixtures.MAKERS[name](tmp_path / f"story.{name}"))
    for quote, place in zip(fixtures.QUOTES, places, strict=False):
        held = [
            page.number for page in found.pages if quote in fold(found.text[page.start : page.end])
        ]
        assert held == [place]
