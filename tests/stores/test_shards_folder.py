"""What others keep where the workers' files go is left alone."""

from __future__ import annotations

from rag import distributed
from rag.distributed.updating import shards_folder
from tests.indexing.support import HashingEmbedder


def test_only_the_folder_of_this_index_is_deleted(tmp_path):
    shared, index = tmp_path / "shared", tmp_path / "index"
    mine, others = shards_folder(index, shared), shards_folder(tmp_path / "another", shared)
    for folder in (shared, mine, others):
        folder.mkdir(exist_ok=True)
        (folder / "kept.parquet").write_text("of somebody")
    distributed.update(index, [], HashingEmbedder, shards=shared)
    assert sorted(path.name for path in shared.iterdir()) == sorted(["kept.parquet", others.name])
    assert (others / "kept.parquet").exists()
