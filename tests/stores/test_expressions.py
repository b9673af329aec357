"""Filters in the store's terms mean what they mean in the index."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.indexing.selection import passes
from rag.stores import Row, Selection, day_span
from rag.stores.expressions import expression, tokens
from rag.types import Filters, StoredDocument
from tests.stores.memory_store import _passes

DATES = st.sampled_from(
    ["2019", "2020", "2020-01", "2020-12", "2021-06", "2020-01-31", "2020-12-01", "2021-06-30"]
)
OUTLETS = st.sampled_from(["Desk", "DESK", "Straße", 'The "Post"'])


@given(
    published=st.none() | DATES,
    outlet=st.none() | OUTLETS,
    filters=st.builds(
        Filters,
        outlets=st.lists(OUTLETS, max_size=2).map(tuple),
        since=st.none() | DATES,
        until=st.none() | DATES,
        language=st.sampled_from([None, "en", "zh"]),
    ),
)
def test_a_row_passes_when_its_document_does(published, outlet, filters):
    document = StoredDocument(1, "a.txt", "", "txt", "A", None, outlet, published, None, "en", 0, 1)
    row = Row(1, None, 0, 1, (outlet or "").casefold(), "en", *day_span(published))
    assert _passes(row, Selection(None, filters)) == passes(document, filters)


def test_a_filter_as_milvus_reads_it():
    filters = Filters(outlets=('The "Post"', "ABC"), since="2020", until="2021-06", language="en")
    assert expression(Selection(None, filters)) == (
        'outlet in ["abc", "the \\"post\\""] and language == "en" '
        "and last_day >= 20200000 and first_day <= 20210699"
    )
    assert expression(Selection((3, 7), filters)) == "document in [3, 7]"
    assert expression(None) == ""


def test_dates_that_are_none_have_no_days():
    assert day_span("2021-04-29T10:30") == (20210429, 20210429)
    for text in (None, "", "soon", "2021-4", "2021-04-29-01"):
        assert day_span(text) == day_span(None)


def test_terms_become_single_words_that_do_not_tell_the_text():
    found = tokens("22.5 cz-5b 22.5").split()
    assert found[0] == found[2] != found[1]
    assert all(each.isalnum() and len(each) == 13 for each in found)
    assert len(tokens("a " * 9000).split()) == 4000
