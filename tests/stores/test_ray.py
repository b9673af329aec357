"""Two nodes read and embed; one of them dies in the middle."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import time

import pytest

from rag.documents.isolation import read_all
from rag.errors import ReadError
from rag.indexing import Index, PassageSettings, check, info, update
from rag.indexing.passages import prepare
from rag.indexing.records import pack_vectors
from rag.indexing.settings import settings_for
from tests.indexing.support import PLACES, SUBJECTS, VERBS, HashingEmbedder
from tests.stores.milvus_server import free_ports
from tests.stores.ray_nodes import HEAD, ROOT, SECOND, Cluster

FILES = 96
ATTEMPTS = 4


def write_texts(folder, count):
    folder.mkdir(exist_ok=True)
    for number in range(count):
        sentences = [
            f"The {SUBJECTS[(number + line) % 10]} near {PLACES[line % 8]} "
            f"{VERBS[(number * line) % 8]} {number + 10}.{line} units in case {number}-{line}."
            for line in range(6)
        ]
        (folder / f"note_{number:03d}.txt").write_text(f"Note {number}\n\n{' '.join(sentences)}\n")


def test_a_row_of_a_shard_gives_back_what_was_prepared(tmp_path):
    from rag.distributed import shards

    write_texts(tmp_path, 1)
    embedder = HashingEmbedder()
    settings = settings_for(embedder, PassageSettings(target_tokens=30))
    ((path, read),) = read_all([tmp_path / "note_000.txt"])
    source, passages = prepare(str(path), read, embedder, settings)
    vectors = pack_vectors(embedder.encode([p.embedded for p in passages]))
    record = shards.record_of(str(path), read.sha256, "s", source, passages, vectors)
    prepared = shards.outcome_of(record)
    assert len(passages) > 1
    assert prepared.source == source
    assert prepared.passages == tuple(passages)
    assert [prepared.vectors[p.digest] for p in passages] == vectors
    error = shards.record_of_error("x.bin", "", "s", ReadError("x.bin is binary", "binary"))
    assert shards.outcome_of(error).reason == "binary"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    missing = [name for name in ("ray", "pyarrow") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed; run: make test-scale")
    made = Cluster(tmp_path_factory.mktemp("ray"), free_ports(1)[0])
    try:
        made.start()
        yield made
    finally:
        made.stop()


def both_nodes_at_work(cluster, corpus, folder):
    """An update whose actors work on both nodes: (process, index, trace).

    Ray places actors as it likes. On a busy machine it may know so little of the second node that
    all of them are on the first; then there is nothing to be killed, and another update is begun.
    """
    for attempt in range(ATTEMPTS):
        index, trace = folder / f"index_{attempt}", folder / f"trace_{attempt}"
        trace.mkdir()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.stores.ray_update", str(index), str(corpus),
             cluster.address, str(trace)],
            cwd=ROOT, env=cluster.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        while process.poll() is None:
            if list(trace.glob(f"{SECOND}-*")):
                return process, index, trace
            time.sleep(0.05)
        complained = process.communicate()[1]
        assert "has not begun" in complained, complained[-4000:]
    pytest.fail(f"In {ATTEMPTS} updates Ray gave the second node nothing to do.")


@pytest.mark.scale
@pytest.mark.timeout(1800)
def test_a_node_that_dies_in_the_middle_costs_time_and_nothing_else(cluster, tmp_path):
    corpus = tmp_path / "corpus"
    write_texts(corpus, FILES)
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.4 not really")
    on_ray, index, trace = both_nodes_at_work(cluster, corpus, tmp_path)
    try:
        at_kill = len(list(trace.iterdir()))
        cluster.kill_second()
        said, complained = on_ray.communicate(timeout=1200)
    finally:
        on_ray.kill()
    assert on_ray.returncode == 0, complained[-4000:]
    assert 0 < at_kill < FILES, "the node was killed in the middle"
    assert list(trace.glob(f"{HEAD}-*"))
    summary = json.loads(said.split("SUMMARY", 1)[1])
    assert (summary["new"], summary["embedded"]) == (FILES, 0)
    assert [skipped["path"] for skipped in summary["skipped"]] == [str(corpus / "broken.pdf")]
    assert not (index / "shards").exists()
    here = tmp_path / "here"
    update(here, [corpus], HashingEmbedder())
    assert info(here)["generation"] == info(index)["generation"]
    assert check(index, HashingEmbedder()) == []
    found = []
    for directory in (here, index):
        with Index.open(directory, HashingEmbedder()) as opened:
            hits = opened.search("radar near Hanoi in case 7-3", limit=40)
            found.append([(h.document.path, h.sentences, h.text, h.dense_score) for h in hits])
    assert found[0] == found[1]
