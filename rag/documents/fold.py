"""How a quote is written on one line: the only change ever made to a document's characters."""

from __future__ import annotations

import re

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Character class body: Han ideographs and radicals."""

_WHITE = re.compile(r"\s+")
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}])\\s+(?=[{HAN}])")


def fold(text: str) -> str:
    """Join wrapped lines: white space runs become one space, none between Han characters.

    Idempotent. Every other character stays as it is, so a quote can be found again by eye.
    """
    return _WHITE.sub(" ", _BETWEEN_HAN.sub("", text)).strip()
