"""Cut a question that asks for two things into two that ask for one, where its wording allows.

"Which drone did the coast guard buy, and how far had the army's contract required it to reach?"
is answered in two places, and no sentence at either of them answers the whole.
"""

from __future__ import annotations

import re

from rag.answering.followup import complete
from rag.indexing.terms import question_terms

_ASKING = r"(?:who|whom|whose|what|which|when|where|why|how)"
_PREPOSITION = r"(?:by|at|on|in|up to|to|from|of|over|for|since|until|within|with|under|through)"
_JOINT = re.compile(
    rf"(?:,\s*|\s)and\s+(?:also\s+)?(?=(?:{_PREPOSITION}\s+)?{_ASKING}\b\s+\S+\s+\S)", re.IGNORECASE
)
_PAIR = re.compile(
    r"^(?P<asks>what|who)\s+(?P<verb>are|were)\s+(?P<first>[^,]+?)\s+and\s+(?P<second>[^,]+?)\s*\?$",
    re.IGNORECASE,
)
_NAME = r"[A-Z][\w’'.-]*(?:\s[A-Z0-9][\w’'.-]*)*"
_EACH = re.compile(
    rf"^(?P<before>[^?:]*?)\b(?P<one>{_NAME}) and (?P<other>{_NAME})(?P<between>[^?:]*?)"
    r"(?:(?<!from)(?<!of) each(?! (?:year|quarter|month|week|day|time|other|of)\b)|,? respectively)"
    r"\b(?P<after>[^?:]*\?)$"
)
_VERSUS = re.compile(
    rf"^(?P<one>{_NAME}) (?:versus|vs\.?|and) (?P<other>{_NAME}): (?P<before>[^?]*?)"
    r"\beach(?: one| of them)?(?P<between>['’]s)?\b(?P<after>[^?]*\?)$"
)
_OWNER = re.compile(r"^(.*?)(['’]s?)\s")
_OF_WHAT = re.compile(r"\b(?:of|in|for|at|on|from|between)\b", re.IGNORECASE)
_WHOSE = re.compile(r"['’]s\b")
_PRONOUN = re.compile(r"\b(?:it|its|they|their|them|he|his|him|she|her)\b", re.IGNORECASE)
_SINGULAR = {"are": "is", "were": "was"}
_LEAST_TERMS = 2


def parts(question: str) -> tuple[str, ...]:
    """The questions that a question consists of, each to be understood by itself; else it alone."""
    whole = question.strip()
    if each := _EACH.match(whole) or _VERSUS.match(whole):
        return _of_each(each)
    joints = list(_JOINT.finditer(whole))
    if len(joints) == 1:
        return _two_questions(whole, joints[0])
    if not joints and (pair := _PAIR.match(whole)):
        return _two_things(whole, pair)
    return (question,)


def _of_each(asked: re.Match[str]) -> tuple[str, ...]:
    """ "How much did Orm and Pell each earn?", "Orm versus Pell: what did each one earn?"."""
    around = asked["between"] or ""
    texts = (
        f"{asked['before']}{name}{around}{asked['after']}" for name in asked.group("one", "other")
    )
    return tuple(text[:1].upper() + text[1:] for text in texts)


def _two_questions(whole: str, joint: re.Match[str]) -> tuple[str, ...]:
    first = whole[: joint.start()].rstrip(" ,?") + "?"
    second = whole[joint.end() :]
    if min(len(question_terms(first)), len(question_terms(second))) < _LEAST_TERMS:
        return (whole,)  # "... and who delivered it?" asks nothing by itself
    second = second[:1].upper() + second[1:]
    return first, complete(second, [(first, "")]) if _PRONOUN.search(second) else second


def _two_things(whole: str, pair: re.Match[str]) -> tuple[str, ...]:
    """ "Who are Hengxing's designer and its spokeswoman?"; two names for one thing stay together:
    where neither says of what, the question is about both at once."""
    first, second = pair["first"], pair["second"]
    owner, tie = _OWNER.match(first), _OF_WHAT.search(second)
    if owner is not None:
        second = re.sub(r"^(?:its|their|his|her)\b", owner[1] + owner[2], second)
    elif _OF_WHAT.search(first) is None:
        if tie is None or _WHOSE.search(second):
            return (whole,)  # "the founder and the company's chairman": of whom is not said
        first = f"{first} {second[tie.start() :]}"
    opening = f"{pair['asks']} {_SINGULAR[pair['verb'].lower()]}"
    one, other = f"{opening} {first}?", f"{opening} {second}?"
    return one, complete(other, [(one, "")]) if _PRONOUN.search(second) else other
