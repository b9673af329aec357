"""What a sentence speaks of, where only an earlier sentence of its article says so.

"It draws 14 watts", three sentences after "The T-64 is the older of the two": who reads one
sentence by itself cannot tell that it answers a question about the T-64.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.answering.names import missing_names

_LETTER = r"[A-Za-z\u00c0-\u024f0-9]"
_ASIDE = 40
"""Characters kept on each side of the name: enough to say what it is, too little to answer."""


def antecedent(question: str, around: str, earlier: Iterable[str]) -> str:
    """A few words about a name of the question which `around` (the sentence, its title, section and
    the sentence before) lacks, from the nearest of the `earlier` sentences (nearest first) that has
    it; "" when there is none.
    """
    missing = missing_names(question, around)
    if not missing:
        return ""
    names = "|".join(map(re.escape, missing))
    named = re.compile(f"(?<!{_LETTER})(?:{names})(?!{_LETTER})", re.IGNORECASE)
    for sentence in earlier:
        if match := named.search(sentence):
            return _about(sentence, match.start(), match.end())
    return ""


def _about(text: str, start: int, end: int) -> str:
    """What stands about a place in the text, whole words where there are spaces between them."""
    first, last = max(0, start - _ASIDE), min(len(text), end + _ASIDE)
    if first:
        first = text.find(" ", first, start) + 1 or first
    if last < len(text):
        last = max(text.rfind(" ", end, last), end)
    return text[first:last].strip()
