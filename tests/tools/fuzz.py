"""Coverage-guided input for one target or all: `python -m tests.tools.fuzz all 60`.

Seconds are the processor's, so that a busy machine tries as much as a quiet one.
Atheris drives each target of `fuzz_targets` in a process of its own. A find is kept in
`tests/tools/seeds/TARGET/` and tried first from then on; with --learn, so are the shortest inputs
that together reach what was reached.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.tools import fuzz_targets
from tests.tools.fuzz_targets import TARGETS, learn, seeds_of

ROOT = Path(__file__).parents[2]
SLOWEST_SECONDS = 5.0
LONGEST_BYTES = 8192
MOST_FINDS = 20
_TELLING = [
    "[S1]", "[S99]", "\n\n", "\n# ", "。", "”", '"', "\\", "\x00", "\u200b", "\u202e", "3.9 million",
    "万亿", "2024-02-30", "Mr. ", "U.S. ", "...", "```", "<|im_end|>", "{", "}", "[", "]", "é", "🚢",
    "\r\n", "\ud7ff", "0" * 40, "-1", "1e999", "null", "No, ", "not ", "第十二", "per cent", "\t", "|",
    '{"', '":', "\\ud800", "[" * 1500, "9" * 5000, "true", '"history": [', '"citations"', "\u2028", "\x1c",
]  # fmt: skip


class Watch:
    """A target that keeps its finds and goes on; the same fault at the same line is kept once.

    After `seconds` of the processor it says how many inputs were tried and ends the process.
    """

    def __init__(
        self, target: str, run: Callable[[bytes], None], seconds: float = math.inf
    ) -> None:
        self.target, self.run, self.seconds = target, run, seconds
        self.tried = 0
        self.finds: dict[str, Path] = {}
        self.began = time.process_time()

    def __call__(self, data: bytes) -> None:
        began = time.process_time()
        if began - self.began > self.seconds:
            sys.stdout.write(f"TRIED {self.tried}\n")
            sys.stdout.flush()
            os._exit(0)
        self.tried += 1
        try:
            self.run(data)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            self.keep(
                data, f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {error}"
            )
        else:
            if time.process_time() - began > SLOWEST_SECONDS:
                self.keep(data, "slow")

    def keep(self, data: bytes, problem: str) -> None:
        kind = problem.split(": ")[0]
        if kind in self.finds or len(self.finds) >= MOST_FINDS:
            return
        place = (
            fuzz_targets.SEEDS / self.target / f"found-{hashlib.sha256(data).hexdigest()[:12]}.txt"
        )
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self.finds[kind] = place
        sys.stdout.write(f"FOUND {self.target}: {problem[:200]!r} ({place.name})\n")
        sys.stdout.flush()


def mutated(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    """The input after a few edits that a byte-wise mutator would hardly come to."""
    text = data.decode("utf-8", "surrogateescape")
    for _ in range(chance.randint(1, 4)):
        at, to = sorted(chance.randint(0, len(text)) for _ in range(2))
        other = chance.choice(seeds).decode("utf-8", "surrogateescape")
        text = chance.choice(
            [
                text[:at] + chance.choice(_TELLING) + text[at:],
                text[:at] + text[to:],
                text[:at] + text[at:to] * chance.randint(2, 20) + text[to:],
                text[:at] + other[: chance.randint(0, 400)] + text[to:],
                text[:at] + chr(chance.choice((chance.randint(1, 255), 0x4E00, 0xFEFF, 0x1F6A2))) + text[at:],
            ]
        )  # fmt: skip
    return text.encode("utf-8", "surrogateescape")


def drive(target: str, seconds: float, flags: list[str]) -> None:
    """In the child: hand the process to atheris, which ends it."""
    import atheris

    seeds = seeds_of(target)
    # Modules are instrumented as they are imported, which a target does when it first runs.
    with atheris.instrument_imports(include=["rag"]):
        for each in seeds:
            with contextlib.suppress(Exception):  # it is tried again, and then kept
                TARGETS[target](each)
    watch = Watch(target, TARGETS[target], seconds)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.5:
            return bytes(atheris.Mutate(data, longest))
        return mutated(bytes(data), seeds, chance)[:longest]

    atheris.Setup([sys.argv[0], *flags], watch, custom_mutator=mutate)
    atheris.Fuzz()


def fuzz(target: str, seconds: float, seed: int, keep: bool = False) -> tuple[int, int]:
    """How many inputs were tried, and how many finds were kept."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for folder in ("corpus", "least"):
            (work / folder).mkdir()
        for number, data in enumerate(seeds_of(target)):
            (work / "corpus" / str(number)).write_bytes(data)
        told = _child(target, work, seconds, [f"-seed={seed}", f"-max_len={LONGEST_BYTES}",
                      "-timeout=1200", "-rss_limit_mb=3000",
                      f"-artifact_prefix={work}/died-", str(work / "corpus")])  # fmt: skip
        died = sorted(work.glob("died-*"))
        watch = Watch(target, TARGETS[target])
        for number, path in enumerate(died):  # the process itself ended: a crash or a hang
            watch.keep(path.read_bytes(), f"{path.name.split('-')[1]} {number}")
        if keep:
            merging = ["-merge=1", str(work / "least"), str(work / "corpus")]
            merged = _child(target, work, math.inf, merging)
            if not any((work / "least").iterdir()):
                raise RuntimeError(f"atheris merged nothing: {merged[-1500:]}")
            count = learn(target, [path.read_bytes() for path in (work / "least").iterdir()])
            sys.stdout.write(f"{target}: {count} inputs learned\n")
    tried = re.findall(r"^TRIED (\d+)", told, re.M)
    if not tried and not died:
        raise RuntimeError(f"atheris did not end as it should: {told[-1500:]}")
    return int(tried[-1]) if tried else 0, told.count(f"FOUND {target}") + len(died)


def _child(target: str, work: Path, seconds: float, flags: list[str]) -> str:
    # To merge, libFuzzer starts its own command again: it must be one that can be started.
    script = work / "drive"
    script.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        f"from tests.tools.fuzz import drive\ndrive({target!r}, float('{seconds}'), sys.argv[1:])\n"
    )
    script.chmod(0o700)
    done = subprocess.run([script, *flags], capture_output=True, text=True, errors="replace")
    found = [line for line in done.stdout.splitlines() if line.startswith("FOUND")]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return done.stdout + done.stderr


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("seconds", type=float)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--learn", action="store_true", help="keep what reaches new code")
    options = parser.parse_args()
    bad = 0
    for target in TARGETS if options.target == "all" else [options.target]:
        tried, finds = fuzz(target, options.seconds, options.seed, options.learn)
        sys.stdout.write(f"{target}: {tried} inputs, {finds} finds, seed {options.seed}\n")
        sys.stdout.flush()
        bad += finds
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
