"""Which of the evidence answers the question: each sentence read by itself, before any is used.

A small model that is shown nine sentences and asked to answer or refuse does neither well. Asked of
one sentence whether it answers the question, and trained for that, it can tell. What it says
decides three things: what the writer reads, whether there is anything to write, and how sure the
answer is. Pointwise judging by the probability of one word is that of monoT5 (Nogueira et al.,
2020, arXiv 2003.06713).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rag.answering import prompt
from rag.answering.glosses import glosses
from rag.answering.parts import parts
from rag.answering.questions import wants_latest, wants_several
from rag.types import Evidence, Generator

LIKELY = 0.5
"""From here on a sentence is taken to answer the question."""
PLAUSIBLE = 0.4
"""Enough where something else speaks for a sentence too: its words, or the confidence after it."""
SURE = 0.8
"""From here on it is taken to, even if it is worded as if it spoke of something else."""
MOST_WRITTEN_FROM = 4
"""Sentences that the writer reads: the fewer, the sooner it writes and the less misleads it."""
_BY_FORM = 0.9
"""For what shows in the form of a sentence, whatever the model makes of it."""
_LEAST_SHARE = {False: 0.2, True: 0.5}
"""Beside a likely sentence, one that is less than this share as likely only misleads: more is asked
where one is sure and one thing is asked for."""


def judge(
    generator: Generator, question: str, evidence: Sequence[Evidence], besides: Sequence[Evidence]
) -> dict[str, float]:
    """By label, the probability (0 to 1) that the sentence answers the question or a part of it.

    `besides` is all the evidence that is or may be judged for the question.
    """
    opening = prompt.judge_opening(question)
    texts = [prompt.judge_ending(item, question, besides) for item in evidence]
    found = generator.judge(opening, texts)
    return {
        item.label: max(sure, _BY_FORM) if glosses(question, item.quote) else sure
        for item, sure in zip(evidence, found, strict=True)
    }


def judge_by_part(
    generator: Generator,
    question: str,
    evidence: Sequence[Evidence],
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[dict[str, dict[str, float]]]:
    """By part of the question (all of it, mostly), as `judge` for the best-ranked sentences; anew
    after each turn of reading, the last one whole.

    In turns until one is likely; the first alone is enough where it is sure. Where several things
    are asked for that are no questions by themselves, or a list, one likely sentence is not enough:
    all are read. When `stopped`, no more are read than those at hand.
    """
    judged: dict[str, dict[str, float]] = {}
    for part in parts(question):
        for read in _until_likely(generator, part, evidence, stopped):
            judged = judged | {part: read}
            yield judged


def in_any(judged_by_part: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """By label, how likely a sentence answers one part or another."""
    found: dict[str, float] = {}
    for judged in judged_by_part.values():
        for label, sure in judged.items():
            found[label] = max(sure, found.get(label, 0.0))
    return found


def _until_likely(
    generator: Generator, question: str, evidence: Sequence[Evidence], stopped: Callable[[], bool]
) -> Iterator[dict[str, float]]:
    judged: dict[str, float] = {}
    for turn in _turns(question, len(evidence)):
        unread = evidence[len(judged) : len(judged) + turn]
        if not unread:
            break
        judged = judged | judge(generator, question, unread, evidence)
        yield judged
        enough = SURE if len(judged) == 1 else LIKELY
        if max(judged.values()) >= enough or stopped():
            break


def _turns(question: str, found: int) -> tuple[int, ...]:
    """How many sentences are read before it is asked whether that will do: reading is what a CPU
    pays for. What the search ranks behind the first six answers a question by itself in 2 of 100
    cases; where the latest account is asked for, the first one may not be it.
    """
    if wants_several(question):
        return (found,)
    return (3, 3) if wants_latest(question) else (1, 2, 3)


def best_first(evidence: Sequence[Evidence], judged: Mapping[str, float]) -> tuple[Evidence, ...]:
    """Evidence by what was judged of it, then the rest; equals keep the order of the search."""
    return tuple(sorted(evidence, key=lambda item: -judged.get(item.label, 0.0)))


def to_write_from(
    question: str, evidence: Sequence[Evidence], judged: Mapping[str, float]
) -> tuple[Evidence, ...]:
    """What the writer reads, in the order of the search, so that equal prompts stay equal.

    Where the latest account is asked for, nothing older than the newest one that may answer.
    """
    most = max(judged.values())
    settled = most >= SURE and not wants_several(question)
    least = most * _LEAST_SHARE[settled] if most >= LIKELY else 0.0
    likeliest = [
        item
        for item in best_first(evidence, judged)[:MOST_WRITTEN_FROM]
        if judged.get(item.label, -1.0) >= least
    ]
    if wants_latest(question):
        likeliest = _newest(likeliest, judged)
    return tuple(item for item in evidence if item in likeliest)


def _newest(evidence: Sequence[Evidence], judged: Mapping[str, float]) -> list[Evidence]:
    """What is no older than the newest document with a sentence that may answer."""
    plausible = [item for item in evidence if judged[item.label] >= PLAUSIBLE]
    oldest = max((item.document.published or "" for item in plausible), default="")
    return [item for item in evidence if (item.document.published or "") >= oldest]


def to_write_each_from(
    question: str, evidence: Sequence[Evidence], judged_by_part: Mapping[str, Mapping[str, float]]
) -> list[tuple[str, tuple[Evidence, ...]]]:
    """What is put to the writer, and what it reads for it: each part by itself where all of them
    may be answered, else the question as it was asked.
    """
    if all(max(judged.values()) >= PLAUSIBLE for judged in judged_by_part.values()):
        return [
            (part, to_write_from(part, evidence, judged)) for part, judged in judged_by_part.items()
        ]
    return [(question, to_write_from(question, evidence, in_any(judged_by_part)))]
