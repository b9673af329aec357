"""From a draft to the answer: checks, repair, a second try, confidence, conflicts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from rag.answering import abstention, compose, conflicts, generation, judging
from rag.answering.abstention import Confidence
from rag.answering.checks import missing
from rag.answering.completeness import counted, covers
from rag.answering.generation import Draft
from rag.answering.parts import parts
from rag.answering.polarity import is_yes_no
from rag.answering.questions import gives, has_parts, wanted, wants_list
from rag.answering.repair import (
    Supported,
    as_quoted,
    as_written,
    rows_of_one_table,
    support_or_repair,
    with_all_that_answers,
    with_what_is_wanted,
)
from rag.answering.retrieval import Retrieval
from rag.types import Answer, Evidence, Generator, Provenance, Reason, Timings


class Clock:
    """Seconds since the question came in, by stage."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self.marks: dict[str, float] = {}

    def mark(self, stage: str) -> None:
        self.marks.setdefault(stage, time.perf_counter() - self._start)

    def timings(self) -> Timings:
        self.mark("total")
        return Timings(
            retrieve_s=round(self.marks.get("retrieve", self.marks["total"]), 4),
            first_quote_s=_rounded(self.marks.get("quote")),
            first_token_s=_rounded(self.marks.get("token")),
            total_s=round(self.marks["total"], 4),
        )


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)


class Conclusion:
    """From a draft to the answer: checks, repair, confidence, conflicts."""

    def __init__(
        self,
        asked: str,
        understood: str,
        found: Retrieval,
        judged: Mapping[str, float],
        clock: Clock,
        *,
        generator: Generator,
        confidence: Confidence,
        provenance: Provenance,
        stopped: Callable[[], bool],
        checks: bool = True,
    ) -> None:
        self._generator = generator
        self._confidence = confidence
        self._provenance = provenance
        self._asked = asked
        self._understood = understood
        self._found = found
        self._judged = dict(judged)
        self._evidence = judging.best_first(found.evidence, judged)
        self._clock = clock
        self._stopped = stopped
        self._checks = checks
        self._signals: dict[str, float] = {}

    def without_writing(self) -> Answer | None:
        """The refusal, when no sentence is judged likely enough to write from any; else None."""
        likeliest = abstention.log_odds(max(self._judged.values()))
        if likeliest >= self._confidence.least_judged:
            return None
        self._signals = {"judged": likeliest}
        return self.refusal("no_support", self._confidence.probability(self._signals))

    def answer(self, draft: Draft) -> Answer:
        """The answer of what stands, or a refusal with its reason."""
        standing, tried = self._stand(draft)
        if not standing:
            standing = self._quote_itself()
        if not standing and not tried:
            return self.refusal("no_support", 0.0)
        if not standing:
            draft, standing, tried = self._second_try(draft, tried)
        if standing and self._checks:
            standing = self._complete(standing)
        self._signals = self._measure(draft, standing or tried)
        probability = self._confidence.probability(self._signals)
        if not standing:
            return self.refusal("checks_failed", probability)
        if probability < self._confidence.threshold:
            return self.refusal("low_confidence", probability)
        disputed, others = self._disputed(standing)
        rest = (each for each in standing if each is not disputed)
        return compose.answered(
            self._asked, [disputed, *rest], others, probability, *self._closing()
        )

    def _disputed(self, standing: list[Supported]) -> tuple[Supported, list[tuple[Evidence, str]]]:
        """The first statement that other evidence contradicts, and that evidence; else the first.

        Every statement is held against the rest: a harmless first one must not cover a second.
        """
        for each in standing:
            if others := self._rivals(each):
                return each, others
        return standing[0], []

    def _main(self, statements: Sequence[Supported]) -> Supported:
        """What the confidence is about: the first statement; all of them when several things
        were asked for, since only together do their quotes answer the question.
        """
        if not has_parts(self._understood):
            return statements[0]
        quotes = (item for statement in statements for item in statement.evidence)
        return Supported(
            " ".join(statement.text for statement in statements),
            tuple(dict.fromkeys(quotes)),
            statements[0].checks,
            any(statement.repaired for statement in statements),
        )

    def _rivals(self, first: Supported) -> list[tuple[Evidence, str]]:
        """Other values of the same thing, in sentences judged to answer the question too."""
        found = conflicts.candidates(
            self._understood, first.text, first.evidence, self._found.evidence, self._found.idf
        )
        self._judge([rival.evidence for rival in found[: conflicts.CLOSEST]])
        sure = [
            (rival.evidence, rival.value)
            for rival in found
            if self._judged.get(rival.evidence.label, 0.0) >= rival.least
        ]
        return sure[: conflicts.CLOSEST]

    def _judge(self, evidence: Sequence[Evidence]) -> None:
        """Judge what reading ended before: a rival, or a sentence that repair points at."""
        unread = [item for item in evidence if item.label not in self._judged]
        if unread:
            self._judged |= judging.judge(
                self._generator, self._understood, unread, self._found.evidence
            )

    def _stand(self, draft: Draft) -> tuple[list[Supported], list[Supported]]:
        """The statements that pass their checks, and all that point at a sentence."""
        evidence = self._evidence
        if not self._checks:
            written = (as_written(s, evidence) for s in draft.statements)
            tried = [each for each in written if each.evidence]
            return tried, tried
        tried = []
        for statement in draft.statements:
            asked = statement.asked or self._understood
            tried.append(support_or_repair(statement, evidence, asked))
            if statement.asked and tried[-1].checks.passed:
                tried[-1] = with_what_is_wanted(tried[-1], asked)
        tried = [item for item in tried if item.evidence]
        standing = [item for item in tried if item.checks.passed]
        if standing and not has_parts(self._understood):
            first = self._surer(standing[0])
            standing[0] = with_what_is_wanted(first, self._understood)
        return standing, tried

    def _surer(self, statement: Supported) -> Supported:
        """The likeliest sentence, quoted, in place of a statement that does not even stand on what
        the model pointed at, or that is not of the kind asked for, nor its quotes.
        """
        asked = self._understood
        kind = wanted(asked)
        texts = [statement.text, *(item.quote for item in statement.evidence)]
        beside = not any(gives(kind, text, asked) for text in texts)
        best = self._evidence[0]
        least = judging.PLAUSIBLE if beside else judging.SURE
        likely = self._judged.get(best.label, 0.0) >= least
        if not (likely and (beside or statement.repaired)) or is_yes_no(asked):
            return statement
        spoken = as_quoted([best], asked)
        return spoken if spoken.checks.passed and gives(kind, spoken.text, asked) else statement

    def _complete(self, standing: Sequence[Supported]) -> list[Supported]:
        """The statements and, where several things are asked for, what else is likely to answer:
        as many as there are parts, and what is sure where two things are compared. Of a table, as
        many rows as are counted, however likely each is alone.
        """
        asked = self._understood
        least = judging.LIKELY if has_parts(asked) or wants_list(asked) else judging.SURE
        others = [e for e in self._evidence if self._judged.get(e.label, 0.0) >= least]
        if (count := counted(asked)) > 0:
            rows = rows_of_one_table([*standing[0].evidence, *self._evidence])
            others = [e for e in self._evidence if e in rows][:count] or others
        each = len(parts(asked))
        most = each if each > 1 else generation.MOST_STATEMENTS
        return with_all_that_answers(standing, others, asked, most)

    def _quote_itself(self) -> list[Supported]:
        """The likeliest sentence as the statement, where what was written about it does not hold.

        Code copies it, so nothing in it can be misread; a Yes or No it cannot give.
        """
        best = self._evidence[0]
        plausible = self._judged.get(best.label, 0.0) >= judging.PLAUSIBLE
        if not plausible or not self._checks or is_yes_no(self._understood):
            return []
        spoken = as_quoted([best], self._understood)
        return [spoken] if spoken.checks.passed else []

    def _second_try(
        self, draft: Draft, tried: list[Supported]
    ) -> tuple[Draft, list[Supported], list[Supported]]:
        """Tell the model what no quote bears out, once; the first draft when that is no better."""
        failed = missing(tried[0].text, tried[0].evidence, self._understood)
        if not failed or self._stopped():
            return draft, [], tried
        pieces = generation.write(
            self._generator,
            self._understood,
            judging.to_write_from(self._understood, self._found.evidence, self._judged),
            again=(draft.raw, failed),
            stopped=self._stopped,
        )
        second = next(piece for piece in pieces if isinstance(piece, Draft))
        standing, again = self._stand(second)
        return (second, standing, again) if standing else (draft, [], tried)

    def _measure(self, draft: Draft, statements: Sequence[Supported]) -> dict[str, float]:
        main = self._main(statements)
        self._judge(main.evidence)
        signals = abstention.features(
            self._understood,
            draft,
            main,
            self._judged,
            self._found.idf,
            self._found.translation,
        )
        if not covers(self._understood, [item for each in statements for item in each.evidence]):
            signals["kind"] = 0.0
        return signals

    def refusal(self, reason: Reason, probability: float) -> Answer:
        """A refusal; `probability` is how sure an answer would have been."""
        return compose.abstained(self._asked, reason, self._evidence, probability, *self._closing())

    def _closing(self) -> tuple[Timings, Provenance, str | None, dict[str, float]]:
        changed = self._understood if self._understood != self._asked else None
        return self._clock.timings(), self._provenance, changed, self._signals
