"""Negation, direction and extremes: whether statement and quote point the same way."""

from __future__ import annotations

import re

from rag.types import CheckResult

_NEGATORS = re.compile(
    r"\b(?:not|no longer|no|never|neither|nor|none|cannot|without|nobody|nothing)\b|n['’]t\b"
    r"|[不没未无非]",
    re.IGNORECASE,
)
_REFUSALS = re.compile(
    r"\b(?:declin|refus|fail|den(?:y|ie)|reject|lack|ban(?:ned|s)?\b|bar(?:red)?\b|exclud|prohibit"
    r"|unlikely|unable|halt|cancel|suspend|withdr|avoid|stopp|rul(?:ed|es) out|absen|oppos|abandon"
    r"|drop|scrap|yet to\b|short of\b|instead of\b|rather than\b|only\b|except\b|unknown|unclear)",
    re.IGNORECASE,
)
_OPPOSITES = [
    (r"increas|ris(?:e|en|es|ing)\b|rose|grew|grow|gain|climb|jump|surg|expand|doubl|tripl|up\b",
     r"decreas|declin|fell|fall|drop|shrink|shrank|slump|contract(?:ed|ion)\b|cut\b|down\b|lost|loss"),
    (r"higher|more than|above|exceed|greater|larger|bigger|over\b|at least",
     r"lower|less than|below|under\b|smaller|fewer|at most|short of|up to"),
    (r"largest|biggest|most|highest|top\b|best", r"smallest|least|lowest|worst"),
    (r"faster|quicker|sooner|earlier|before", r"slower|later|after"),
    (r"support|back(?:ed|s|ing)\b|approv|accept|agree", r"oppos|reject|refus|declin|disagree"),
    (r"import", r"export"),
    (r"buy|bought|purchas|acquir", r"sell|sold"),
]  # fmt: skip
_PAIRS = [
    (re.compile(rf"\b(?:{a})", re.IGNORECASE), re.compile(rf"\b(?:{b})", re.IGNORECASE))
    for a, b in _OPPOSITES
]
_AFTER_CUE = re.compile(r"^[a-z]*\s(?:to\s)?", re.IGNORECASE)
_WORD = re.compile(r"[a-z]{4,}")
_YES_NO = re.compile(r"^(yes|no)\b[,.:;]?\s*", re.IGNORECASE)
_YES_NO_QUESTION = re.compile(
    r"^(?:(?:and|but|so|then)\s+)?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would"
    r"|should|may|might)\b(?!.*\bor\b.*\?)|^[^?？]*[吗么][？?]?\s*$|是否|有没有",
    re.IGNORECASE,
)


def is_yes_no(question: str) -> bool:
    """True for questions that want Yes or No (not "is it A or B?")."""
    return bool(_YES_NO_QUESTION.search(question.strip()))


def verdict(statement: str) -> str | None:
    """ "yes" or "no" when the statement opens with it."""
    match = _YES_NO.match(statement)
    return match[1].lower() if match else None


def settle_verdict(statement: str, question: str) -> str:
    """Make the opening Yes or No follow from the rest of the statement.

    A small model writes "Yes, the company declined to renew" to "Did it renew?": the rest is what
    its quote bears out, so the rest decides when it denies just what the question asks.
    """
    match = _YES_NO.match(statement)
    if match is None or _NEGATORS.search(question):
        return statement
    body = statement[match.end() :]
    asked = {_root(word) for word in _WORD.findall(question.lower())}
    denied = {_root(word) for word in _denied_words(body, _REFUSALS) | _denied_words(body)}
    if match[1].lower() == "yes" and denied & asked and not _REFUSALS.search(question):
        return "No, " + body
    return statement


def _root(word: str) -> str:
    return word[:5]


def check_polarity(statement: str, quote: str) -> CheckResult:
    """Compare a statement with its quote.

    missing: the statement denies something and nothing in the quote does; conflict: the quote
    denies what the statement affirms, or one says rise where the other says fall.
    """
    body = _YES_NO.sub("", statement)
    denies = bool(_NEGATORS.search(body) or _REFUSALS.search(body)) or verdict(statement) == "no"
    quote_denies = bool(_NEGATORS.search(quote) or _REFUSALS.search(quote))
    if _NEGATORS.search(body) and not quote_denies and not _opposed(body, quote):
        return "missing"
    if not denies and _denied_words(quote) & set(_WORD.findall(body.lower())):
        return "conflict"
    plain = not _NEGATORS.search(statement + quote) and verdict(statement) != "no"
    return "conflict" if plain and _opposed(body, quote) else "ok"


def _opposed(statement: str, quote: str) -> bool:
    for one, other in _PAIRS:
        for here, there in ((one, other), (other, one)):
            told = here.search(statement) and not there.search(statement)
            if told and there.search(quote) and not here.search(quote):
                return True
    return False


def _denied_words(quote: str, cues: re.Pattern[str] = _NEGATORS) -> set[str]:
    """The two content words right after each cue: what the text says is not so."""
    found: set[str] = set()
    for match in cues.finditer(quote):
        found.update(
            _WORD.findall(_AFTER_CUE.sub("", quote[match.end() : match.end() + 48]).lower())[:2]
        )
    return found - {"only", "just", "more", "less", "than", "been", "have", "with", "that", "this"}
