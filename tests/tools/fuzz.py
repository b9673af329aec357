"""Throw mutated input at one target: `python -m tests.tools.fuzz TARGET SECONDS`.

Each target states a law; any other exception or a broken law is a find, kept in
`tests/tools/seeds/TARGET/` and tried first from then on. Mutation is by random edits and splices
of the seeds: no instrumentation, so nothing has to be built for it.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"
SLOWEST_SECONDS = 5.0
_TELLING = [
    "[S1]", "[S99]", "\n\n", "\n# ", "。", "”", '"', "\\", "\x00", "\u200b", "\u202e", "3.9 million",
    "万亿", "2024-02-30", "Mr. ", "U.S. ", "...", "```", "<|im_end|>", "{", "}", "[", "]", "é", "🚢",
    "\r\n", "\ud7ff", "0" * 40, "-1", "1e999", "null", "No, ", "not ", "第十二", "per cent", "\t", "|",
]  # fmt: skip


def sentences(text: str) -> None:
    """Spans are ordered, within the text, never empty, and quotes fold to themselves."""
    from rag.documents.extracted import Extracted
    from rag.documents.fold import fold
    from rag.documents.reading import structure

    for form in ("txt", "md"):
        source = structure(Extracted(text=text, format=form, wrapped=form == "txt"), "a", "0")
        last = 0
        for document in source.documents:
            assert 0 <= document.start <= document.end <= len(text)
            for each in document.sentences:
                assert last <= each.start < each.end <= len(text), (last, each)
                quote = fold(text[each.start : each.end])
                assert quote and fold(quote) == quote
                last = each.end


def grammar(text: str) -> None:
    """A grammar is built for any labels, and what was written is read back without error."""
    from rag.answering import grammar as rules
    from rag.answering.generation import parse

    labels = [f"S{number}" for number in range(1, 1 + len(text) % 9 + 1)]
    built = rules.build(labels, statements=1 + len(text) % 3, yes_no=bool(len(text) % 2))
    assert built.count("::=") == 7 and all(json.dumps(label) in built for label in labels)
    for each in parse(text):
        assert each.text and each.labels


def saved(text: str) -> None:
    """A saved answer is read, or refused with our own error."""
    from rag.answering.serialise import citations_in, from_dict
    from rag.errors import InputError

    with contextlib.suppress(InputError):
        citations_in(text, "answers.json")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(fields, dict):
        with contextlib.suppress(InputError):
            from_dict(fields)


def question(text: str) -> None:
    """Any question is understood, searched for and checked in bounded time."""
    from rag.answering.assistant import require_question
    from rag.answering.checks import check
    from rag.answering.followup import complete
    from rag.answering.orders import gives_orders
    from rag.answering.polarity import is_yes_no
    from rag.answering.questions import wanted
    from rag.errors import QuestionError
    from rag.indexing.terms import question_terms
    from tests.answering.support import evidence

    try:
        asked = require_question(text)
    except QuestionError:
        return
    understood = complete(asked, [("Who signed the treaty in 2021?", "Velmark signed it. [1]")])
    question_terms(understood), wanted(understood), is_yes_no(understood), gives_orders(understood)
    check(asked, [evidence(understood or "x")], asked)


def weights(text: str) -> None:
    """A damaged GGUF file is an error of ours."""
    from rag.errors import ModelError
    from rag.models import gguf

    with tempfile.NamedTemporaryFile(suffix=".gguf") as file:
        file.write(b"GGUF\x03\x00\x00\x00" + text.encode("latin-1", "replace"))
        file.flush()
        with contextlib.suppress(ModelError):
            gguf.check_whole(Path(file.name))


TARGETS: dict[str, Callable[[str], None]] = {
    each.__name__: each for each in (sentences, grammar, saved, question, weights)
}


def mutated(seeds: list[str], chance: random.Random) -> str:
    """A seed after a few random edits."""
    text = chance.choice(seeds)
    for _ in range(chance.randint(1, 8)):
        at, to = sorted(chance.randint(0, len(text)) for _ in range(2))
        text = chance.choice(
            [
                text[:at] + chance.choice(_TELLING) + text[at:],
                text[:at] + text[to:],
                text[:at] + text[at:to] * chance.randint(2, 20) + text[to:],
                text[:at] + chance.choice(seeds)[: chance.randint(0, 400)] + text[to:],
                text[:at] + chr(chance.choice((chance.randint(1, 255), 0x4E00, 0xFEFF, 0x1F6A2))) + text[at:],
            ]
        )  # fmt: skip
    return text[:20_000]


def seeds_of(target: str) -> list[str]:
    """What is kept for a target; at least one."""
    folder = SEEDS / target
    kept = [path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.glob("*.txt"))]
    return kept or ["The port moved 4.2 million containers in 2023. [S1]"]


def fuzz(target: str, seconds: float, seed: int) -> tuple[int, list[Path]]:
    """How many inputs were tried, and the finds as they were kept."""
    run, chance, seeds = TARGETS[target], random.Random(seed), seeds_of(target)
    finds: list[Path] = []
    tried = 0
    end = time.monotonic() + seconds
    queue = list(seeds)
    while time.monotonic() < end and len(finds) < 10:
        text = queue.pop() if queue else mutated(seeds, chance)
        began = time.process_time()
        try:
            run(text)
            problem = "slow" if time.process_time() - began > SLOWEST_SECONDS else None
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        tried += 1
        if problem:
            name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
            place = SEEDS / target / f"found-{name}.txt"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8", "replace"))
            finds.append(place)
            sys.stdout.write(f"{target}: {problem[:200]} ({place.name})\n")
    return tried, finds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("seconds", type=float)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    bad = 0
    for target in TARGETS if options.target == "all" else [options.target]:
        tried, finds = fuzz(target, options.seconds, options.seed)
        sys.stdout.write(f"{target}: {tried} inputs, {len(finds)} finds, seed {options.seed}\n")
        bad += len(finds)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
