"""An update on a cluster in a process of its own: python -m tests.stores.ray_update.

Arguments: the index folder, the corpus, the cluster's address, and a folder in which each actor
leaves a file, named by its node's address, for each batch it has embedded.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from rag import distributed
from rag.types import FloatMatrix
from tests.indexing.support import HashingEmbedder
from tests.stores.ray_nodes import HEAD, SECOND

SECONDS = 0.3
PATIENCE = 120.0


class SlowEmbedder(HashingEmbedder):
    """Takes its time over each file, and says where it works.

    The head waits for the second node to have begun: on a busy machine that is much later, and
    there would be nothing left to lose when that node is killed.
    """

    def __init__(self, trace: Path) -> None:
        super().__init__()
        self._trace = trace

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        import ray

        time.sleep(SECONDS)
        node = ray.util.get_node_ip_address()
        deadline = time.monotonic() + PATIENCE
        while node == HEAD and not list(self._trace.glob(f"{SECOND}-*")):
            if time.monotonic() > deadline:
                raise TimeoutError(f"The node {SECOND} has not begun after {PATIENCE:.0f} s.")
            time.sleep(0.05)
        (self._trace / f"{node}-{uuid.uuid4().hex}").touch()
        return super().encode(texts)


def main() -> None:
    """Update, and print the summary as JSON."""
    directory, corpus, address, trace = sys.argv[1:]
    make = partial(SlowEmbedder, Path(trace))
    summary = distributed.update(Path(directory), [Path(corpus)], make, address=address)
    print("SUMMARY", json.dumps(asdict(summary)))


if __name__ == "__main__":
    main()
