"""What a question finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import FilterError, IndexMissing, InputError, UsageError
from rag.indexing import Index, PassageSettings, lexical, update, write_setting
from rag.indexing.terms import terms
from rag.types import Filters
from tests.indexing.support import HashingEmbedder, reader, write_corpus


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    write_corpus(folder / "corpus", 24, lines=6)
    (folder / "corpus" / "zh.txt").write_text(
        "# 空间站 | 2021-04-29 | Desk 1 | zh\n天和一号核心舱由长征五号乙运载火箭发射升空。\n核心舱重22.5吨。\n"
    )
    (folder / "corpus" / "undated.txt").write_text("# Undated\nNobody dated the satellite note.\n")
    embedder = HashingEmbedder()
    update(
        folder / "index",
        [folder / "corpus"],
        embedder,
        reader=reader,
        passages=PassageSettings(target_tokens=30),
    )
    with Index.open(folder / "index", embedder) as index:
        yield index


def brute_force(index: Index, question: str, filters: Filters) -> list[tuple[int, float]]:
    """All passages that pass, by cosine, from the database alone."""
    rows = index._connection.execute(
        "SELECT v.passage, v.vector, d.published, d.outlet, d.language, f.path FROM vectors v "
        "JOIN passages p ON p.id = v.passage JOIN documents d ON d.id = p.document "
        "JOIN files f ON f.id = d.file"
    ).fetchall()
    query = index.vector(question)[0]
    found = []
    for passage, blob, published, outlet, language, path in rows:
        if filters.language and language != filters.language:
            continue
        if filters.outlets and outlet not in filters.outlets:
            continue
        if filters.documents and not any(path.endswith("/" + d) for d in filters.documents):
            continue
        if (filters.since or filters.until) and not published:
            continue
        if filters.since and published < filters.since:
            continue
        if filters.until and published > filters.until:
            continue
        vector = np.frombuffer(blob, "<f2").astype(np.float32)
        found.append((passage, round(float(vector @ query), 5)))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


@given(
    st.builds(
        Filters,
        documents=st.sampled_from([(), ("report_003.txt",), ("report_003.txt", "zh.txt")]),
        outlets=st.sampled_from([(), ("Desk 1",), ("Desk 0", "Desk 2")]),
        since=st.sampled_from([None, "2021-04-05", "2021-11-30"]),
        until=st.sampled_from([None, "2021-04-29", "2021-09-05"]),
        language=st.sampled_from([None, "en", "zh"]),
    ),
    st.sampled_from(["radar near Hanoi", "which alloy was approved in Porto", "核心舱"]),
)
@settings(max_examples=60, deadline=None)
def test_filters_agree_with_brute_force(opened, filters, question):
    expected = brute_force(opened, question, filters)
    hits = opened.search(question, limit=500, filters=filters)
    assert {hit.passage for hit in hits} <= {passage for passage, _ in expected}
    scores = dict(expected)
    for hit in hits:
        assert hit.dense_score == pytest.approx(scores[hit.passage], abs=2e-5)
    by_rank = sorted((h for h in hits if h.dense_rank is not None), key=lambda h: h.dense_rank)
    values = [hit.dense_score for hit in by_rank]
    assert values == sorted(values, reverse=True)
    if expected:
        assert max(values) == pytest.approx(expected[0][1], abs=2e-5)


def test_a_partial_date_stands_for_all_its_days(opened):
    def paths(**dates):
        return {h.document.path for h in opened.search("radar", filters=Filters(**dates), limit=99)}

    assert paths(since="2021-04", until="2021-04") == paths(since="2021-04-01", until="2021-04-30")
    assert paths(since="2022") == set()
    assert not any("undated" in path for path in paths(since="1900"))


@pytest.mark.parametrize(
    "question",
    [
        "天和一号",
        "长征五号乙是什么",
        "舱",
        "艙",
        "22.5吨",
        "核心舱重多少？",
        "長征五號",
        "２２．５噸",
    ],
)
def test_han_terms_are_found_inside_a_sentence(opened, question):
    hit = opened.search(question, limit=3)[0]
    assert hit.document.title == "空间站"
    assert hit.lexical_rank == 0


@pytest.fixture
def budget_of_ten(monkeypatch):
    """As if the index were a thousand times larger."""
    monkeypatch.setattr(lexical, "POSTINGS_BUDGET", 10)


def by_words(index, question):
    with index.snapshot():
        found = lexical.lexical_search(index._connection, question, 30, None, index.passage_count)
    return [passage for passage, _ in found], dict(found)


def test_frequent_terms_order_what_the_rarer_ones_found(opened, budget_of_ten):
    question = "units near Hanoi in the third desk's report 23"
    frequency = opened.document_frequency(terms(question))
    assert 0 < frequency["23"] <= 10 < frequency["unit"]
    cheap, cheap_scores = by_words(opened, question)
    lexical.POSTINGS_BUDGET = 10**9
    full, full_scores = by_words(opened, question)
    assert cheap == [passage for passage in full if passage in cheap_scores]
    for passage, score in cheap_scores.items():
        assert score == pytest.approx(
            full_scores[passage], rel=0.05
        )  # the mean length is an estimate


def test_a_frequent_term_is_looked_up_when_no_other_occurs(opened, budget_of_ten):
    assert opened.document_frequency(["unit"])["unit"] > 10
    assert by_words(opened, "unheardof units")[0]


def test_figures_are_found_as_written(opened):
    expected = "case 5-2-0"
    (hit, *_) = opened.search("51.2 units", lexical_weight=10)
    assert expected in hit.text


def test_words_alone_rank_without_an_embedder(opened):
    with Index.open(opened.directory, None) as index:
        hits = index.search("长征五号乙")
        assert hits[0].document.title == "空间站"
        assert (hits[0].dense_rank, hits[0].dense_score) == (None, 0.0)
        with pytest.raises(InputError, match="without an embedder"):
            index.vector("x")


def test_a_variant_brings_its_own_passages(opened):
    def found(**options):
        hits = opened.search("report 7 glacier", limit=20, **options)
        return {hit.document.title for hit in hits}

    assert "空间站" not in found()
    assert "空间站" in found(variants=["天和一号核心舱"])


def test_document_frequency_counts_passages(opened):
    held = [terms(h.text) for h in opened.search("satellite", limit=500)]
    assert opened.document_frequency(["satellite", "nowhere"])["nowhere"] == 0
    counted = opened.document_frequency(["satellite"])["satellite"]
    assert 0 < counted <= opened.passage_count
    assert counted == sum("satellite" in each for each in held)


@pytest.mark.parametrize("question", ["", "   ", "???", '"', "a\0b", "NEAR(x y) AND *", "col:x ^y"])
def test_odd_questions_do_no_harm(opened, question):
    assert len(opened.search(question)) <= 20


def test_hits_are_at_most_the_limit_and_the_same_twice(opened):
    one = opened.search("harbour tariff", limit=7)
    assert len(one) == 7
    assert opened.search("harbour tariff", limit=7) == one


def test_a_repeated_text_is_shown_once_but_another_figure_is_not_a_repeat(
    build, corpus, directory, embedder
):
    told = "The committee named {} experts from thirty countries to the panel in the spring."
    (corpus / "a.txt").write_text("# A\n" + told.format(250) + "\n")
    (corpus / "b.txt").write_text("# A\n" + told.format(250).replace("committee ", "Committee\n"))
    (corpus / "c.txt").write_text("# A\n" + told.format(200) + "\n")
    build()
    with Index.open(directory, embedder) as index:
        texts = [hit.text for hit in index.search("How many experts are on the panel?")]
    assert len(texts) == 2
    assert sum("250" in text for text in texts) == sum("200" in text for text in texts) == 1


def test_names_may_come_in_a_list(opened):
    name = opened.documents()[0].path
    assert {hit.document.path for hit in opened.search("the", filters=Filters((name,)))} == {name}
    assert opened.search("the", filters=Filters([name])) == opened.search(
        "the", filters=Filters((name,))
    )


def test_settings_are_kept(opened):
    assert opened.setting("threshold") is None
    generation = opened.generation
    write_setting(opened.directory, "threshold", "0.42")
    assert opened.setting("threshold") == "0.42"
    assert opened.generation == generation


def test_no_index(tmp_path):
    with pytest.raises(IndexMissing, match="Run: rag index"):
        Index.open(tmp_path, None)
    assert list(tmp_path.iterdir()) == []


def test_unknown_names_are_input_errors(opened):
    with pytest.raises(InputError, match="not in the index"):
        opened.file_text("/nowhere")
    with pytest.raises(InputError, match="No document 999999"):
        opened.sentences(999_999)


def test_a_filter_sees_what_came_since(build, corpus, directory, embedder):
    write_corpus(corpus, 3)
    build()
    wanted = Filters(documents=("report_004.txt",))
    with Index.open(directory, embedder) as index:
        with pytest.raises(FilterError):
            index.search("case", filters=wanted)
        write_corpus(corpus, 6)
        build()
        found = index.search("case", filters=wanted)
        assert {hit.document.title for hit in found} == {"Report 4"}


@pytest.mark.parametrize("text", ["5.3.2024", "yesterday", "2024-13", "2024-02-30", "", 2024])
def test_filters_take_no_text_for_a_date_that_is_none(text):
    for name in ("since", "until"):
        with pytest.raises(UsageError, match=rf"^{name} {text} is no date\. Write 2024, 2024-05"):
            Filters(**{name: text})
    assert Filters(since="2024", until="2024-02-29").until == "2024-02-29"


def test_filters_take_no_single_name_for_several():
    with pytest.raises(UsageError, match=r"Write documents=\('report.md',\)"):
        Filters(documents="report.md")
