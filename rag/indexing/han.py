"""Traditional Han characters as simplified ones, so that either way of writing finds the other."""

from __future__ import annotations

import re
from functools import cache

_HAN = re.compile("[\u3400-\u9fff]")


def simplified(text: str) -> str:
    """Each traditional character replaced by its simplified one, of the same length.

    Characters are taken one by one, by OpenCC's table "t2s". What a whole word would decide, such
    as which of two traditional characters was meant, does not matter to a search: it needs only
    that what is written in either way becomes the same.
    """
    return text.translate(_table()) if _HAN.search(text) else text


@cache
def _table() -> dict[int, str]:
    from opencc import OpenCC

    every = [chr(code) for code in range(0x3400, 0xA000)]
    # One a line, so that no neighbours are read as a word.
    found = OpenCC("t2s").convert("\n".join(every)).split("\n")
    changed = {ord(one): other for one, other in zip(every, found, strict=True) if one != other}
    # A few are led to a character that is itself led further: follow it, so that twice is once.
    return {code: changed.get(ord(other), other) for code, other in changed.items()}
