"""A filter or command that names nothing says so, and what was perhaps meant."""

from __future__ import annotations

import pytest

from rag.errors import FilterError, UsageError
from rag.indexing import Index, remove
from rag.indexing.naming import nearest
from rag.types import Filters
from tests.indexing.support import write_corpus


@pytest.fixture
def named(build, corpus, directory, embedder):
    write_corpus(corpus, 12)
    (corpus / "safran.txt").write_text(
        "# The harbour of Velmark | 2021-04 | Velmark Gazette\nIt grew.\n"
    )
    build()
    with Index.open(directory, embedder) as index:
        yield index


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("nosuch", ""),
        ("reports/safron.txt", " Nearest: 'safran.txt'."),
        ("harbor of velmark", " Nearest: 'The harbour of Velmark'."),
        ("harbour", " Nearest: 'The harbour of Velmark'."),
    ],
)
def test_an_unknown_document_is_said_with_the_nearest_names(named, wanted, near):
    told = f"No document in the index is named {wanted!r}.{near} Run: rag docs"
    with pytest.raises(FilterError) as asked:
        named.search("radar", filters=Filters(documents=("safran.txt", wanted)))
    assert str(asked.value) == told
    with pytest.raises(UsageError) as removed:
        remove(named.directory, wanted)
    assert str(removed.value) == told


def test_at_most_three_names_are_given(named):
    with pytest.raises(FilterError) as asked:
        named.require(Filters(documents=("Report 99",)))
    assert str(asked.value).count("'Report ") == 1 + 3


def test_an_unknown_outlet_is_said_with_the_nearest(named):
    with pytest.raises(FilterError, match=r"outlet 'Velmark Gazete'\. Nearest: 'Velmark Gazette'"):
        named.require(Filters(outlets=("Velmark Gazete",)))
    named.require(Filters(outlets=("VELMARK GAZETTE",)))


def test_where_no_document_says_its_outlet_that_is_said(build, corpus, directory):
    (corpus / "plain.txt").write_text("# Plain\nIt rained.\n")
    build()
    with Index.open(directory, None) as index, pytest.raises(FilterError, match="None says its"):
        index.search("rain", filters=Filters(outlets=("Gazette",)))


def test_filters_that_hold_for_nothing_but_name_nothing_wrong_are_no_error(named):
    assert named.search("radar", filters=Filters(since="2099")) == []


def test_names_without_end_are_cut_and_compared_quickly(named):
    with pytest.raises(FilterError) as asked:
        named.require(Filters(documents=("x" * 100_000,)))
    assert len(str(asked.value)) < 300
    assert nearest("report 1", ["y" * 100_000, "Report 12"]) == ["Report 12"]
