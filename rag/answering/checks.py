"""Hold a statement against its own quotes. Pure: texts in, verdicts out; nothing is fuzzy."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.clauses import exchanged_values
from rag.answering.dates import missing_dates, without
from rag.answering.figure_check import missing_figures
from rag.answering.movements import turned_round
from rag.answering.names import missing_names
from rag.answering.offices import missing_office
from rag.answering.orders import gives_orders
from rag.answering.periods import missing_periods, without_periods
from rag.answering.polarity import check_polarity
from rag.answering.told_otherwise import figures_of_another, names_of_another, not_so_told
from rag.answering.vague import other_amounts
from rag.types import CheckResult, Checks, Evidence


def check(statement: str, evidence: Sequence[Evidence], question: str = "") -> Checks:
    """Every figure, date and name of `statement` must be in the quotes it points at.

    Figures must stand in a quote itself. Dates may take their year from the document's date.
    Names may also stand in the quote's setting (title, section, the sentence before), since
    "It weighs 22.5 tons" does not repeat whose mass it gives.
    A sentence that gives orders to the machine bears nothing out; with no other, or no quote at
    all, names fail.
    """
    bearing = [item for item in evidence if not gives_orders(item.quote)]
    if not bearing:
        return Checks(names="missing")
    evidence = bearing
    return Checks(
        figures=_verdict(_missing_figures(statement, evidence)),
        dates=_verdict(_missing_dates(statement, evidence)),
        names=_verdict(_missing_names(statement, evidence, question)),
        negation=_polarity(statement, evidence),
    )


def missing(statement: str, evidence: Sequence[Evidence], question: str = "") -> list[str]:
    """The figures, dates and names, as written, that no quote of `evidence` bears out."""
    evidence = [item for item in evidence if not gives_orders(item.quote)]
    return [
        *_missing_figures(statement, evidence),
        *_missing_dates(statement, evidence),
        *_missing_names(statement, evidence, question),
    ]


def _missing_figures(statement: str, evidence: Sequence[Evidence]) -> list[str]:
    told, source = (
        without(without_periods(text))
        for text in (statement, " ".join(item.quote for item in evidence))
    )
    return [
        *missing_figures(told, source),
        *turned_round(told, source),
        *other_amounts(told, source),
        *figures_of_another(statement, evidence),
    ]


def _missing_names(statement: str, evidence: Sequence[Evidence], question: str) -> list[str]:
    """The names that no quote and its setting bear out, an office that is asked for, and whoever is
    given what a lone quote says of another.
    """
    around = setting(evidence)
    return [
        *missing_names(without_periods(statement), around, question),
        *missing_office(question, around),
        *(exchanged_values(statement, evidence[0].quote) if len(evidence) == 1 else ()),
        *names_of_another(statement, evidence),
    ]


def _missing_dates(statement: str, evidence: Sequence[Evidence]) -> list[str]:
    """The dates that no quote bears out, each with the date of its own document; quarters and
    halves of a year may stand in the setting.
    """
    found = [missing_dates(statement, i.quote, i.document.published) for i in evidence]
    first, *others = found or [missing_dates(statement, "", None)]
    dates = [date for date in first if all(date in other for other in others)]
    return dates + missing_periods(statement, setting(evidence))


def setting(evidence: Sequence[Evidence]) -> str:
    """The quotes with what names their subject: title, section, source, sentence before."""
    parts: list[str] = []
    for item in evidence:
        parts += [item.document.title, item.section or "", item.before, item.quote]
        parts += [item.attribution or "", item.document.author or "", item.document.outlet or ""]
    return " . ".join(dict.fromkeys(part for part in parts if part))


def _polarity(statement: str, evidence: Sequence[Evidence]) -> CheckResult:
    """One quote that agrees is enough; a statement may rest on several."""
    if not_so_told(statement, evidence):
        return "conflict"
    results = [check_polarity(statement, item.quote) for item in evidence]
    return "ok" if "ok" in results or not results else results[0]


def _verdict(missing: list[str]) -> CheckResult:
    return "missing" if missing else "ok"
