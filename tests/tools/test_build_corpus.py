"""The corpus's binary files: the same bytes each time, and all of their source's text inside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag import documents
from rag.documents import fold
from tests.tools.build_corpus import ROOT, build, differing
from tests.tools.corpus_source import Source, read_source

pytest.importorskip("fpdf")
SOURCES = [read_source(path) for path in sorted((ROOT / "eval" / "sources").glob("*.md"))]
NAMES = [source.output for source in SOURCES]


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_a_source_makes_the_same_bytes_twice(source: Source, tmp_path: Path) -> None:
    try:
        first = build(source, tmp_path / "first").read_bytes()
    except FileNotFoundError as missing:  # the fonts of PDF files, which `make test` installs
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    assert build(source, tmp_path / "second").read_bytes() == first


@pytest.mark.parametrize("source", SOURCES, ids=NAMES)
def test_the_committed_file_holds_every_paragraph_of_its_source(source: Source) -> None:
    text = fold(documents.read(ROOT / "eval" / "corpus" / source.output).text)
    missing = [
        block.text
        for block in source.blocks
        if block.kind == "paragraph" and fold(block.text) not in text
    ]
    assert not [paragraph for paragraph in missing if not _over_a_page(paragraph, text)]


def _over_a_page(paragraph: str, text: str) -> bool:
    """Whether both halves are there: a page's foot may stand inside a paragraph of a PDF."""
    words = paragraph.split()
    return all(
        any(fold(" ".join(words[start : start + 3])) in text for start in starts)
        for starts in (range(2), range(len(words) - 5, len(words) - 2))
    )


def test_a_changed_source_is_told_from_the_committed_file(tmp_path: Path) -> None:
    source = SOURCES[0]
    build(source, tmp_path)
    changed = Source(source.output, {**source.fields, "title": "Another"}, source.blocks[:2])
    assert differing([source], tmp_path) == []
    assert differing([changed], tmp_path) == [source.output]


def test_a_source_without_front_matter_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bare.md"
    path.write_text("# Only a heading\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bare\.md: no front matter"):
        read_source(path)
