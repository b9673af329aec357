"""Words that exclude each other: rise and fall, largest and smallest, first and second half."""

from __future__ import annotations

import re

from rag.answering.dates import without
from rag.answering.figures import figures
from rag.answering.names import name_tokens
from rag.answering.segments import Span, at, clauses, pieces, same

_OPPOSITES = [
    (r"increas|ris(?:e|en|es|ing)\b|rose|grew|grow|gain|climb|jump|surg|expand|doubl|tripl|quadrupl|soar|up\b"
     r"|rais(?:e|ed|es|ing)\b|\d(?: percent|%| %) (?:more|higher)",
     r"decreas|declin(?!\w*\sto\s[a-z])|fell|fall|drop|slip|shrink|shrank|slump|contract(?:ed|ion)\b"
     r"|cut\b|down\b|lost|loss|reduc|lower(?:ed|ing)\b|halv(?:e|ed|es|ing)\b|tumbl|plung|plummet"
     r"|\d(?: percent|%| %) (?:less|fewer|lower)"),
    (r"doubl|two-?fold", r"tripl|quadrupl|(?:three|four|five|six|ten|\d+)-?fold"),
    (r"tripl|three-?fold", r"quadrupl|(?:four|five|six|ten)-?fold"),
    (r"higher|more than|above|exceed|greater|larger|bigger|over\b|at least",
     r"lower|less than|below|under\b|smaller|fewer|at most|short of|up to"),
    (r"largest|biggest|most|highest|top\b|best", r"smallest|least|lowest|worst"),
    (r"oldest|earliest", r"newest|latest|youngest"),
    (r"strongest|stronger", r"weakest|weaker"),
    (r"longest|longer", r"shortest|shorter"),
    (r"faster|quicker|sooner|earlier|before", r"slower|later|after"),
    (r"support|back(?:ed|s|ing)\b|approv|accept|agree|adopt|voted for",
     r"oppos|reject|refus|declin|disagree|block(?:ed|s)\b|veto"
     r"|voted (?:against|down)|thr[eo]wn? out"),
    (r"allow|permit|legali[sz]", r"bann?ed|prohibit|forb[ia]d|outlaw"),
    (r"succe(?:ed|ss)", r"fail|unsuccess"),
    (r"(?<!illion\s)(?<!\d\s)w[io]n(?:s|ning)?\b|award", r"lost\b|los(?:es|ing)\b"),
    (r"(?:re-?)?opened\b", r"closed\b(?!-)|shut\b"),
    (r"resum(?:e|ed|es|ing)\b|restart|(?:start|beg[iau]n)\w*\sagain",
     r"paus(?:e|ed|es|ing)\b|suspend|halt(?:ed|s|ing)\b"),
    (r"launch(?:ed|es)\b|lift(?:ed|s)?[-\s]off|(?:blast|took|take)\w*[-\s]off|into orbit",
     r"landed\b|landing\b|touch(?:ed)?[-\s]?down|splash(?:ed)?[-\s]?down"),
    (r"cheapest", r"most expensive|costliest"),
    (r"easier", r"harder|more difficult"),
    (r"hir(?:ed|es|ing)\b|recruit", r"la(?:id|y|ys|ying) off|layoffs?\b|dismiss|sack(?:ed|ing)\b"),
    (r"impos(?:e|ed|es|ing)\b|prolong", r"lift(?:ed|ing)\b|repeal"),
    (r"uphold|upheld", r"overturn|quash|annul|struck down"),
    (r"confirm", r"den(?:y|ied|ies|ying)\b|cancel|call(?:ed|s)? off"),
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
    (r"高于|超过|多于", r"低于|少于|不足|不及|不如"),
    (r"支持|赞成|同意", r"反对"),
    (r"承认|证实|确认", r"否认"),
    (r"发射|升空", r"着陆|返回"),
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

_JUDGED = [pair for pair in _PAIRS if pair[0].search("supported upheld allowed confirmed")]
"""What one party does and another undoes: of these, too, the piece with its name tells which."""

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

    A word with both directions in one text, or one that either denies, decides nothing. Where the
    quote has the statement's figures, only the clauses in which they stand count; "Cologne upheld
    it" is held against the piece in which Cologne stands.
    """
    told = [_with_its_figures(statement, quote, cut) for cut in (clauses(quote), pieces(quote))]
    return (
        any(
            _contrary(one, other, statement, part) or _contrary(other, one, statement, part)
            for one, other in _PAIRS
            for part in told
        )
        or _overstated(statement, quote)
        or _by_the_same(statement, quote)
    )


def _with_its_figures(statement: str, quote: str, cut: tuple[Span, ...]) -> str:
    """The parts of a quote in which the figures of a statement stand; all where none does."""
    told = [figure for figure in figures(without(statement)) if not figure.weak]
    held = {at(cut, other.start) for other in figures(quote) for f in told if same(f, other)}
    return " ; ".join(quote[slice(*span)] for span in sorted(held)) if held else quote


def _by_the_same(statement: str, quote: str) -> bool:
    """Whether a name before the statement's verb stands once, and beside the contrary of it."""
    cut = pieces(quote)
    for one, other in _JUDGED:
        for here, there in ((one, other), (other, one)):
            match = here.search(statement)
            if match is None or there.search(statement):
                continue
            for name in name_tokens(statement[: match.start()], quote):
                if quote.count(name) != 1:
                    continue
                if _contrary(here, there, statement, quote[slice(*at(cut, quote.index(name)))]):
                    return True
    return False


def _contrary(here: re.Pattern[str], there: re.Pattern[str], statement: str, quote: str) -> bool:
    said, match = here.search(statement), there.search(quote)
    if said is None or match is None or there.search(statement) or here.search(quote):
        return False
    return not (_is_denied(statement, said.start()) or _is_denied(quote, match.start()))


def _is_denied(text: str, place: int) -> bool:
    return bool(_DENIED.search(text[max(0, place - _NEAR) : place]))


def _overstated(statement: str, quote: str) -> bool:
    """ "the largest" where the quote has only "second-largest" or "one of the largest"."""
    if not _ALONE.search(_AMONG.sub("", _RANKED.sub("", statement))):
        return False
    plain = re.search(rf"\b{_EXTREME}\b", _AMONG.sub("", _RANKED.sub("", quote)), re.IGNORECASE)
    return plain is None and bool(_RANKED.search(quote) or _AMONG.search(quote))
