"""Without its library an adapter says what to install; with none of them, the rest is unmoved."""

from __future__ import annotations

import importlib
import sys

import pytest

from rag.adapters.passages import MOST, passages
from rag.errors import ExtraMissing, FilterError, QuestionError, UsageError
from rag.types import Filters
from tests.server.support import OTHER, QUESTION, open_assistant, write_papers


@pytest.mark.parametrize(
    ("adapter", "library"), [("langchain", "langchain_core"), ("llamaindex", "llama_index")]
)
def test_without_its_library_it_says_what_to_install(monkeypatch, adapter, library) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"rag.adapters.{adapter}", raising=False)
    with pytest.raises(ExtraMissing, match=rf"pip install 'sourcebound\[{adapter}\]'") as absent:
        importlib.import_module(f"rag.adapters.{adapter}")
    assert absent.value.extra == adapter


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    with open_assistant(write_papers(tmp_path_factory.mktemp("papers"))) as opened:
        yield opened


def test_a_passage_is_the_file_at_its_place(assistant) -> None:
    found = passages(assistant, QUESTION, MOST, None)
    assert "4.2 million" in found[0].text
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    for each in found:
        place = each.metadata
        text = assistant.file_text(place["document"])
        assert text[place["start"] : place["end"]] == each.text
    assert len({each.identifier for each in found}) == len(found) > 1
    assert passages(assistant, QUESTION, 1, None) == found[:1]


def test_filters_hold_and_what_is_wrong_is_said(assistant) -> None:
    survey = Filters(documents=("survey.md",))
    assert {p.metadata["title"] for p in passages(assistant, QUESTION, MOST, survey)} == {
        "Survey of cable engineers"
    }
    for limit in (0, MOST + 1):
        with pytest.raises(UsageError, match=f"limit is {limit}, expected 1 to {MOST}"):
            passages(assistant, OTHER, limit, None)
    with pytest.raises(QuestionError):
        passages(assistant, " ", 1, None)
    with pytest.raises(FilterError, match="named 'nosuch'"):
        passages(assistant, QUESTION, 1, Filters(documents=("nosuch",)))
