"""A crude common form of English words: enough to see "grew" in "did not grow"."""

from __future__ import annotations

_IRREGULAR = {
    form: base
    for base, forms in {
        "grow": "grew grown", "rise": "rose risen", "fall": "fell fallen", "sell": "sold",
        "buy": "bought", "build": "built", "find": "found", "meet": "met", "win": "won",
        "lose": "lost", "leave": "left", "take": "took taken", "give": "gave given",
        "make": "made", "say": "said", "send": "sent", "spend": "spent", "hold": "held",
        "keep": "kept", "bring": "brought", "begin": "began begun", "come": "came",
        "become": "became", "fly": "flew flown", "pay": "paid", "know": "knew known",
        "see": "saw seen", "speak": "spoke spoken", "break": "broke broken", "get": "got",
        "hit": "hit", "lead": "led", "lend": "lent", "run": "ran", "show": "shown",
        "sink": "sank sunk", "steal": "stole stolen", "teach": "taught", "tell": "told",
        "write": "wrote written", "choose": "chose chosen", "draw": "drew drawn",
        "drive": "drove driven", "fight": "fought", "seek": "sought", "shoot": "shot",
    }.items()
    for form in forms.split()
}  # fmt: skip
_ENDINGS = ("ments", "ment", "ings", "ing", "ies", "ed", "es", "s", "d", "y", "e")


def is_past(word: str) -> bool:
    """Whether a word in small letters reads as a past ("received", "grew", "cut")."""
    return word in _IRREGULAR or word in ("cut", "put", "set", "hit") or word.endswith("ed")


def root(word: str) -> str:
    """ "renewed", "renewing" and "renews" give "renew"; irregular pasts give their verb."""
    base = _IRREGULAR.get(word, word)
    for ending in _ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= 3:
            base = base[: -len(ending)]
            break
    if len(base) > 3 and base[-1] == base[-2]:
        base = base[:-1]
    return base
