"""Names, paths or ready parts to working models; the libraries are imported only here and late."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from rag.home import Home
from rag.models import remote
from rag.models.fetch import resolve_embedder, resolve_generator
from rag.types import Embedder, Generator


def as_embedder(given: Embedder | Path | str | None, home: Home) -> Embedder:
    """A ready embedder as it is, else the weights of that name or folder loaded.

    "NAME#256" keeps the first 256 dimensions.

    Raises:
        ModelNotFound, ModelBroken: see `rag.models.fetch.resolve_embedder`.
    """
    if given is None or isinstance(given, str | Path):
        given, dimension = _dimension(given)
        folder = resolve_embedder(given, home)
        from rag.models.embedder import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(folder, dimension=dimension)
    return given


def require_generator(given: Generator | Path | str | None, home: Home) -> None:
    """Complain at once about weights or a server that are not there, before anything slow begins.

    Raises:
        ModelNotFound: neither a name nor a file, or not fetched yet.
        ModelError, UsageError: see `rag.models.remote.require_server`.
    """
    if isinstance(given, str) and remote.is_address(given):
        remote.require_server(given)
    elif given is None or isinstance(given, str | Path):
        resolve_generator(given, home)


def as_generator(given: Generator | Path | str | None, home: Home) -> Generator:
    """A ready generator as it is, else the server at that address or the weights of that name or
    file loaded.

    Raises:
        ModelNotFound, ModelBroken: see `rag.models.fetch.resolve_generator`.
        ModelError, UsageError: see `rag.models.remote.RemoteGenerator`.
    """
    if isinstance(given, str) and remote.is_address(given):
        return remote.RemoteGenerator(given)
    if given is None or isinstance(given, str | Path):
        path = resolve_generator(given, home)
        from rag.models.generator import LlamaGenerator

        return LlamaGenerator(path, states=home.state / "prompts")
    return given


class LoadingGenerator:
    """A generator that loads in a thread of its own, from the first `start` or `result` on.

    Safe between threads.
    """

    def __init__(self, given: Generator | Path | str | None, home: Home) -> None:
        """`given` is as for `as_generator`, whose errors `result` raises."""
        self._given = given
        self._home = home
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="generator")
        self._loading: Future[Generator] | None = None

    def start(self) -> Future[Generator]:
        """Begin to load, unless that has been done. What failed is begun anew: the server may
        have come up by now, or the weights been fetched.
        """
        with self._lock:
            if self._loading is None or _failed(self._loading):
                self._loading = self._pool.submit(as_generator, self._given, self._home)
            return self._loading

    def result(self) -> Generator:
        """The generator, waiting until it is loaded."""
        return self.start().result()

    @property
    def loaded(self) -> bool:
        """Whether `result` returns at once.

        Raises what the loading raised that failed last: who only asks how things stand does not
        wait for another.
        """
        loading = self._loading
        if loading is None or not loading.done():
            return False
        loading.result()
        return True

    def close(self) -> None:
        """Wait for a loading that has begun, and free what it loaded.

        A ready part stays as it is: who made it may use it elsewhere too, as the page does, whose
        generator also answers the evaluation.
        """
        self._pool.shutdown(wait=True)
        if self._given is not None and not isinstance(self._given, str | Path):
            return
        if self._loading is not None and self._loading.exception() is None:
            closer = getattr(self._loading.result(), "close", None)
            if closer is not None:
                closer()


def _failed(loading: Future[Generator]) -> bool:
    return loading.done() and loading.exception() is not None


def _dimension(given: Path | str | None) -> tuple[Path | str | None, int | None]:
    """A name and the dimensions to keep, when it ends in "#" and a number."""
    name, mark, number = str(given).rpartition("#")
    return (name, int(number)) if mark and name and number.isdecimal() else (given, None)
