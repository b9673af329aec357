"""Is what an index shows one whole generation? For articles of `support.article`, eight lines each."""

from __future__ import annotations

import re
from collections import Counter

from rag.indexing import Index

CASE = re.compile(r"case (\d+)-(\d+)-(\d+)\.")


def require_whole(index: Index) -> None:
    """Each stored article is all of one version, is stored once and is found whole."""
    with index.snapshot():
        documents = index.documents()
        assert max(Counter(d.path for d in documents).values(), default=0) <= 1
        versions = {}
        for document in documents:
            cases = CASE.findall(index.file_text(document.path))
            assert [int(line) for _, line, _ in cases] == list(range(8))
            assert len({version for _, _, version in cases}) == 1
            versions[document.path] = cases[0][2]
        for hit in index.search("reactor tested units in case", limit=100):
            for _, _, version in CASE.findall(hit.text):
                assert version == versions[hit.document.path]
