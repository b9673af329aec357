"""Questions that ask for the holder of an office: "Who is the mayor of Velden?"."""

from __future__ import annotations

import re

from rag.documents.languages import language_of

_SAID = {
    "mayor": "mayor",
    "president": "presiden",
    "prime minister": "prime minister|premier",
    "premier": "premier|prime minister",
    "minister": "minist",
    "governor": "govern",
    "ambassador": "ambassador|envoy",
    "chancellor": "chancellor",
    "king": "king",
    "queen": "queen",
    "chief executive": r"chief exec|\bceo\b|head|boss|runs\b|led\b|leads\b",
    "ceo": r"\bceo\b|chief exec|head|boss|runs\b|led\b|leads\b",
    "chairman": r"chair|head|presid|led\b|leads\b",
    "chairwoman": r"chair|head|presid|led\b|leads\b",
    "director": r"direct|head|chief|led\b|leads\b|runs\b",
    "head coach": r"coach|train|manage",
    "head of state": r"head of state|presiden|king|queen|emperor|monarch",
    "head of government": r"head of|prime minister|premier|chancellor",
    "head": r"head|direct|chief|chair|presid|minist|lead|led\b|runs\b|boss|secretary",
    "leader": r"lead|led\b|head|chair|presid|chief",
    "founder": r"(?:co-?)?found|set up|started|co-?creat|establish",
    "owner": r"(?:co-?)?own|belong|sold to|bought|acquir",
    "author": r"author|wrote|writ|by\b|pen(?:s|ned)?\b",
    "editor": r"edit",
    "captain": r"captain|master|skipper|command",
    "commander": r"command|led\b|leads\b|chief",
    "master": r"master|captain|skipper",
    "spokesman": r"spokes|speak",
    "spokeswoman": r"spokes|speak",
    "spokesperson": r"spokes|speak",
    "coach": r"coach|train",
    "judge": r"judge|justice|court",
}
_ASKED = re.compile(
    r"\bwho(?:se)?\b[^?]*?\b(?P<office>" + "|".join(sorted(_SAID, key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)


def missing_office(question: str, setting: str) -> list[str]:
    """The office whose holder is asked for, when nothing in the quotes' setting speaks of it.

    A small model takes any person named beside the place for its mayor. `setting` is the quotes
    with their title, section and the sentence before; a verb that says the same ("leads", "wrote")
    counts. What is written in Chinese is not held to an English word.
    """
    match = _ASKED.search(question)
    if match is None or language_of(setting) == "zh":
        return []
    office = match["office"].lower()
    return [] if re.search(rf"\b(?:{_SAID[office]})", setting, re.I) else [match["office"]]
