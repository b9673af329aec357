from __future__ import annotations

import pytest

from rag.errors import UsageError
from rag.stores import parse_address


@pytest.mark.parametrize(
    ("given", "url", "kind"),
    [
        ("http://db", "http://db:19530/sourcebound", "HNSW"),
        ("http://db:1/news/", "http://db:1/news", "HNSW"),
        ("https://[::1]:2/news_2?index=ivf_sq8", "https://[::1]:2/news_2?index=IVF_SQ8", "IVF_SQ8"),
    ],
)
def test_what_is_left_out_is_filled_in(given, url, kind):
    address = parse_address(given)
    assert (address.url, address.kind) == (url, kind)
    assert parse_address(address.url) == address


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("db:19530", "no address of a Milvus server"),
        ("ftp://db/x", "no address of a Milvus server"),
        ("http://", "no address of a Milvus server"),
        ("http://me:secret@db/x", "RAG_STORE_TOKEN"),
        ("http://db:99999/x", "http://HOST:19530"),
        ("http://db/2x", "cannot name a collection"),
        ("http://db/a/b", "cannot name a collection"),
        ("http://db/x?index=LSH", "index=HNSW"),
        ("http://db/x?shards=2", "index=HNSW"),
    ],
)
def test_anything_else_is_refused_with_the_form(given, said):
    with pytest.raises(UsageError, match=said) as caught:
        parse_address(given)
    assert "secret" not in str(caught.value)
