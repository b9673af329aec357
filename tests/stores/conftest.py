"""One set of tests, every store: this machine, one in memory, a real Milvus, Milvus with BM25."""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.indexing import Index, PassageSettings, UpdateSummary, attaching, publishing, update
from rag.indexing import remote as remote_vectors
from tests.indexing.support import HashingEmbedder, reader
from tests.stores.memory_store import MemoryServer
from tests.stores.milvus_server import LiteServer, MilvusServer

_NUMBERS = itertools.count()
scale = pytest.mark.scale


@dataclass(frozen=True)
class Place:
    """An index folder, its corpus, and the address of the store it is searched through."""

    directory: Path
    corpus: Path
    url: str
    embedder: HashingEmbedder

    def update(self, **options) -> UpdateSummary:
        options.setdefault("passages", PassageSettings(target_tokens=30))
        options.setdefault("prune", True)
        return update(self.directory, [self.corpus], self.embedder, reader=reader, **options)

    def open(self) -> Index:
        return Index.open(self.directory, self.embedder)


def _need(*packages: str) -> None:
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(
            f"{' and '.join(missing)} not installed; run: make test-scale "
            "(the server's package exists for Linux on x86-64 only)"
        )


@pytest.fixture(scope="session")
def milvus_server(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[MilvusServer]:
    """A Milvus server process of the package `milvus`."""
    _need("pymilvus", "milvus")
    assert pytestconfig.cache is not None
    unpacked = pytestconfig.cache.mkdir("milvus-server")
    server = MilvusServer(tmp_path_factory.mktemp("milvus"), unpacked)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def lite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiteServer]:
    """milvus-lite's server: not Milvus itself, but it ranks words as Milvus does since 2.5."""
    _need("pymilvus", "milvus_lite")
    server = LiteServer(tmp_path_factory.mktemp("lite"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def memory_server(monkeypatch: pytest.MonkeyPatch) -> MemoryServer:
    """Takes the place of every server that the index is told to use."""
    server = MemoryServer()
    for module in (publishing, remote_vectors, attaching):
        monkeypatch.setattr(module, "open_store", server.open)
    return server


@pytest.fixture
def place_at(tmp_path: Path) -> Callable[..., Place]:
    """Makes a place for an address; the embedder's vectors are 64 long."""

    def make(url: str, name: str = "index") -> Place:
        corpus = tmp_path / "corpus"
        corpus.mkdir(exist_ok=True)
        return Place(tmp_path / name, corpus, url, HashingEmbedder())

    return make


@pytest.fixture(
    params=[
        "local",
        "memory",
        pytest.param("milvus", marks=scale),
        pytest.param("milvus-lite", marks=scale),
    ]
)
def place(request: pytest.FixtureRequest, place_at: Callable[..., Place]) -> Place:
    """An empty index that is searched through the store named."""
    url = {
        "local": lambda: attaching.LOCAL,
        "memory": lambda: request.getfixturevalue("memory_server") and "http://memory:1/c",
        "milvus": lambda: request.getfixturevalue("milvus_server").url,
        "milvus-lite": lambda: request.getfixturevalue("lite_server").url,
    }[request.param]()
    if request.param.startswith("milvus"):
        url = f"{url}/c{next(_NUMBERS)}"
    made = place_at(url)
    made.update()
    attaching.use_store(made.directory, made.url)
    return made
