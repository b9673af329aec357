"""Serves the page over the real assistant: real.py PORT GENERATOR EMBEDDER CORPUS."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rag.cli.serving import PageAssistant, quick_run
from rag.home import home
from rag.indexing import update
from rag.models.embedder import SentenceTransformerEmbedder
from rag.ui import launch


def main(port: str, generator: str, embedder_folder: str, corpus: str) -> None:
    def factory() -> PageAssistant:
        embedder = SentenceTransformerEmbedder(Path(embedder_folder))
        update(home().index, [Path(corpus)], embedder)
        return PageAssistant(embedder=embedder, generator=Path(generator))

    options = argparse.Namespace(generator=generator, embedder=embedder_folder)
    launch(factory, port=int(port), evaluate=quick_run(options))


if __name__ == "__main__":
    main(*sys.argv[1:])
