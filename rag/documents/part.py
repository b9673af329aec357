"""An article in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.documents.extracted import Metadata


@dataclass(slots=True)
class Part:
    """An article in the making: block numbers [first, ...) of a file and what its header says.

    `header` are the numbers of the blocks that are its title lines, byline, date and counter.
    Of these `frame` are what only frames author and date. `evidence` names what made it an article.
    """

    first: int
    title: str
    header: list[int]
    author: str | None = None
    date_text: str | None = None
    date_found: str = ""
    score: float = 0.0
    evidence: set[str] = field(default_factory=set)
    metadata: Metadata | None = None
    frame: set[int] = field(default_factory=set)
