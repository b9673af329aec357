"""The heads of laws, orders and notices: issuer, number, day and subject."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents.dates import DATE
from rag.documents.extracted import Metadata
from rag.documents.paragraphs import Block
from rag.documents.part import Part
from rag.documents.wording import plain

_NUMBERED = re.compile(
    r"(?:\w+ )?(?:notice|decree|order|regulations?|ordinance|decision|circular|resolution|directive"
    r"|announcement|law|act|rules|proclamation)"
    r"\s(?:\([A-Z]{2,4}\)\s)?(?:No\.?|Nr\.?|#)?\s?\d{1,5}(?:\s?[/-]\s?\d{2,4})?(?:/[A-Z-]{2,6})?",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:on|about|concerning|regarding|relating to|governing|amending|for|laying down)\s"
)
_OF = re.compile(r"\(?(?:of|dated|adopted|issued|made)(?: on)?\s", re.IGNORECASE)
_LONGEST = 200


def act_title(above: Sequence[Block]) -> Part | None:
    """The article whose title is the number and the subject of an act; None where there is none.

    `above` are the blocks before the text. The day may stand between number and subject, the
    issuer above the number.
    """
    for number, block in enumerate(above):
        if block.role != "chrome" and _NUMBERED.fullmatch(block.text):
            return _read(above, number)
    return None


def _read(above: Sequence[Block], number: int) -> Part:
    titles, header, day = [plain(above[number].text)], [number], None
    for at in range(number + 1, len(above)):
        text = above[at].text
        dated = DATE.fullmatch(_OF.sub("", text, count=1).strip("() "))
        if dated is not None and day is None:
            day = dated[0]
        elif _SUBJECT.match(text) and len(text) <= _LONGEST and len(titles) == 1:
            titles.append(plain(text))
        else:
            break
        header.append(at)
    issuers = [plain(one.text) for one in above[:number] if one.text.isupper()]
    issuer = issuers[0] if len(issuers) == 1 else None
    metadata = Metadata(outlet=issuer, found={"outlet": "issuer"} if issuer else {})
    part = Part(number, " ".join(titles), header, None, day, "date line", metadata=metadata)
    part.evidence = {"top", "date line"} if day else {"top"}
    return part
