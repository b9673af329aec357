"""From evidence to drafted statements: one constrained generation, read back as pointers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering import grammar, prompt
from rag.answering.polarity import wants_yes_or_no
from rag.types import Evidence, Generator

MOST_STATEMENTS = 3
MOST_TOKENS = 200
_CITED = re.compile(r"\s*((?:\[\w+\]\s*)+)")
_STRAY_LABEL = re.compile(
    r"^(?:S\d+[.:,]?\s+)+|^根据S\d+[，,]?|,? (?:according to|as (?:said|stated) in) [\w ]*\bS\d+\b"
)
_BREAKS_OFF = re.compile(
    r"\b(?:because|although|whereas|which|whose|the|an|a|and|or|than|(?:due|owing) to|such as)\W*$"
)
_HIDDEN_REFUSAL = re.compile(
    r"^\W*(?i:not found)\b|NOT FOUND"
    r"|\bnot (?:found|mentioned|specified|provided|given|stated|disclosed) in the "
    r"(?:numbered |given |provided )?(?:sentences?|texts?|evidence|documents?)",
)
_LABEL = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class DraftStatement:
    """Prose as the model wrote it, the labels it pointed at, in its order, and the part of the
    question that was put to it; empty when that was the whole.
    """

    text: str
    labels: tuple[str, ...]
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the model wrote. `refusal` is its probability, before the grammar, of opening with the
    refusal."""

    statements: tuple[DraftStatement, ...]
    refusal: float
    raw: str


def write(
    generator: Generator,
    question: str,
    evidence: Sequence[Evidence],
    *,
    again: tuple[str, Sequence[str]] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    most: int = MOST_STATEMENTS,
) -> Iterator[str | Draft]:
    """Yield prose as it is written, labels left out, and the `Draft` last.

    The grammar holds the model to the labels of `evidence` and to `most` statements. `stopped` is
    asked at each token. `again` is a failed draft as written and what in it no quote bears out: a
    second try.
    """
    messages = (
        prompt.retry_prompt(question, evidence, *again)
        if again
        else prompt.answer_prompt(question, evidence)
    )
    (refusal,) = generator.probabilities(messages, [grammar.REFUSAL])
    rules = grammar.build(
        [item.label for item in evidence],
        statements=most,
        yes_no=wants_yes_or_no(question),
    )
    written = ""
    shown = 0
    stream = generator.stream(messages, rules, MOST_TOKENS)
    for token in stream:
        written += token.text
        visible = _visible(written)
        if len(visible) > shown:
            yield visible[shown:]
            shown = len(visible)
        if stopped():
            break
    if hasattr(stream, "close"):
        stream.close()
    yield Draft(parse(written), refusal, written)


def write_each(
    generator: Generator,
    parts: Sequence[tuple[str, Sequence[Evidence]]],
    stopped: Callable[[], bool],
) -> Iterator[str | Draft]:
    """As `write`, for several questions in turn, each with the evidence for it: one draft of a
    statement on each, as likely refused as the likeliest refused of them.
    """
    drafts: list[Draft] = []
    for question, evidence in parts:
        if drafts and stopped():
            break
        yield from (" ",) if drafts else ()
        for piece in write(generator, question, evidence, stopped=stopped, most=1):
            if isinstance(piece, Draft):
                # A generator that no grammar holds may still write more than one.
                first = (replace(each, asked=question) for each in piece.statements[:1])
                drafts.append(replace(piece, statements=tuple(first)))
            else:
                yield piece
    yield Draft(
        tuple(statement for draft in drafts for statement in draft.statements),
        max(draft.refusal for draft in drafts),
        " ".join(draft.raw for draft in drafts),
    )


def parse(raw: str) -> tuple[DraftStatement, ...]:
    """Read "prose[S1][S2] prose[S3]" back. Prose without a label (cut off) is dropped, and so are
    a refusal in other words and a sentence that breaks off ("... because.").
    """
    found: list[DraftStatement] = []
    start = 0
    for match in _CITED.finditer(raw):
        text = _STRAY_LABEL.sub("", raw[start : match.start()].strip())
        start = match.end()
        if text and not _HIDDEN_REFUSAL.search(text) and not _BREAKS_OFF.search(text):
            labels = tuple(dict.fromkeys(_LABEL.findall(match[1])))
            found.append(DraftStatement(_closed(text), labels))
    return tuple(found)


def _closed(text: str) -> str:
    text = text.rstrip(",;: ") or text
    return text if text[-1] in ".!?。！？" else text + ("。" if ord(text[-1]) > 0x2E80 else ".")


def _visible(raw: str) -> str:
    """The prose so far, without labels."""
    return re.sub(r"\s*\[[^\]]*\]?", "", raw)
