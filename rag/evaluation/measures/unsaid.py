"""Whether an answer says that the documents do not say it."""

from __future__ import annotations

import re

from rag.evaluation.values import without_markers

_SAY = "say|state|specify|give|name|mention|disclose|reveal|tell|identify|indicate|publish|explain"
_SAID = (
    "said|stated|specified|given|named|mentioned|disclosed|revealed|told|identified|indicated|"
    "published|provided|explained|known|public|available|announced|released"
)
_NOT = r"(?:\s+not|n't)(?:\s+(?:yet|been|even|[a-z]+ly))*\s+"
_UNSAID = re.compile(
    rf"\b(?:do|does|did|ha[sd]|have){_NOT}(?:{_SAY}|{_SAID})\b"
    rf"|\b(?:do|does|did){_NOT}(?:contain|have|include|provide)\s+(?:any\s+)?"
    r"(?:details?|figures?|information|mention)\b"
    rf"|\b(?:is|are|was|were){_NOT}(?:{_SAID})\b"
    rf"|\b(?:no|nobody|none|nothing)\b[^.,;]*\b(?:is|are|was|were|been)\s+(?:{_SAID})\b"
    rf"|\bnot\s+(?:{_SAID})\b|\bno\s+(?:details?|information|mention)\b"
    r"|\b(?:un(?:disclosed|known|named|published|specified|stated))\b"
    rf"|\b(?:declin|refus)(?:e|es|ed)\s+to\s+(?:{_SAY}|comment)\b"
    r"|(?:没有|[尚并]?未)(?:对外)?(?:公布|公开|透露|披露|说明|提到|提及|提供|给出|写明|点名)|不详|未知",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?])\s|[。！？]")


def says_unsaid(text: str) -> bool:
    """Whether the first sentence says so: "the report gives no price, it is not disclosed".

    Only the first: an answer that states something and then adds what is not known has answered.
    """
    return _UNSAID.search(_END.split(without_markers(text), maxsplit=1)[0]) is not None
