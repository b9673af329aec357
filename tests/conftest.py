"""Every test runs with a home of its own and without a network; weights are found beforehand.

What tests write lies in memory where there is room. Where several workers share the tests, a file
stays in one of them, and so do all tests of the page.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import ModelNotFound
from rag.home import Home, home
from rag.models import fetch

WEIGHTS_HOME = home()
"""Where the weights of this machine are: found before any test is given a home of its own."""

_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 2_000_000_000
_PAGE = "tests/ui/"
"""What shares a server and a browser, of which two beside each other would be slow."""

_connect = socket.socket.connect
_LOOPBACK = ("127.", "::1", "localhost")


class NetworkTouched(AssertionError):
    """A test tried to leave this machine."""


def _guarded_connect(self: socket.socket, address: object) -> None:
    if self.family != socket.AF_UNIX:
        host = address[0] if isinstance(address, tuple) else str(address)
        if not str(host).startswith(_LOOPBACK):
            raise NetworkTouched(f"a test connects to {address!r}; only this machine is allowed")
    _connect(self, address)


def pytest_configure(config: pytest.Config) -> None:
    """Choose where temporary files lie, and keep the workers from taking each other's cores.

    An index waits for the disk after each commit: 63 of its tests took 41 s on a disk and 23 s in
    memory on the same busy machine. What a kill or a full disk leaves is the same in both.
    """
    if os.access(_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
    if hasattr(config, "workerinput"):
        os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `-n 2` the page's tests come first, because they are the longest that stay together."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith(_PAGE))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give a worker a file at a time, in order, and the page's folder as if it were one file.

    Not by `--dist loadgroup`: that of pytest-xdist 3.8 marks tests in a way pytest 9.2 does not see.
    """
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _PAGE if nodeid.startswith(_PAGE) else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return Together(config, log)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders that are not there yet, without looking through the earlier ones."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def isolated(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, in HOME and RAG_HOME, and no way out of this machine."""
    root = next(homes)
    root.mkdir()
    monkeypatch.setenv("HOME", str(root))
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / ".cache"))
    monkeypatch.setenv("RAG_HOME", str(root))
    monkeypatch.delenv("RAG_WEIGHTS", raising=False)
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
    return root


def weights(name: str) -> Path:
    """Weights of the catalogue; a test without them is skipped, but never in CI."""
    try:
        return fetch.path(name, WEIGHTS_HOME)
    except ModelNotFound as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def weights_home() -> Home:
    """The home whose `models/` holds this machine's weights."""
    return WEIGHTS_HOME


@pytest.fixture(scope="session")
def tiny_weights() -> Path:
    """The GGUF file of the tiny generator."""
    return weights("smollm2-135m")


@pytest.fixture(scope="session")
def default_weights() -> Path:
    """The GGUF file of the default generator."""
    return weights("qwen2.5-coder-1.5b")


@pytest.fixture(scope="session")
def embedder_weights() -> Path:
    """The folder of the default embedder."""
    return weights("all-minilm-l6-v2")


@pytest.fixture(scope="session")
def tiny_generator(tiny_weights: Path) -> Iterator[object]:
    """The tiny model, loaded once."""
    from rag.models.generator import LlamaGenerator

    generator = LlamaGenerator(tiny_weights, context_tokens=1024, threads=1)
    yield generator
    generator.close()


@pytest.fixture(scope="session")
def embedder(embedder_weights: Path) -> object:
    """The default embedder, loaded once."""
    from rag.models.embedder import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(embedder_weights)
