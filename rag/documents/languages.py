"""The language of a text: Chinese when Han letters dominate, else English."""

from __future__ import annotations

import re

from rag.documents.fold import HAN

_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile(r"[A-Za-z]+")
_SAMPLE = 20_000


def language_of(text: str) -> str:
    """ "zh" when Han characters outnumber Latin words, else "en"; judged by the beginning."""
    sample = text[:_SAMPLE]
    if sample.isascii():
        return "en"
    han = len(_HAN.findall(sample))
    return "zh" if han and han > len(_LATIN.findall(sample)) else "en"
