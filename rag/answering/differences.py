"""A difference told as the value itself: "costs 900 euros" of "became 900 euros cheaper"."""

from __future__ import annotations

import re

from rag.answering.figures import figures
from rag.answering.segments import same

_COMPARED = re.compile(
    r"(?:\s[a-z]+){0,2}?\s(?:cheaper|dearer|costlier|more(?!\s+or\b)|less|fewer|higher|lower|longer|"
    r"shorter|heavier|lighter|larger|bigger|smaller|older|younger|faster|slower|wider|taller)\b"
    r"(?! than \d)"
    r"|\s(?:above|below|ahead|behind|short)\b(?! (?:the )?(?:sea|ground|surface|water))",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:ris\w+|rose|f[ae]ll\w*|gr[oe]w\w*|up|down|increas\w+|decreas\w+|reduc\w+|cut\w*|drop\w*|"
    r"climb\w*|declin\w+|shr[aiu]nk\w*|lower\w*|rais\w+|exceed\w*|short\w*|extend\w*|widen\w*|"
    r"narrow\w*|slump\w*|jump\w*)\s(?:[\w’'-]+\s){0,3}?by\s(?:about\s|some\s|nearly\s|almost\s|"
    r"around\s|another\s)?$"
    r"|(?:增长|上升|下降|减少|增加|提高|降低|上涨|下跌|便宜)[了约近将]{0,2}$",
    re.IGNORECASE,
)
_BEFORE = 60
"""Characters before a figure in which the verb of its change stands."""
_TOLD = re.compile(
    r"\b(?:by|ris\w+|rose|f[ae]ll\w*|gr[oe]w\w*|up|down|increas\w*|decreas\w*|reduc\w+|cut\w*|drop\w*|"
    r"climb\w*|declin\w*|shr[aiu]nk\w*|lower\w*|rais\w+|gain\w*|los[st]\w*|added|add\w*|extra|"
    r"additional|difference|gap|chang\w+|discount\w*|sav\w+|cheap\w*|above|below|over|under|exceed\w*|"
    r"extend\w*|extension|widen\w*|narrow\w*|slump\w*|jump\w*|margin|growth)\b|[增升降减涨跌差]|便宜|提高",
    re.IGNORECASE,
)


def differences_as_values(statement: str, quote: str) -> list[str]:
    """Figures of `statement`, as written, that every place of them in `quote` gives as a change or
    a lead, where the statement has no word for either.
    """
    if _TOLD.search(statement):
        return []
    theirs = figures(quote)
    found = []
    for figure in figures(statement):
        places = [other for other in theirs if same(figure, other)]
        told = _COMPARED.match(statement, figure.end)
        if places and not told and all(_differs(quote, each.start, each.end) for each in places):
            found.append(statement[figure.start : figure.end].strip())
    return found


def _differs(text: str, start: int, end: int) -> bool:
    compared = _COMPARED.match(text, end)
    return bool(compared or _BY.search(text[max(0, start - _BEFORE) : start]))
