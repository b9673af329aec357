"""Negation, direction and extremes: whether statement and quote point the same way."""

from __future__ import annotations

import re

from rag.answering.bounds import plainly_bounded
from rag.answering.opposites import opposed
from rag.answering.verbs import root
from rag.types import CheckResult

_NEGATORS = re.compile(
    r"\bnot\b(?!\s(?:only|just|merely|least)\b)|\bno(?!\s(?:later|fewer|less|more|doubt|sooner)\b|\.)"
    r"(?:\slonger)?\b|\b(?:never|neither|nor|none|cannot|without|nobody|nothing)\b|n['’]t\b"
    r"|不(?![仅但过断久同少及如到])|没(?!收)|未(?!来)|无(?![人线论])|非(?![洲常])|拒绝",
    re.IGNORECASE,
)
_REFUSALS = re.compile(
    r"\b(?:declin|refus|fail|den(?:y|ie)|reject|lack|ban(?:ned|s)?\b|bar(?:red)?\b|exclud|prohibit"
    r"|unlikely|unable|halt|cancel|suspend|withdr|avoid|stopp|rul(?:ed|es) out|absen|oppos|abandon"
    r"|drop|scrap|yet to\b|short of\b|instead of\b|rather than\b|only\b|except\b|unknown|unclear"
    r"|hardly\b|barely\b|scarcely\b|rarely\b|few\b|little\b|ended\b(?!\s(?:with|in|at|on)\b)"
    r"|zero\b|free of\b|far from\b"
    r"|un(?!i|der|til|cle)[a-z]{4,}|pull\w* out|call\w* off|turn\w* down|walk\w* away|block|veto"
    r"|revok|terminat|forb[ia]d|impossib|remain)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:declin\w*|refus\w*|fail\w*|unable|unlikely|yet|reluctant|unwilling|forbidden)\s+to\s+"
    r"(?P<verb>[a-z]{3,})|\b(?:barred|prevented|prohibited|stopped|banned)\s(?:\w+\s){0,3}?from\s"
    r"(?P<doing>[a-z]{3,})",
    re.IGNORECASE,
)
_HAN_DENIED = re.compile(
    r"(?:没有|并未|尚未|未能|并不|拒绝|不再|不会|没|未(?!来)|不(?![仅但过断久同少会再]))"
    r"([\u4e00-\u9fff]{2})"
)
_ENDS_DENIAL = re.compile(
    r"[,;.!?]|\band (?=\w+ing\b|an?\b|the\b|its\b|is\b|has\b|to\b)|(?<=[a-z]{4}) (?=(?:the|an?) )"
)
"""Where what is denied ends: "without a roof and weighing 3 tons" denies no weight."""
_WORD = re.compile(r"[a-z]{3,}")
_PASSED_OVER = (
    "only just more less than been have has had with that this any such very ever even yet also "
    "the its his her their our and for not all one into from being having"
)
_SKIPPED = frozenset(_PASSED_OVER.split())
_LEADING = "intend plan want expect seem appear able going willing likely believe think need allow"
_LEADING_ON = frozenset(root(word) for word in _LEADING.split())
_YES_NO = re.compile(r"^(yes|no)\b[,.:;]?\s*", re.IGNORECASE)
_ENGLISH_QUESTION = re.compile(
    r"^(?:(?:and|but|so|then)\s+)?(?!(?:can|could|will|would|do) you\b)(?:is|are|was|were|do|does"
    r"|did|has|have|had|can|could|will|would|should|may(?!\s\d)|might)\b(?!.*\bor\b.*\?)",
    re.IGNORECASE,
)
_CHINESE_QUESTION = re.compile(
    r"^(?![^?？]*告诉我)[^?？]*(?:吗|(?<![什怎那这多])么)[？?]?\s*$|是否|有没有"
)


def is_yes_no(question: str) -> bool:
    """True for questions that want Yes or No (not "is it A or B?", nor "can you tell me who")."""
    return wants_yes_or_no(question) or bool(_CHINESE_QUESTION.search(question.strip()))


def wants_yes_or_no(question: str) -> bool:
    """As `is_yes_no`, of questions in English only: what answers them opens with Yes or No."""
    return bool(_ENGLISH_QUESTION.search(question.strip()))


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
    if match[1].lower() == "yes" and _denied(body) & _roots(question):
        return "No, " + body if not _REFUSALS.search(question) else statement
    return statement


def check_polarity(statement: str, quote: str) -> CheckResult:
    """Compare a statement with its quote.

    missing: the statement denies something and nothing in the quote does; conflict: one denies
    what the other affirms, or one says rise where the other says fall.
    """
    body, quote = plainly_bounded(_YES_NO.sub("", statement)), plainly_bounded(quote)
    negated = bool(_NEGATORS.search(body))
    denies = negated or _refuses(body, quote) or verdict(statement) == "no"
    quote_denies = bool(_NEGATORS.search(quote) or _REFUSALS.search(quote))
    contrary = opposed(body, quote)
    if negated and not quote_denies and not contrary:
        return "missing"
    mine, theirs = _denied(body), _denied(quote)
    if not denies and _affirmed(theirs - mine, quote, body):
        return "conflict"
    only_mine = theirs <= mine and not (_REFUSALS.search(quote) and not theirs)
    if only_mine and _affirmed(mine - theirs, body, quote):
        return "conflict"
    return "conflict" if contrary else "ok"


def _refuses(body: str, quote: str) -> bool:
    """Whether a statement refuses something by another word than one that its quote denies: "a ban
    was decided" refuses nothing that "no ban was decided" did not speak of.
    """
    denied = _denied(quote)
    return any(
        root(_WORD.match(body.lower(), match.start())[0]) not in denied  # type: ignore[index]
        if _WORD.match(body.lower(), match.start())
        else True
        for match in _REFUSALS.finditer(body)
    )


def _affirmed(denied: set[str], where: str, other: str) -> set[str]:
    """Roots denied in `where` that `other` has, unless `where` also says them without denial."""
    twice = {word for word in denied if _count(where, word) > 1}
    return {word for word in denied - twice if _count(other, word)}


def _count(text: str, word: str) -> int:
    if word[0] > "\u2e7f":
        return text.count(word)
    return sum(root(each) == word for each in _WORD.findall(text.lower()))


def _roots(text: str) -> set[str]:
    return {root(word) for word in _WORD.findall(text.lower())}


def _denied(text: str) -> set[str]:
    """Roots of what the text says is not so: "not renew", "declined to renew", "no bank"."""
    found = set(_HAN_DENIED.findall(text))
    for match in _REFUSED.finditer(text):
        found.add(root((match["verb"] or match["doing"]).lower()))
    for match in _NEGATORS.finditer(text):
        ahead = _ENDS_DENIAL.split(text[match.end() : match.end() + 48].lower())[0]
        words = [w for w in _WORD.findall(ahead) if w not in _SKIPPED and not w.endswith("ly")]
        cue = match[0].lower()
        more = cue in ("no", "without", "neither", "nor", "none") or (
            bool(words) and root(words[0]) in _LEADING_ON
        )
        found.update(root(word) for word in words[: 2 if more else 1])
    return found
