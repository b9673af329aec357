"""Words put into another's mouth, where a quote has more than one who speaks."""

from __future__ import annotations

import re

from rag.answering.segments import clauses, words

_VERB = (
    r"said|says|called|calls|told|wrote|writes|argued|argues|warned|warns|added|claimed|claims"
    r"|insist(?:ed|s)|stated|states|put|estimated|estimates|denied|denies|confirmed|confirms"
)
_ACTIVE = r"(?<!\bwas\s)(?<!\bwere\s)(?<!\bbeen\s)(?<!\bis\s)(?<!\bare\s)(?<!\bbe\s)"
_SPEECH = re.compile(rf"{_ACTIVE}\b(?:{_VERB})\b(?!\s(?:to|off|for|on)\b)")
_TOLD = re.compile(
    rf"^(?P<who>[^,;]{{2,80}}?)\s{_ACTIVE}(?:{_VERB})\b(?!\s(?:to|off|for|on)\b)(?P<what>.*)",
    re.DOTALL,
)
_HAN_TOLD = re.compile(
    r"^(?P<who>[^，；]{2,14}?)(?:说|表示|称|认为|估计|指出)(?P<what>.*)", re.DOTALL
)
_BESIDE = re.compile(r",\s(?:\w+ing|alongside|together|standing|after|before|with)\b[^,]*,")
"""Who is only named beside the speaker: ", speaking after the minister of trade,"."""
_LEAST = 2
_OFFICES = "minist president chief director spokesperson spokesman spokeswoman offici vice deputy"
_TITLES = frozenset(_OFFICES.split())
"""What several of them may be called alike."""


def other_speaker(statement: str, quote: str) -> list[str]:
    """The speaker of `statement`, as written, where `quote` has another say that, and him or her
    something else or nothing.
    """
    told = _TOLD.match(statement) or _HAN_TOLD.match(statement)
    if told is None:
        return []
    who, what = words(told["who"]) - _TITLES, words(told["what"])
    spoken = _spoken(quote)
    own = [(name, said) for name, said in spoken if who & name]
    others = [(name, said) for name, said in spoken if not who & name]
    if not others or not who:
        return []
    said_by_own = max((len(what & said) for _, said in own), default=0)
    said_by_others = max(len(what & said) for _, said in others)
    elsewhere = own or who <= words(quote)
    if elsewhere and said_by_others >= _LEAST and 2 * said_by_own <= said_by_others:
        return [told["who"]]
    return []


def _spoken(quote: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """For each clause in which someone speaks, the words for who does and for what is said."""
    found = []
    for start, end in clauses(quote):
        clause = quote[start:end]
        verb = _SPEECH.search(clause)
        if verb is None:
            continue
        who = _BESIDE.sub(" ", clause[: verb.start()])
        found.append((words(who) - _TITLES, words(clause[verb.end() :])))
    return found
