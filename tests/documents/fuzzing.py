"""Readers given damaged files: `python -m tests.documents.fuzzing --seconds 600 pdf html`.

Real files of each format are damaged at random, from a seed, and read as `rag index` reads them:
in a child process with bounds. What must never be: an error of ours, a hang, a result whose
spans do not stand in its text. A child that dies costs its file and is only counted.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rag.documents import fold
from rag.documents.isolation import read_all
from rag.documents.limits import Limits
from rag.errors import ReadError
from rag.types import SourceFile
from tests.documents import fixtures

CORPUS = Path(__file__).parents[2] / "eval" / "corpus"
MARKED = Path(__file__).parent / "data"
MAKERS = {**fixtures.MAKERS, "mhtml": fixtures.make_mhtml}
ARCHIVES = frozenset({"docx", "pptx", "xlsx", "epub"})
LIMITS = Limits(seconds=20, memory_bytes=1_500_000_000)
"""A file of a few kilobytes that takes so much of the processor counts as a hang."""
_TOKENS = (
    *(b"\x00", b"\xff\xfe", b"\r", b"\x0c", b"<", b">", b"&#0;", b"&#x110000;", b"]]>", b"<!--"),
    *(b"<table>", b"</p>", b"<script>", b"%", b"\xe4\xb8", b"--", b"(", b"|", b"=?utf-8?b?", b"\t"),
    *(b"\n\n\n", b"From: a\nSubject: b\n", b" obj\n", b"endstream", b"9999999999", b"-1", b"'\""),
)


def originals(kind: str, folder: Path) -> list[bytes]:
    """Sound files of a format: the tests' own and those of the sample corpus."""
    made = MAKERS[kind](folder / f"sound.{kind}").read_bytes()
    found = (path for root in (CORPUS, MARKED) for path in sorted(root.rglob(f"*.{kind}")))
    return [made, *(path.read_bytes() for path in found)]


def damaged(data: bytes, kind: str, chance: random.Random) -> bytes:
    """The file with a few random faults; of an archive, mostly inside one of its parts."""
    if kind not in ARCHIVES or chance.random() < 0.25:
        return _scrambled(data, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as changed:
        names = archive.namelist()
        victims = set(chance.sample(names, min(len(names), chance.randint(1, 2))))
        for name in names:
            part = archive.read(name)
            if name in victims and chance.random() < 0.15:
                continue
            changed.writestr(name, _scrambled(part, chance) if name in victims else part)
    return out.getvalue()


def _scrambled(data: bytes, chance: random.Random) -> bytes:
    body = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        at = chance.randrange(len(body) + 1)
        size = chance.choice((1, 2, 8, 64, 512))
        fault = chance.randrange(7)
        if fault == 0 and at < len(body):
            body[at] ^= 1 << chance.randrange(8)
        elif fault == 1:
            body[at:at] = chance.choice(_TOKENS) * chance.choice((1, 1, 3, 200))
        elif fault == 2:
            del body[at : at + size]
        elif fault == 3:
            body[at:at] = body[at : at + size] * chance.choice((1, 2, 40))
        elif fault == 4:
            body[at : at + size] = chance.randbytes(size)
        elif fault == 5:
            other = chance.randrange(len(body) + 1)
            body[at : at + size] = body[other : other + size]
        elif chance.random() < 0.1:
            del body[at:]
    return bytes(body) or b"\x00"


def faults(result: SourceFile | ReadError) -> list[str]:
    """What is wrong with an outcome; an error with a reason is right, one of ours is not."""
    if isinstance(result, ReadError):
        return [str(result)] if result.reason.startswith(("internal", "took")) else []
    found, end = [], 0
    for document in result.documents:
        if not end <= document.start <= document.end <= len(result.text):
            found.append(f"article {document.start}-{document.end} after {end}")
        end = document.end
        for one in document.sentences:
            inside = document.start <= one.start < one.end <= document.end
            if not inside or not fold(result.text[one.start : one.end]):
                found.append(f"sentence {one.start}-{one.end}")
    return found


def run(
    kind: str, seconds: float, seed: int, keep: Path, batch: int = 200
) -> tuple[Counter[str], list[str]]:
    """Read damaged files of one format for so long, one batch at least; outcomes, and faults.

    `seconds` are those of the processor, so that a busy machine does not make it look less.
    """
    chance = random.Random(f"{kind} {seed}")
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound = originals(kind, folder)

        def files() -> Iterator[Path]:
            for number in range(batch):
                path = folder / f"{number}.{kind}"
                path.write_bytes(damaged(chance.choice(sound), kind, chance))
                yield path

        until = _processor_seconds() + seconds
        while not outcomes or _processor_seconds() < until:
            for path, result in read_all(list(files()), 1, LIMITS):
                if isinstance(result, ReadError) and result.reason.startswith("took"):
                    # On a machine with other work a child may starve: late twice is a hang.
                    ((_, result),) = read_all([path], 1, LIMITS)
                reason = result.reason if isinstance(result, ReadError) else result.format
                outcomes[reason.split("(")[0].strip()] += 1
                for fault in faults(result):
                    kept = keep / f"{kind}-{seed}-{len(wrong)}.{kind}"
                    kept.write_bytes(path.read_bytes())
                    wrong.append(f"{kept}: {fault}")
    return outcomes, wrong


def _processor_seconds() -> float:
    """Of this process and of the children that have ended, as all of a batch have."""
    return sum(os.times()[:4])


def main() -> None:
    """Print the outcomes of each format named, and where files that showed a fault were kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", help=", ".join(MAKERS))
    parser.add_argument(
        "--seconds", type=float, default=600.0, help="of processor, for each format"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()))
    chosen = parser.parse_args()
    for kind in chosen.kinds or MAKERS:
        outcomes, wrong = run(kind, chosen.seconds, chosen.seed, chosen.keep)
        print(kind, outcomes.total(), "files;", dict(outcomes.most_common()), flush=True)
        for line in wrong:
            print("  FAULT", line, flush=True)


if __name__ == "__main__":
    main()
