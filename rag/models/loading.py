"""Names, paths or ready parts to working models; the libraries are imported only here and late."""

from __future__ import annotations

from pathlib import Path

from rag.home import Home
from rag.models.fetch import resolve_embedder, resolve_generator
from rag.types import Embedder, Generator


def as_embedder(given: Embedder | Path | str | None, home: Home) -> Embedder:
    """A ready embedder as it is, else the weights of that name or folder loaded.

    Raises:
        ModelNotFound, ModelBroken: see `rag.models.fetch.resolve_embedder`.
    """
    if given is None or isinstance(given, str | Path):
        folder = resolve_embedder(given, home)
        from rag.models.embedder import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(folder)
    return given


def require_generator(given: Generator | Path | str | None, home: Home) -> None:
    """Complain at once about weights that are not there, before anything slow begins.

    Raises:
        ModelNotFound: neither a name nor a file, or not fetched yet.
    """
    if given is None or isinstance(given, str | Path):
        resolve_generator(given, home)


def as_generator(given: Generator | Path | str | None, home: Home) -> Generator:
    """A ready generator as it is, else the weights of that name or file loaded.

    Raises:
        ModelNotFound, ModelBroken: see `rag.models.fetch.resolve_generator`.
    """
    if given is None or isinstance(given, str | Path):
        path = resolve_generator(given, home)
        from rag.models.generator import LlamaGenerator

        return LlamaGenerator(path)
    return given
