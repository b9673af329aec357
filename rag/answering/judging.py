"""Which of the evidence answers the question: each sentence read by itself, before any is used.

A small model that is shown nine sentences and asked to answer or refuse does neither well. Asked of
one sentence whether it answers the question, and trained for that, it can tell. What it says
decides three things: what the writer reads, whether there is anything to write, and how sure the
answer is. Pointwise judging by the probability of one word is that of monoT5 (Nogueira et al.,
2020, arXiv 2003.06713).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answering import prompt
from rag.answering.questions import wants_several
from rag.types import Evidence, Generator

LIKELY = 0.5
"""From here on a sentence is taken to answer the question."""
PLAUSIBLE = 0.4
"""Enough where something else speaks for a sentence too: its words, or the confidence after it."""
SURE = 0.8
"""From here on it is taken to, even if it is worded as if it spoke of something else."""
AT_A_TIME = 3
"""Sentences read before it is asked whether that will do: reading is what a CPU pays for."""
MOST_WRITTEN_FROM = 4
"""Sentences that the writer reads: the fewer, the sooner it writes and the less misleads it."""
_LEAST_SHARE = 0.2
"""Beside a likely sentence, one that is less than this share as likely only misleads."""


def judge(generator: Generator, question: str, evidence: Sequence[Evidence]) -> dict[str, float]:
    """By label, the probability (0 to 1) that the sentence answers the question or a part of it."""
    opening = prompt.judge_opening(question)
    found = generator.judge(opening, [prompt.judge_ending(item) for item in evidence])
    return {item.label: sure for item, sure in zip(evidence, found, strict=True)}


def judge_until_likely(
    generator: Generator, question: str, evidence: Sequence[Evidence]
) -> dict[str, float]:
    """As `judge`, for the best-ranked sentences: three at a time, until one is likely.

    Where several things are asked for, or a list, one likely sentence is not enough: all are read.
    """
    step = len(evidence) if wants_several(question) else AT_A_TIME
    judged: dict[str, float] = {}
    for start in range(0, len(evidence), step):
        judged |= judge(generator, question, evidence[start : start + step])
        if max(judged.values()) >= LIKELY:
            break
    return judged


def best_first(evidence: Sequence[Evidence], judged: Mapping[str, float]) -> tuple[Evidence, ...]:
    """Evidence by what was judged of it, then the rest; equals keep the order of the search."""
    return tuple(sorted(evidence, key=lambda item: -judged.get(item.label, 0.0)))


def to_write_from(
    evidence: Sequence[Evidence], judged: Mapping[str, float]
) -> tuple[Evidence, ...]:
    """What the writer reads, in the order of the search, so that equal prompts stay equal."""
    likeliest = best_first(evidence, judged)[:MOST_WRITTEN_FROM]
    most = max(judged.values())
    least = most * _LEAST_SHARE if most >= LIKELY else 0.0
    chosen = {item.label for item in likeliest if judged.get(item.label, -1.0) >= least}
    return tuple(item for item in evidence if item.label in chosen)
