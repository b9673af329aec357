"""The server is killed while it is written to, and while it is asked."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from rag.errors import StoreUnreachable
from rag.indexing import attaching, check, info
from rag.stores import milvus, milvus_connection
from tests.indexing.support import write_corpus
from tests.stores.test_every_store import found, searched_here

pytestmark = [pytest.mark.scale, pytest.mark.timeout(900)]
FILES = 300
_NUMBERS = itertools.count()


@pytest.fixture
def place(milvus_server, place_at, monkeypatch):
    monkeypatch.setattr(milvus, "_BATCH", 20)  # so that a write takes many calls
    made = place_at(f"{milvus_server.url}/killed_{next(_NUMBERS)}")
    write_corpus(made.corpus, 20)
    made.update()
    attaching.use_store(made.directory, made.url)
    yield made
    if milvus_server.running:
        return
    milvus_server.start()


def test_killed_in_mid_write_and_back_nothing_is_lost(place, milvus_server, monkeypatch):
    write_corpus(place.corpus, FILES)
    written, kill_at = [], FILES // 20
    send = milvus.MilvusStore._on_rows

    def counted(store, method, **given):
        send(store, method, **given)
        written.append(len(given.get("data", ())))
        if len(written) == kill_at // 2:
            milvus_server.kill()
            restart.start()

    restart = threading.Timer(1.0, milvus_server.start, kwargs={"wait": False})
    with monkeypatch.context() as patch:
        patch.setattr(milvus.MilvusStore, "_on_rows", counted)
        patch.setattr(milvus_connection, "PATIENCE_SECONDS", 600.0)
        place.update()
    restart.join()
    assert len(written) > kill_at
    held = info(place.directory)
    assert held["store"]["pending"] == 0
    assert check(place.directory, place.embedder) == []
    assert found(place) == searched_here(place)


def test_killed_for_good_the_write_ends_with_what_to_do_and_goes_on_later(
    place, milvus_server, monkeypatch
):
    write_corpus(place.corpus, 40)
    milvus_server.kill()
    with pytest.raises(StoreUnreachable, match="Nothing is lost") as caught:
        place.update()
    assert place.url in str(caught.value)
    assert info(place.directory)["files"] == 40  # the documents are stored all the same
    milvus_server.start()
    place.update()
    assert info(place.directory)["store"]["pending"] == 0
    assert found(place) == searched_here(place)


def test_killed_in_mid_query_and_back_the_answer_is_the_same(place, milvus_server):
    with place.open() as index:
        before = [hit.passage for hit in index.search("radar near Hanoi", limit=30)]
        stop, answers, errors = threading.Event(), [], []

        def ask() -> None:
            while not stop.is_set():
                try:
                    answers.append([h.passage for h in index.search("radar near Hanoi", limit=30)])
                except StoreUnreachable as error:
                    errors.append(error)

        asker = threading.Thread(target=ask)
        asker.start()
        time.sleep(0.5)
        milvus_server.kill()
        asked = len(answers)
        milvus_server.start()
        deadline = time.monotonic() + 300
        while len(answers) <= asked + 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        stop.set()
        asker.join()
    assert len(answers) > asked + 1
    assert all(answer == before for answer in answers)
    for error in errors:
        assert "has not answered for" in str(error)


def test_without_a_server_a_question_ends_soon_and_says_why(place, milvus_server):
    milvus_server.kill()
    with place.open() as index, pytest.raises(StoreUnreachable, match="rag index --store local"):
        index.search("radar near Hanoi")
    attaching.use_store(place.directory, attaching.LOCAL)
    assert found(place) == searched_here(place)
