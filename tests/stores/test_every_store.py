"""What an index promises, whatever its vectors are searched by."""

from __future__ import annotations

from rag.indexing import Index, attaching, check, compact, info, remove
from rag.types import Filters
from tests.indexing.support import article, write_corpus
from tests.stores.conftest import Place

QUESTIONS = ["radar near Hanoi", "the alloy was approved", "quota doubled in Porto"]
FILTERS = [
    Filters(outlets=("desk 1",)),
    Filters(since="2021-03", until="2021-08-30"),
    Filters(until="2021", language="en"),
    Filters(documents=("report_007.txt",)),
    Filters(since="2022"),
]


def titles(index: Index, question: str, **options) -> list[str]:
    return [hit.document.title for hit in index.search(question, **options)]


def found(place: Place, filters: Filters | None = None) -> list[list[tuple[str, int, float]]]:
    """By the dense ranking alone, in which every exact store agrees."""
    with place.open() as index:
        return [
            [
                (hit.document.path, hit.sentences[0].start, hit.dense_score)
                for hit in index.search(q, limit=15, filters=filters, lexical_weight=0.0)
            ]
            for q in QUESTIONS
        ]


def searched_here(place: Place, filters: Filters | None = None):
    """The same questions of a copy that is searched by this machine."""
    copy = Place(place.directory.with_name("copy"), place.corpus, "local", place.embedder)
    if not copy.directory.exists():
        attaching.copy(str(place.directory), str(copy.directory))
    return found(copy, filters)


def test_the_same_is_found_as_on_this_machine_with_and_without_filters(place):
    write_corpus(place.corpus, 24, lines=6)
    place.update()
    assert info(place.directory)["passages"] == 48
    assert found(place) == searched_here(place)
    for filters in FILTERS:
        assert found(place, filters) == searched_here(place, filters)


def test_filters_that_many_documents_pass_are_left_to_the_store(place, monkeypatch):
    monkeypatch.setattr("rag.indexing.remote._FEW_DOCUMENTS", 0)
    write_corpus(place.corpus, 24)
    (place.corpus / "undated.txt").write_text("# Undated\nThe radar near Hanoi lost its dish.\n")
    (place.corpus / "quote.txt").write_text(
        '# Quoted | 2021-04 | The "Daily" O\'Neil\nThe radar near Hanoi lost its dish.\n'
    )
    place.update()
    for filters in (*FILTERS, Filters(outlets=('the "daily" o\'neil',))):
        assert found(place, filters) == searched_here(place, filters)


def test_one_reads_at_once_what_was_written(place):
    write_corpus(place.corpus, 3)
    place.update()
    with place.open() as index:
        for number in range(3, 6):
            path = place.corpus / f"report_{number:03d}.txt"
            path.write_text(f"# Vessel {number} | 2024-01-02\nA vessel of class {number} sank.\n")
            place.update()
            assert f"Vessel {number}" in titles(index, f"vessel of class {number} sank")[:1]
        path.write_text("# Vessel 5 | 2024-01-02\nThe class 5 vessel was raised again.\n")
        place.update()
        (hit,) = index.search("vessel of class 5", filters=Filters(documents=("Vessel 5",)))
        assert "raised again" in hit.text
        path.unlink()
        place.update()
        assert "Vessel 5" not in titles(index, "vessel of class 5 sank", limit=50)


def test_what_was_taken_out_is_gone_before_the_store_is_told(place):
    write_corpus(place.corpus, 8)
    place.update()
    remove(place.directory, "report_003.txt")
    with place.open() as index:
        left = titles(index, "reactor tested units in case 3", limit=100)
        assert "Report 3" not in left
        assert len(set(left)) == 7
    place.update()  # comes back, under new numbers
    with place.open() as index:
        assert "Report 3" in titles(index, "reactor tested units in case 3", limit=100)


def test_words_and_vectors_are_fused_by_rank(place):
    write_corpus(place.corpus, 12)
    (place.corpus / "rare.txt").write_text(
        "# Rare | 2023-01-01\nZircon levels of 22.5 ppm were noted at KL-7.\n"
    )
    place.update()
    with place.open() as index:
        hits = index.search("Which site noted zircon, KL-7?")
        (rare,) = [hit for hit in hits if hit.document.title == "Rare"]
        assert rare.lexical_rank == 0
        assert rare.dense_rank is not None
        assert rare.score == 1 / 61 + 1 / (61 + rare.dense_rank)
        dated = Filters(until="2022")
        assert "Rare" not in titles(index, "zircon KL-7", filters=dated, limit=50)


def test_an_index_moves_to_a_store_and_back(place, place_at):
    write_corpus(place.corpus, 10)
    place.update()
    before = found(place)
    moved = place.url
    attaching.use_store(place.directory, attaching.LOCAL)
    assert info(place.directory)["store"] is None
    assert found(place) == before
    attaching.use_store(place.directory, moved)
    assert found(place) == before
    assert not [f for f in check(place.directory, place.embedder) if f.severity == "error"]


def test_new_settings_fill_the_store_anew(place):
    write_corpus(place.corpus, 6)
    place.update()
    place.embedder.dimension, place.embedder.fingerprint = 32, "hashing@2"
    place.update(rebuild=True)
    assert found(place) == searched_here(place)


def test_compacting_and_many_changes_leave_nothing_behind(place):
    for version in range(3):
        for number in range(4):
            path = place.corpus / f"report_{number:03d}.txt"
            path.write_text(article(number, 4, version))
        place.update()
    compact(place.directory)
    assert found(place) == searched_here(place)
    assert check(place.directory, place.embedder) == []
