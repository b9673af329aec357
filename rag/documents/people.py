"""Names of people, told from names of papers, offices and places."""

from __future__ import annotations

import re

from rag.documents.wording import plain


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PART = r"(?:[A-Z\u00c0-\u024e][\w’'\u00c0-\u024e-]*|[A-Z]\.(?:-?[A-Z]\.)*)"
_PARTICLE = r"(?:de|da|di|del|della|der|den|des|dos|du|van|von|ter|ten|zu|bin|ibn|al|el|la|le)"
PERSON = rf"{_PART}(?:\s(?:{_PARTICLE}\s)*{_PART}){{1,4}}"
PEOPLE = rf"{PERSON}(?:(?:,\s(?:and\s)?|\sand\s|\s&\s){PERSON}){{0,5}}"
_NO_NAME = _words(
    "the of for to in on with at as news world politics business opinion analysis council"
    " institute university centre center school press agency office bureau group ltd inc company"
    " department ministry association foundation fund research policy report review society bank"
    " union times post daily weekly journal gazette courier new north south east west united"
    " states china europe asia africa america international national global state house security"
    " energy market markets data part chapter section summary introduction conclusion key about"
    " contents read more sign log open share privacy terms all city street january february march"
    " april may june july august september october november december monday tuesday wednesday"
    " thursday friday saturday sunday by written posted asa se ag sa plc llc gmbh corp corporation"
    " oy ab nv bv co holdings industries"
)
_ALL = re.compile(PEOPLE)
_LONGEST = 120
_NOTES = re.compile(r"(?<=[\w.])\s?[*†‡§¶¹²³⁴⁵⁶]+(?=[\s,]|$)|(?<=[a-z])\d(?:,\d)*(?=[\s,]|$)")
_WIDE = re.compile(r"\s{3,}")
_REPORTS = re.compile(r"\s(?:reports|writes)(?:\sfrom\s[A-Z][\w ]{2,30})?$")


def names_of(text: str) -> str:
    """A line of names without the marks of footnotes, a comma for each wide gap."""
    return _WIDE.sub(", ", _NOTES.sub("", _REPORTS.sub("", plain(text)))).strip(" ,")


def are_people(text: str) -> bool:
    """Whether a text is the names of one or more people, each of two words or more."""
    if len(text) > _LONGEST or _ALL.fullmatch(text) is None:
        return False
    return not any(word.casefold() in _NO_NAME for word in text.replace(",", " ").split())
