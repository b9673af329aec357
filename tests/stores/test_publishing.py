"""A store that goes away at any call, loses rows or is written by others: nothing is lost."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from rag.errors import IndexFault, StoreFault, StoreUnreachable, UsageError
from rag.indexing import attaching, check, compact, forget, info
from tests.indexing.support import article, write_corpus
from tests.stores.test_every_store import found, searched_here

URL = "http://memory:1/c"


@pytest.fixture
def attached(memory_server, place_at):
    made = place_at(URL)
    write_corpus(made.corpus, 6)
    made.update()
    attaching.use_store(made.directory, URL)
    return made


def in_step(place, server) -> bool:
    """Whether the store holds exactly the passages of the index."""
    held = info(place.directory)
    return len(server.rows[URL]) == held["passages"] and held["store"]["pending"] == 0


def test_a_store_may_go_away_at_any_call_of_an_update(attached, memory_server):
    for calls in range(60):
        for number in (1, 2, 6 + calls % 3):
            text = article(number, 4, version=calls + 1)
            (attached.corpus / f"report_{number:03d}.txt").write_text(text)
        memory_server.fail_in = calls
        try:
            attached.update()
            interrupted = False
        except StoreUnreachable:
            interrupted = True
        memory_server.fail_in = None
        # What was committed is found, also what the store has not heard of.
        with attached.open() as index:
            latest = {hit.text for hit in index.search(f"case 2-0-{calls + 1}.", limit=100)}
            assert any(f"case 2-0-{calls + 1}." in text for text in latest)
            assert not any(f"case 2-0-{calls}." in text for text in latest)
        attached.update()
        assert in_step(attached, memory_server)
        if not interrupted:
            break
    assert 5 < calls < 59
    assert found(attached) == searched_here(attached)


def test_attaching_may_be_broken_off_at_any_call(memory_server, place_at):
    place = place_at(URL)
    write_corpus(place.corpus, 3)
    place.update()
    before = found(place)
    for calls in range(60):
        memory_server.fail_in = calls
        try:
            attaching.use_store(place.directory, URL)
            break
        except StoreUnreachable:
            memory_server.fail_in = None
            if info(place.directory)["store"] is None:
                assert found(place) == before
    memory_server.fail_in = None
    assert 5 < calls < 59
    assert found(place) == before
    place.update()
    assert in_step(place, memory_server)


def test_what_a_server_lost_is_sent_again(attached, memory_server):
    before = found(attached)
    rows = memory_server.rows[URL]
    for passage in list(rows)[::3]:
        del rows[passage]
    (finding,) = check(attached.directory, attached.embedder)
    assert "holds 8 rows, not 12" in finding.what
    assert finding.remedy == "Run: rag index --compact"
    attached.update()
    assert in_step(attached, memory_server)
    assert found(attached) == before
    assert check(attached.directory, attached.embedder) == []


def test_a_server_set_back_to_a_backup_is_brought_forward(attached, memory_server):
    backup = dict(memory_server.rows[URL])
    mark = memory_server.collections[URL]["mark"]
    (attached.corpus / "report_001.txt").write_text(article(1, 4, version=9))
    attached.update()
    before = found(attached)
    memory_server.rows[URL], memory_server.collections[URL]["mark"] = backup, mark
    assert "changed by something else" in check(attached.directory, attached.embedder)[0].what
    attached.update()
    assert in_step(attached, memory_server)
    assert found(attached) == before


def test_two_copies_of_an_index_do_not_write_one_collection(attached, memory_server):
    copy = type(attached)(
        attached.directory.with_name("twin"), attached.corpus, URL, attached.embedder
    )
    shutil.copytree(attached.directory, copy.directory)
    assert found(copy) == found(attached)  # reading is free
    (attached.corpus / "report_001.txt").write_text(article(1, 4, version=9))
    attached.update()
    with pytest.raises(StoreFault, match="Only one of them may write") as caught:
        copy.update()
    assert str(attached.directory) in str(caught.value)
    attaching.use_store(copy.directory, URL)
    assert in_step(copy, memory_server)


def test_another_index_may_not_use_the_collection(attached, place_at):
    other = place_at(URL, "other")
    other.update()
    with pytest.raises(UsageError, match="belongs to another index"):
        attaching.use_store(other.directory, URL)


def test_vectors_are_copied_to_a_store_and_back_to_the_bit(attached, memory_server):
    write_corpus(attached.corpus, 9)
    attached.update()
    before = found(attached)
    with attaching.writing(attached.directory) as connection:
        kept = connection.execute("SELECT * FROM vectors ORDER BY passage").fetchall()
        connection.execute("UPDATE vectors SET vector = zeroblob(128) WHERE passage % 2")
    assert found(attached) != before
    assert attaching.copy(URL, str(attached.directory)) == len(kept)
    with attaching.writing(attached.directory) as connection:
        assert connection.execute("SELECT * FROM vectors ORDER BY passage").fetchall() == kept
    assert found(attached) == before
    second = "http://memory:1/d"
    assert attaching.copy(str(attached.directory), second) == len(memory_server.rows[second])
    assert info(attached.directory)["store"]["url"] == URL


def test_a_copy_back_says_what_the_store_lacks_and_keeps_the_rest(attached, memory_server):
    before = found(attached)
    del memory_server.rows[URL][3], memory_server.rows[URL][4]
    with pytest.raises(IndexFault, match="lacks the vectors of 2 passages"):
        attaching.copy(URL, str(attached.directory))
    assert searched_here(attached) == before


def test_between_two_stores_nothing_is_copied():
    with pytest.raises(UsageError, match="name a folder on one side"):
        attaching.copy("http://a/b", "http://c/d")


def test_a_server_that_ranks_words_is_asked_when_it_is_in_step(attached, memory_server):
    memory_server.ranks_words = True
    with attached.open() as index:
        by_engine = index.search("tariff in Lagos", limit=100)
        (attached.corpus / "late.txt").write_text("# Late\nA zebra in Lagos.\n")
        memory_server.fail_in = 0
        with pytest.raises(StoreUnreachable):
            attached.update()
        memory_server.fail_in = None
        assert index.search("zebra")[0].document.title == "Late"
    assert {h.lexical_rank for h in by_engine if "Lagos" in h.text} != {None}
    compact(attached.directory)
    assert in_step(attached, memory_server)


def test_a_passage_that_only_the_server_knows_is_passed_by(attached, memory_server):
    memory_server.ranks_words = True
    rows = memory_server.rows[URL]
    rows[0] = replace(rows[1], passage=0)  # the smallest number is the engine's first
    with attached.open() as index:
        assert index.search(rows[1].words)[0].passage == 1


def test_a_document_is_forgotten_when_its_store_is_back(attached, memory_server):
    memory_server.fail_in = 0
    with pytest.raises(StoreUnreachable):
        forget(attached.directory, "Report 1")
    memory_server.fail_in = None
    assert [document.title for document in forget(attached.directory, "Report 1")] == ["Report 1"]
    assert in_step(attached, memory_server)


def test_what_a_store_that_goes_away_keeps_is_said_and_goes_by_the_same_call(
    attached, memory_server
):
    def goes(documents):
        memory_server.fail_in = 0

    with pytest.raises(IndexFault, match=r"taken out .* away .* run the same command again"):
        forget(attached.directory, "Report 1", before=goes)
    memory_server.fail_in = None
    assert forget(attached.directory, "Report 1") == []
    assert in_step(attached, memory_server)
