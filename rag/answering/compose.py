"""Put the final `Answer` together: numbered citations, text with markers, conflicts, refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answering.checks import check
from rag.answering.repair import Supported
from rag.documents.languages import language_of
from rag.types import (
    Answer,
    Citation,
    Conflict,
    Evidence,
    Provenance,
    Reason,
    Statement,
    Timings,
)

NEAREST = 3

_REFUSALS: dict[str, dict[str, str]] = {
    "en": {
        "nothing_retrieved": "The documents hold nothing on this question.",
        "no_support": "The documents do not answer this question.",
        "checks_failed": "No answer could be checked against the documents' own words.",
        "low_confidence": "The documents do not clearly answer this question.",
    },
    "zh": {
        "nothing_retrieved": "文档中没有与此问题相关的内容。",
        "no_support": "文档没有回答这个问题。",
        "checks_failed": "没有找到能用文档原文核对的答案。",
        "low_confidence": "文档没有明确回答这个问题。",
    },
}
_RIVALS = {
    "en": {
        "later": "A later passage gives a different value: {value}.",
        "earlier": "An earlier passage gives a different value: {value}.",
        "other": "Another passage gives a different value: {value}.",
    },
    "zh": {
        "later": "较晚的一处给出不同的数值：{value}。",
        "earlier": "较早的一处给出不同的数值：{value}。",
        "other": "另一处给出不同的数值：{value}。",
    },
}


@dataclass(slots=True)
class _Citations:
    """Numbers evidence in the order in which it is first cited."""

    listed: list[Citation] = field(default_factory=list)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)

    def number(self, item: Evidence) -> int:
        key = (item.document.path, item.start)
        if key not in self.numbers:
            self.numbers[key] = len(self.listed) + 1
            self.listed.append(citation(item, self.numbers[key]))
        return self.numbers[key]


def citation(item: Evidence, number: int) -> Citation:
    """The quote with everything a reader needs to find it again."""
    document = item.document
    return Citation(
        number=number,
        quote=item.quote,
        document=document.path,
        title=document.title,
        published=document.published,
        url=document.url,
        page=item.page,
        start=item.start,
        end=item.end,
        file_sha256=document.file_sha256,
        attribution=item.attribution,
        before=item.before,
        after=item.after,
        also_in=item.also_in,
    )


def answered(
    question: str,
    supported: Sequence[Supported],
    rivals: Sequence[tuple[Evidence, str]],
    confidence: float,
    timings: Timings,
    provenance: Provenance,
    understood: str | None,
    signals: dict[str, float],
) -> Answer:
    """An answer of statements that passed their checks; rivals make it a conflict."""
    listing = _Citations()
    statements = [
        Statement(item.text, tuple(listing.number(e) for e in item.evidence), item.checks)
        for item in supported
    ]
    conflicts = []
    if rivals:
        first = statements[0].citations
        for item, value in rivals:
            order = _order(item, supported[0].evidence)
            text = _RIVALS[language_of(question)][order].format(value=value)
            number = listing.number(item)
            statements.append(Statement(text, (number,), check(text, (item,))))
        numbers = tuple(dict.fromkeys([*first, *(listing.number(item) for item, _ in rivals)]))
        conflicts.append(Conflict(question.rstrip("?？ "), numbers))
    return Answer(
        question=question,
        state="answered",
        reason=None,
        text=" ".join(_marked(statement) for statement in statements),
        statements=tuple(statements),
        citations=tuple(listing.listed),
        conflicts=tuple(conflicts),
        confidence=round(confidence, 4),
        nearest=(),
        timings=timings,
        provenance=provenance,
        understood=understood,
        signals={name: round(value, 6) for name, value in signals.items()},
    )


def abstained(
    question: str,
    reason: Reason,
    evidence: Sequence[Evidence],
    confidence: float,
    timings: Timings,
    provenance: Provenance,
    understood: str | None,
    signals: dict[str, float],
) -> Answer:
    """A refusal with its reason in plain words and the sentences that come closest."""
    return Answer(
        question=question,
        state="abstained",
        reason=reason,
        text=_REFUSALS[language_of(question)][reason],
        statements=(),
        citations=(),
        conflicts=(),
        confidence=round(confidence, 4),
        nearest=tuple(citation(item, n) for n, item in enumerate(evidence[:NEAREST], start=1)),
        timings=timings,
        provenance=provenance,
        understood=understood,
        signals={name: round(value, 6) for name, value in signals.items()},
    )


def _order(rival: Evidence, cited: Sequence[Evidence]) -> str:
    """Whether a rival is later or earlier than what is cited, as far as the dates tell."""
    theirs = rival.document.published or ""
    mine = [item.document.published or "" for item in cited]
    shortest = min(len(date) for date in [theirs, *mine])
    if shortest == 0:
        return "other"
    cut = [date[:shortest] for date in mine]
    if theirs[:shortest] > max(cut):
        return "later"
    return "earlier" if theirs[:shortest] < min(cut) else "other"


def _marked(statement: Statement) -> str:
    return statement.text + " " + "".join(f"[{number}]" for number in statement.citations)
