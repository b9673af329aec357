"""Other spellings of the same name: acronyms of states and unions, and who comes from where."""

from __future__ import annotations

import re

_WRITTEN_OUT = {
    "US": r"United States(?: of America)?|U\.S\.A?\.?(?!\w)|USA",
    "UK": r"United Kingdom|U\.K\.?(?!\w)",
    "EU": r"European Union|E\.U\.?(?!\w)",
    "UN": r"United Nations|U\.N\.?(?!\w)",
    "UAE": r"United Arab Emirates",
    "China": r"People['’]s Republic of China|PRC|P\.R\.C\.?(?!\w)",
    "DPRK": r"North Korean?s?",
    "ROK": r"South Korean?s?",
}
_SHORT_FORMS = [(re.compile(rf"\b(?:{long})"), short) for short, long in _WRITTEN_OUT.items()]

_GROUPS = [
    set(group.split())
    for group in (
        "us america american americans washington",
        "uk britain british london",
        "eu europe european brussels",
        "china chinese beijing",
        "sweden swedish", "france french", "germany german", "netherlands dutch",
        "denmark danish", "norway norwegian", "spain spanish", "poland polish",
        "turkey turkish turkiye türkiye", "greece greek", "philippines philippine filipino",
        "switzerland swiss", "finland finnish", "ireland irish", "thailand thai",
        "kazakhstan kazakh", "uzbekistan uzbek", "tajikistan tajik", "kyrgyzstan kyrgyz",
        "turkmenistan turkmen", "afghanistan afghan", "portugal portuguese", "iceland icelandic",
        "wales welsh", "scotland scottish", "england english", "peru peruvian", "czechia czech",
    )
]  # fmt: skip
_ENDINGS = ("n", "an", "ian", "ean", "i", "ese", "ish", "er", "s", "ns", "ans", "ians", "is")
_VOWEL = re.compile(r"[aeioy]$")


def shorten(text: str) -> str:
    """`text` with "United States" as "US" and the like, so that no part is matched alone."""
    for pattern, short in _SHORT_FORMS:
        text = pattern.sub(short, text)
    return text


def same_place(one: str, other: str) -> bool:
    """True for a place and its people ("Iraq", "Iraqi"), but not "Niger" and "Nigeria"."""
    if any(one in group and other in group for group in _GROUPS):
        return True
    return other in _demonyms(one) or one in _demonyms(other)


def is_place(word: str) -> bool:
    """Whether a word in small letters is one of the places, or their people, known here."""
    return any(word in group for group in _GROUPS)


def _demonyms(place: str) -> set[str]:
    if len(place) < 4:
        return set()
    stems = {place, _VOWEL.sub("", place)}
    return {stem + ending for stem in stems for ending in _ENDINGS} - {"nigerian"}
