from __future__ import annotations

from pathlib import Path

import pytest

from rag.answering.retrieval import SENTENCES, TOKENS, estimate_tokens, lexical_weight, retrieve
from rag.documents.fold import fold
from rag.indexing import Index, update
from rag.types import Filters
from tests.indexing.support import HashingEmbedder, read_here

HALLS = [("Corvo", 250), ("Ferrol", 180), ("Lanmei", 95)]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("halls")
    for name, seats in HALLS:
        lines = [f"The {name} hall has {seats} seats.", "It opened in May.",
                 *(f"Door {n} of the {name} hall is painted blue." for n in range(12))]  # fmt: skip
        (folder / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    (folder / "copy.txt").write_text("The Corvo hall has 250 seats.\nIt is shut.", encoding="utf-8")
    update(folder / "index", [folder], HashingEmbedder())
    with Index.open(folder / "index", HashingEmbedder()) as opened:
        yield opened


def ask(index: Index, question: str, filters: Filters | None = None):
    return retrieve(index, HashingEmbedder().encode, question, filters)


def test_evidence_is_labelled_within_the_budget_and_at_its_place(index):
    found = ask(index, "How many seats has the Corvo hall?")
    assert [e.label for e in found.evidence] == [f"S{n}" for n in range(1, len(found.evidence) + 1)]
    assert 1 <= len(found.evidence) <= SENTENCES
    assert sum(estimate_tokens(e.quote) for e in found.evidence) <= TOKENS
    for item in found.evidence:
        assert fold(index.file_text(item.document.path)[item.start : item.end]) == item.quote
    assert any("250 seats" in e.quote for e in found.evidence)


def test_near_duplicates_come_once(index):
    quotes = [e.quote for e in ask(index, "How many seats has the Corvo hall?").evidence]
    assert len(quotes) == len(set(quotes))


def test_the_same_question_finds_the_same(index):
    assert ask(index, "Which hall has blue doors?") == ask(index, "Which hall has blue doors?")


def test_filters_hold_before_ranking(index):
    found = ask(index, "How many seats has the hall?", Filters(documents=("Ferrol.txt",)))
    assert {Path(e.document.path).name for e in found.evidence} == {"Ferrol.txt"}
    assert ask(index, "How many seats?", Filters(language="zh")).evidence == ()


def test_weight_of_words_by_shape_of_question():
    plain = lexical_weight("Why was the harbour of the old town closed to ferries at night?")
    figure = lexical_weight("Why was the harbour of the old town closed to ferries in 1997?")
    quoted = lexical_weight('Who said that "the harbour is closed" to all the ferries?')
    assert quoted > figure > plain
    assert lexical_weight("harbour ferries") == figure


def test_the_other_places_of_a_syndicated_article_are_named(tmp_path):
    story = (
        "The port of Velmark moved 4.2 million containers in 2023. Its board met on Monday. "
        "The cranes of the eastern quay were built in Osterlund and lift 60 tonnes each. "
        "Traffic had fallen for three years before, and the harbour office blames the strike."
    )
    for name, head in (("one.md", "# Velmark wire"), ("two.md", "# Coast news")):
        (tmp_path / name).write_text(f"{head}\n\n{story}\n", encoding="utf-8")
    update(tmp_path / "index", [tmp_path], HashingEmbedder(), reader=read_here)
    with Index.open(tmp_path / "index", HashingEmbedder()) as index:
        found = retrieve(index, HashingEmbedder().encode, "How many containers moved?", None)
    first = found.evidence[0]
    assert {first.document.path, *first.also_in} == {
        str(tmp_path / "one.md"),
        str(tmp_path / "two.md"),
    }
