"""`rag inspect`, `rag docs`, `rag remove`, `rag forget`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rag.cli.output import put, say
from rag.home import home
from rag.types import Forgotten, StoredDocument


def index_folder(options: argparse.Namespace) -> Path:
    """The index named, or the home's default."""
    return options.index if options.index is not None else home().index


def inspect(options: argparse.Namespace) -> int:
    """How a file is read: articles, dates, chrome, sentences."""
    from rag.documents import inspect_json, inspect_text
    from rag.documents.isolation import read_all

    ((_, source),) = read_all([options.file])  # with the bounds that `rag index` has
    if isinstance(source, Exception):
        raise source
    if options.json:
        put(json.dumps(inspect_json(source), ensure_ascii=False))
    else:
        put(inspect_text(source, colour=sys.stdout.isatty() and not options.no_colour))
    return 0


def docs(options: argparse.Namespace) -> int:
    """List the indexed documents."""
    from rag.indexing import Index

    with Index.open(index_folder(options), None) as index:
        listed = index.documents()
    if options.json:
        put(json.dumps({"documents": [asdict(each) for each in listed]}, ensure_ascii=False))
        return 0
    for each in listed:
        put(f"{each.published or '-':10}  {each.title[:70]:70}  {each.path}")
    say(f"{len(listed)} documents")
    return 0


def remove(options: argparse.Namespace) -> int:
    """Take a document out of the index."""
    from rag.indexing import remove as remove_document

    return _gone(remove_document(index_folder(options), options.document), "Removed")


def forget(options: argparse.Namespace) -> int:
    """Take a document out and erase its text from the index's files and from saved answers."""
    from rag.indexing import forget as forget_document
    from rag.ui.forgetting import forget_in_state

    def answers(going: Forgotten) -> None:
        if count := forget_in_state(home().state, going):
            say(f"Erased with it: {count} saved answers and opinions that quote it")

    # Answers first: once a document is out of the index, nothing tells any more which quote it.
    documents = forget_document(index_folder(options), options.document, before=answers)
    if not documents:
        say(f"No document is named {options.document!r}. Erased what a broken-off forget had left.")
    return _gone(documents, "Forgot")


def _gone(documents: list[StoredDocument], word: str) -> int:
    for each in documents:
        say(f"{word}: {each.title} ({each.path})")
    return 0
