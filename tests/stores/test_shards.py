"""An update from Parquet shards, the cluster left out: what was prepared is not prepared again."""

from __future__ import annotations

import uuid

import pytest

from rag import distributed
from rag.distributed import updating
from rag.distributed.workers import Preparer
from rag.errors import IndexFault, IndexMismatch
from rag.indexing import PassageSettings, check, info, update
from rag.indexing.settings import settings_for
from tests.indexing.support import HashingEmbedder
from tests.stores.test_ray import write_texts

pytestmark = pytest.mark.scale


@pytest.fixture
def worker(monkeypatch):
    """Stands for the cluster: one actor in this process, which may give up after some files."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="not installed; run: make test-scale")
    arrow = pytest.importorskip("pyarrow")
    done: list[str] = []

    def run(paths, make, settings, folder, address) -> None:
        actor = Preparer(make, settings)
        for path in paths:
            if run.left == 0:
                raise IndexFault("The Ray workers failed.")
            run.left -= 1
            done.append(path)
            table = arrow.table(actor({"path": [path]}))
            parquet.write_table(table, folder / f"{uuid.uuid4().hex}.parquet")

    run.left, run.done = -1, done
    monkeypatch.setattr(updating, "run", run)
    return run


def test_an_update_that_was_broken_off_goes_on_from_its_shards(worker, tmp_path):
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    write_texts(corpus, 10)
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.4 not really")
    worker.left = 6
    with pytest.raises(IndexFault):
        distributed.update(index, [corpus], HashingEmbedder)
    assert info(index)["files"] == 0
    (index / "shards" / "torn.parquet").write_bytes(b"PAR1 and no more")
    changed = corpus / "note_000.txt"
    changed.write_text("Another note\n\nIts text was changed after it had been embedded.\n")
    worker.left = -1
    first = list(worker.done)
    summary = distributed.update(index, [corpus], HashingEmbedder)
    again = worker.done[6:]
    assert str(changed) in again
    assert set(again) & set(first) == {str(changed)}
    assert (summary.new, summary.embedded) == (10, 0)
    assert [skipped.path for skipped in summary.skipped] == [str(corpus / "broken.pdf")]
    assert not (index / "shards").exists()
    here = tmp_path / "here"
    update(here, [corpus], HashingEmbedder())
    assert info(here)["generation"] == info(index)["generation"]
    assert check(index, HashingEmbedder()) == []
    assert distributed.update(index, [corpus], HashingEmbedder).unchanged == 10


def test_a_worker_with_another_model_is_refused():
    settings = settings_for(HashingEmbedder(), PassageSettings())
    with pytest.raises(IndexMismatch, match="rag models fetch"):
        Preparer(lambda: HashingEmbedder(fingerprint="other@1"), settings)
