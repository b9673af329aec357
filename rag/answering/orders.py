"""Sentences in documents that speak to the machine instead of the reader."""

from __future__ import annotations

import re

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instructions?|rules|prompts?|guidelines"
    r"|everything|the above)\b"
    r"|(?:^|[.:;]\s|\band\s)(?:answer|reply|respond)\s(?:that|only|instead)\b"
    r"|\b(?:system|developer) prompt\b|\byou are (?:now )?an? (?:assistant|ai|language model)\b"
    r"|(?:忽略|无视|忘记).{0,12}(?:指令|指示|要求|规则)|(?:请|必须)(?:回答|回复)",
    re.IGNORECASE,
)


def gives_orders(text: str) -> bool:
    """True for "ignore all earlier instructions" and the like, which bear no fact out."""
    return bool(_ORDERS.search(text))
