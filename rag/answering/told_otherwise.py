"""What a quote holds, but says of something else, the other way round or not as a fact.

Each rule takes a statement and one quote and returns what it objects to, as written. It is only
about what stands in that quote: what does not is for the checks of figures, dates and names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answering.alternatives import passed_over
from rag.answering.binding import astray
from rag.answering.bounds import turned_bounds
from rag.answering.causes import turned_causes
from rag.answering.clauses import other_party
from rag.answering.differences import differences_as_values
from rag.answering.modality import not_yet
from rag.answering.portions import exchanged_portions
from rag.answering.roles import other_role
from rag.answering.speakers import other_speaker
from rag.types import Evidence

Rule = Callable[[str, str], list[str]]
_FIGURES: tuple[Rule, ...] = (astray, exchanged_portions, differences_as_values)
_NAMES: tuple[Rule, ...] = (other_role, other_speaker, other_party)
_NEGATION: tuple[Rule, ...] = (turned_bounds, not_yet, turned_causes, passed_over)


def figures_of_another(statement: str, evidence: Sequence[Evidence]) -> list[str]:
    """Figures that the quotes give to something else."""
    return _objections(_FIGURES, statement, evidence)


def names_of_another(statement: str, evidence: Sequence[Evidence]) -> list[str]:
    """Persons and speakers of whom the quotes say it not."""
    return _objections(_NAMES, statement, evidence)


def not_so_told(statement: str, evidence: Sequence[Evidence]) -> list[str]:
    """What the quotes bound otherwise, only plan, deem possible, deny or tell as the cause."""
    return _objections(_NEGATION, statement, evidence)


def _objections(rules: Sequence[Rule], statement: str, evidence: Sequence[Evidence]) -> list[str]:
    """What any quote objects to, unless another one has it and does not object."""
    if any(statement.rstrip(" .。") in item.quote for item in evidence):
        return []  # what is copied is in nobody else's mouth
    found: list[str] = []
    for rule in rules:
        each = [rule(statement, item.quote) for item in evidence]
        for place, objected in enumerate(each):
            others = [
                item.quote
                for other, item in enumerate(evidence)
                if other != place and not each[other]
            ]
            found += [what for what in objected if not any(what in other for other in others)]
    return list(dict.fromkeys(found))
