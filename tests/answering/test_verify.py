from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from rag.answering.compose import citation
from rag.answering.serialise import citations_in
from rag.answering.verify import verify
from rag.documents import read
from rag.types import Citation
from tests.answering.support import evidence

TEXT = "The Sarbi rocket flew on 3 May.\nIt carried six tons\nof water. 卫星已\n入轨。\n"
QUOTE = "It carried six tons of water."


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def cited(source: Path) -> Citation:
    item = evidence(QUOTE, path=str(source), start=TEXT.index("It"))
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    return replace(citation(item, 1), file_sha256=sha256)


def problem(cited: Citation) -> str | None:
    (verdict,) = verify([("q1", cited)], lambda path: read(path).text)
    assert verdict.answer == "q1"
    return verdict.problem


def test_an_unchanged_source_passes_over_a_line_break(cited):
    assert problem(cited) is None


def test_han_is_joined_without_a_space(cited):
    start = TEXT.index("卫")
    assert problem(replace(cited, quote="卫星已入轨。", start=start, end=start + 7)) is None


@pytest.mark.parametrize("place", range(TEXT.index("It"), TEXT.index("water")))
def test_any_changed_character_of_the_quoted_place_fails(cited, source, place):
    if TEXT[place].isspace():
        return
    source.write_text(TEXT[:place] + "#" + TEXT[place + 1 :], encoding="utf-8")
    assert "changed" in (problem(cited) or "")


def test_a_change_elsewhere_in_the_file_is_named_too(cited, source):
    source.write_text(TEXT.replace("3 May", "4 May"), encoding="utf-8")
    assert "the quote still stands" in (problem(cited) or "")


def test_a_changed_quote_fails(cited):
    told = problem(replace(cited, quote=QUOTE.replace("six", "nine"))) or ""
    assert "does not say this" in told
    assert "six tons" in told


def test_a_changed_offset_fails(cited):
    for moved in (replace(cited, start=cited.start + 1), replace(cited, end=cited.end - 1)):
        assert "not at its offsets" in (problem(moved) or "")


def test_a_changed_hash_fails(cited):
    assert "changed" in (problem(replace(cited, file_sha256="0" * 64)) or "")


def test_a_file_that_is_gone_fails(cited, source):
    source.unlink()
    assert "cannot be opened" in (problem(cited) or "")


@pytest.mark.parametrize("document", ["/dev/zero", "/tmp", "a\0b", ""])
def test_what_is_no_file_is_not_read(cited, document):
    assert "cannot be opened" in (problem(replace(cited, document=document)) or "")


def test_a_file_too_large_to_be_read_is_not_read_for_its_hash_either(cited, source):
    with source.open("r+b") as file:
        file.truncate(1 << 40)  # takes no room on the disk
    assert "more than the limit" in (problem(cited) or "")


def test_a_file_is_read_once(cited, source):
    reads = []
    verify([("a", cited)] * 5, lambda path: reads.append(path) or TEXT)
    assert reads == [source]


def test_answers_one_a_line_are_read_whatever_their_quotes_hold(cited):
    """U+2028 and U+0085 end a line for `str.splitlines`, but not one of JSON."""
    odd = replace(cited, quote="It carried\u2028six\x85tons")
    line = json.dumps({"id": "q1", "citations": [asdict(odd)]}, ensure_ascii=False)
    assert citations_in(f"{line}\n{line}\n", "answers.jsonl") == [("q1", odd)] * 2
