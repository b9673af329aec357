from __future__ import annotations

import pytest

import rag

PUBLIC = [
    "Answer",
    "Assistant",
    "Citation",
    "Filters",
    "RagError",
    "ask",
    "evaluate",
    "index",
]


def test_the_public_names():
    assert sorted(rag.__all__) == sorted(PUBLIC)
    assert set(PUBLIC) <= set(dir(rag))


@pytest.mark.parametrize("name", PUBLIC)
def test_each_can_be_reached_and_says_what_it_is(name):
    found = getattr(rag, name)
    assert found.__name__ == name
    assert found.__doc__


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = rag.no_such_name
