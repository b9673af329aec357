"""A process that keeps changing an index until it is killed: python -m tests.indexing.churn.

It reads lines "INDEX CORPUS SEED LIMIT" and forks a child for each, so that a kill costs no new
imports; LIMIT is the largest file the child may write in bytes, 0 for any. It prints the child's
process id, and when the child has ended how it ended.
"""

from __future__ import annotations

import os
import random
import resource
import sys
from pathlib import Path

from rag.errors import IndexFault
from rag.indexing import PassageSettings, compact, faiss_kinds, forget, remove, update
from tests.indexing.support import HashingEmbedder, article, reader

assert faiss_kinds.faiss  # loaded before the fork
FILES = 8
PASSAGES = PassageSettings(target_tokens=30)


def change(directory: Path, corpus: Path, generator: random.Random) -> None:
    """One step: other versions of some files, some gone, and the index brought in step."""
    for number in generator.sample(range(FILES), 3):
        path = corpus / f"report_{number:03d}.txt"
        if generator.random() < 0.25:
            path.unlink(missing_ok=True)
            continue
        draft = corpus / f".{path.stem}.draft"
        draft.write_text(article(number, 8, generator.randrange(1000)))
        draft.replace(path)
    update(directory, [corpus], HashingEmbedder(), reader=reader, prune=True, passages=PASSAGES)
    present = sorted(corpus.glob("report_*.txt"))
    choice = generator.random()
    if choice < 0.2:
        compact(directory)
    elif choice < 0.3 and present:
        remove(directory, str(generator.choice(present)))
    elif choice < 0.4 and present:
        forget(directory, str(generator.choice(present)))


def churn(directory: Path, corpus: Path, seed: int, limit: int) -> str:
    """Change until killed, or until a write fails because of `limit`."""
    generator = random.Random(seed)
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    while True:
        try:
            change(directory, corpus, generator)
        except IndexFault as error:
            return f"{type(error).__name__}: {error}"


def main() -> None:
    """Serve lines until the input ends."""
    for line in sys.stdin:
        directory, corpus, seed, limit = line.split()
        child = os.fork()
        if child == 0:
            told = "died"
            try:
                told = churn(Path(directory), Path(corpus), int(seed), int(limit))
            except BaseException as error:
                told = f"unexpected {error!r}"
            finally:
                sys.stdout.write(told.replace("\n", " ") + "\n")
                sys.stdout.flush()
                os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("ended\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
