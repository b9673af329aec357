"""Words that exclude each other: rise and fall, largest and smallest, first and second half."""

from __future__ import annotations

import re

_OPPOSITES = [
    (r"increas|ris(?:e|en|es|ing)\b|rose|grew|grow|gain|climb|jump|surg|expand|doubl|tripl|quadrupl|soar|up\b"
     r"|rais(?:e|ed|es|ing)\b",
     r"decreas|declin(?!\w*\sto\s[a-z])|fell|fall|drop|shrink|shrank|slump|contract(?:ed|ion)\b"
     r"|cut\b|down\b|lost|loss|reduc|lower(?:ed|ing)\b|halv(?:e|ed|es|ing)\b|tumbl|plung|plummet"),
    (r"doubl|two-?fold", r"tripl|quadrupl|(?:three|four|five|six|ten|\d+)-?fold"),
    (r"tripl|three-?fold", r"quadrupl|(?:four|five|six|ten)-?fold"),
    (r"higher|more than|above|exceed|greater|larger|bigger|over\b|at least",
     r"lower|less than|below|under\b|smaller|fewer|at most|short of|up to"),
    (r"largest|biggest|most|highest|top\b|best", r"smallest|least|lowest|worst"),
    (r"oldest|earliest", r"newest|latest|youngest"),
    (r"strongest|stronger", r"weakest|weaker"),
    (r"longest|longer", r"shortest|shorter"),
    (r"faster|quicker|sooner|earlier|before", r"slower|later|after"),
    (r"support|back(?:ed|s|ing)\b|approv|accept|agree", r"oppos|reject|refus|declin|disagree"),
    (r"allow|permit|legali[sz]", r"bann?ed|prohibit|forb[ia]d|outlaw"),
    (r"succe(?:ed|ss)", r"fail|unsuccess"),
    (r"(?<!illion\s)(?<!\d\s)w[io]n(?:s|ning)?\b|award", r"lost\b|los(?:es|ing)\b"),
    (r"(?:re-?)?opened\b", r"closed\b(?!-)|shut\b"),
    (r"hir(?:ed|es|ing)\b|recruit", r"la(?:id|y|ys|ying) off|layoffs?\b|dismiss|sack(?:ed|ing)\b"),
    (r"impos(?:e|ed|es|ing)\b|prolong", r"lift(?:ed|ing)\b|repeal"),
    (r"uphold|upheld", r"overturn|quash|annul|struck down"),
    (r"confirm", r"den(?:y|ied|ies|ying)\b"),
    (r"tighten", r"loosen|relax(?:ed|es|ing)\b|eas(?:ed|es|ing)\b"),
    (r"strengthen|appreciat", r"weaken|depreciat"),
    (r"surplus", r"deficit"),
    (r"profits?\b", r"(?:net|operating|quarterly|annual|pre-?tax|a|record) loss\b"),
    (r"maximum", r"minimum"),
    (r"(?<!a )few of", r"(?:most|all|many) of"),
    (r"rarely|seldom|hardly ever", r"always|often|usually|frequently"),
    (r"postpon|delay|put off|push(?:ed|es)? back", r"br(?:ing|ought)(?:ing)? forward"),
    (r"permanent", r"temporar"),
    (r"manned\b|crewed\b", r"unmanned|uncrewed"),
    (r"solid[-\s](?:fuel|propell)", r"liquid[-\s](?:fuel|propell)"),
    (r"import", r"export"),
    (r"buy|bought|purchas|acquir", r"sell|sold"),
    (r"first[-\s]half|H1\b|1H\b", r"second[-\s]half|H2\b|2H\b"),
    (r"first[-\s]quarter|Q1\b|1Q\b",
     r"(?:second|third|fourth)[-\s]quarter|Q[2-4]\b|[2-4]Q\b"),
]  # fmt: skip
_HAN_OPPOSITES = [
    (r"增长|上升|增加|提高|扩大|上涨", r"下降|减少|下滑|降低|萎缩|下跌"),
    (r"进口", r"出口"),
    (r"最大|最多|最高|最早", r"最小|最少|最低|最晚"),
    (r"高于|超过|多于", r"低于|少于|不足"),
    (r"支持|赞成|同意", r"反对"),
    (r"盈利|利润", r"亏损"),
    (r"顺差", r"逆差"),
    (r"收紧", r"放松|放宽"),
    (r"升值", r"贬值"),
    (r"上调", r"下调"),
    (r"提前", r"推迟|延期"),
    (r"上半年", r"下半年"),
    (r"一季度", r"[二三四]季度"),
    (r"二季度", r"[三四]季度"),
    (r"三季度", r"四季度"),
]
_PAIRS = [
    (re.compile(rf"\b(?:{a})", re.IGNORECASE), re.compile(rf"\b(?:{b})", re.IGNORECASE))
    for a, b in _OPPOSITES
] + [(re.compile(a), re.compile(b)) for a, b in _HAN_OPPOSITES]

_EXTREME = r"(?:largest|biggest|highest|oldest|newest|longest|richest|busiest|smallest|lowest|most)"
_RANK = r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:nd|rd|th))"
_RANKED = re.compile(rf"\b{_RANK}[-\s]{_EXTREME}\b", re.IGNORECASE)
_ALONE = re.compile(
    rf"(?<!\w)(?:the|its|their|\w+['’]s)\s(?:world['’]s\s)?{_EXTREME}\b", re.IGNORECASE
)
_AMONG = re.compile(
    rf"\b(?:one of|among|some of)\s(?:the|its|their|\w+['’]s)\s(?:\w+['’]s\s)?{_EXTREME}\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|never|no|without)\b|n['’]t\b|[不没未]", re.IGNORECASE)
_NEAR = 30


def opposed(statement: str, quote: str) -> bool:
    """One says rise where the other says fall, or "the largest" where it is the second-largest.

    A word with both directions in one text, or one that the quote denies, decides nothing.
    """
    return any(
        _contrary(one, other, statement, quote) or _contrary(other, one, statement, quote)
        for one, other in _PAIRS
    ) or _overstated(statement, quote)


def _contrary(here: re.Pattern[str], there: re.Pattern[str], statement: str, quote: str) -> bool:
    if not here.search(statement) or there.search(statement) or here.search(quote):
        return False
    match = there.search(quote)
    return match is not None and not _DENIED.search(
        quote[max(0, match.start() - _NEAR) : match.start()]
    )


def _overstated(statement: str, quote: str) -> bool:
    """ "the largest" where the quote has only "second-largest" or "one of the largest"."""
    if not _ALONE.search(_AMONG.sub("", _RANKED.sub("", statement))):
        return False
    plain = re.search(rf"\b{_EXTREME}\b", _AMONG.sub("", _RANKED.sub("", quote)), re.IGNORECASE)
    return plain is None and bool(_RANKED.search(quote) or _AMONG.search(quote))
