"""Cause and effect exchanged: "A because B" is not "B because A"."""

from __future__ import annotations

import re

from rag.answering.segments import clauses, words

_BECAUSE = re.compile(
    r"\bbecause(?: of)?\b|\bdue to\b|\bowing to\b|\bas a result of\b|是因为|系因", re.IGNORECASE
)
_SO = re.compile(r"\b(?:led to|caused|resulted in|brought about)\b|导致|造成", re.IGNORECASE)
_LEAST = 2


def turned_causes(statement: str, quote: str) -> list[str]:
    """The cause that `statement` gives, where it is the effect in `quote`, and vice versa."""
    told = _cause_and_effect(statement)
    if told is None:
        return []
    for start, end in clauses(quote):
        have = _cause_and_effect(quote[start:end])
        if have is None:
            continue
        cause, effect = (words(part) for part in told)
        own_cause, own_effect = (words(part) for part in have)
        turned = len(cause & own_effect - own_cause), len(effect & own_cause - own_effect)
        kept = len(cause & own_cause - own_effect) + len(effect & own_effect - own_cause)
        if min(turned) >= _LEAST - 1 and sum(turned) > _LEAST and kept < sum(turned) - kept:
            return [told[0].strip()]
    return []


def _cause_and_effect(text: str) -> tuple[str, str] | None:
    if match := _BECAUSE.search(text):
        return text[match.end() :], text[: match.start()]
    if match := _SO.search(text):
        return text[: match.start()], text[match.end() :]
    return None
