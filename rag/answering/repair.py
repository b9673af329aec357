"""Point again, by code: a statement that fails against its own quote may stand on another one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.answering.checks import check
from rag.answering.conflicts import contrasts
from rag.answering.dates import without_unsupported_years
from rag.answering.generation import DraftStatement
from rag.answering.names import name_tokens
from rag.answering.polarity import is_yes_no, settle_verdict
from rag.answering.questions import gives, wanted, wants_list, wants_several
from rag.types import Checks, Evidence

_ROW = re.compile(r"[^:;]{1,60}: [^;]+; [^:;]{1,60}: ")
"""How a table's row reads: "Port: Velden; Boats: 4."."""
_FIRST = 6
"""Only the best-ranked sentences are tried together, so that chance agreement stays rare."""


@dataclass(frozen=True, slots=True)
class Supported:
    """A statement with the evidence it ended up with. `repaired` when the model's was not kept."""

    text: str
    evidence: tuple[Evidence, ...]
    checks: Checks
    repaired: bool


def as_written(draft: DraftStatement, evidence: Sequence[Evidence]) -> Supported:
    """The model's own citation, unchecked: what there would be without this module."""
    by_label = {item.label: item for item in evidence}
    own = tuple(by_label[label] for label in draft.labels if label in by_label)
    return Supported(draft.text, own, Checks(), False)


def as_quoted(evidence: Sequence[Evidence], question: str) -> Supported:
    """Sentences of documents as the statement: code copies them, and they point at themselves."""
    text = " ".join(item.quote for item in evidence)
    return Supported(text, tuple(evidence), check(text, evidence, question), False)


def with_what_is_wanted(statement: Supported, question: str) -> Supported:
    """The quote in the statement's place where only the quote gives all that is asked for.

    "The modules are exchanged free of charge" is no answer to "How many?", where the quote says
    "The 4,100 older modules are exchanged free of charge". A list is quoted rather than retold,
    since a small model leaves things out of it (but not one row of a table), and so is a sentence
    that sets two values against each other, or that names something else than the statement. What
    wants Yes or No is answered by no quote.
    """
    if is_yes_no(question):
        return statement
    kind = wanted(question)
    alone = len(statement.evidence) == 1
    spoken = as_quoted(statement.evidence, question)
    lists = wants_list(question) and not any(_ROW.match(e.quote) for e in statement.evidence)
    gap = (
        not gives(kind, statement.text, question)
        or contrasts(question, statement.text, spoken.text)
        or _names_another(statement.text, spoken.text, question)
    )
    if not lists and not (gap and alone):
        return statement
    return spoken if spoken.checks.passed and gives(kind, spoken.text, question) else statement


def _names_another(statement: str, quote: str, question: str) -> bool:
    """Whether a statement's names are all from around its quote, while the quote has its own: "The
    barge has the lowest limit" of "The lowest limit is that of the quay".
    """
    asked = {name.casefold() for name in name_tokens(question)}
    told, own = (
        {name.casefold() for name in name_tokens(text, question)} - asked
        for text in (statement, quote)
    )
    words = set(re.findall(r"\w+", quote.casefold()))
    return bool(told and own) and not (told & own or told & words)


def with_all_that_answers(
    standing: Sequence[Supported], likely: Sequence[Evidence], question: str, most: int
) -> list[Supported]:
    """Where several things are asked for: the statements, and each other sentence that is likely
    to answer too, quoted, up to `most` in all. A list that stands in a table is its likely rows.
    """
    if not wants_several(question):
        return list(standing)
    if (
        wants_list(question)
        and len(rows := rows_of_one_table([*standing[0].evidence, *likely])) > 1
    ):
        return [as_quoted(rows, question)]
    cited = {item.label for statement in standing for item in statement.evidence}
    spoken = [as_quoted([item], question) for item in likely if item.label not in cited]
    return [*standing, *(each for each in spoken if each.checks.passed)][: max(most, len(standing))]


def rows_of_one_table(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Those that are rows of the table in which the first stands, in its order; none where the
    first is no row."""
    first = evidence[0] if evidence else None
    if first is None or not _ROW.match(first.quote):
        return []
    same = {e.start: e for e in evidence if e.document == first.document and _ROW.match(e.quote)}
    return [same[start] for start in sorted(same)]


def support_or_repair(
    draft: DraftStatement, evidence: Sequence[Evidence], question: str
) -> Supported:
    """The model's own citation when it passes; else one more, else another, that does.

    Returns the model's own citation with the failed checks when nothing passes.
    """
    draft = DraftStatement(settle_verdict(draft.text, question), draft.labels)
    by_label = {item.label: item for item in evidence}
    own = tuple(by_label[label] for label in draft.labels if label in by_label)
    checks = check(draft.text, own, question)
    if checks.passed:
        return Supported(draft.text, _needed(draft.text, own, question), checks, False)
    shorter = without_unsupported_years(
        draft.text, " ".join(item.quote for item in own), own[0].document.published if own else None
    )
    if shorter != draft.text and (again := check(shorter, own, question)).passed:
        return Supported(shorter, own, again, True)
    others = [item for item in evidence if item not in own]
    tries = [(*own, other) for other in others]
    tries += [(other,) for other in others]
    tries += list(combinations(evidence[:_FIRST], 2))
    for attempt in tries:
        again = check(draft.text, attempt, question)
        if again.passed:
            kept = _needed(draft.text, attempt, question)
            return Supported(draft.text, kept, again, True)
    return Supported(draft.text, own, checks, False)


def _needed(text: str, evidence: tuple[Evidence, ...], question: str) -> tuple[Evidence, ...]:
    """Leave out a second citation that the statement does not need to pass."""
    if len(evidence) < 2:
        return evidence
    alone = [item for item in evidence if check(text, (item,), question).passed]
    return (alone[0],) if len(alone) == 1 else evidence
