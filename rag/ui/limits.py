"""Which documents may answer, in words: chips to take off, and a line above the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.types import Filters
from rag.types.documents import is_date
from rag.ui.levels import USUAL
from rag.ui.markup import phrase, safe, shorten
from rag.ui.sessions import Session
from rag.ui.strings import say


@dataclass(frozen=True, slots=True)
class Boxes:
    """What the boxes say. A date that is still being typed is shown, though it is no filter yet."""

    documents: tuple[str, ...]
    outlets: tuple[str, ...]
    since: str | None
    until: str | None

    def filters(self) -> Filters:
        """The same as filters; raises UsageError where `bad_date` has something to say."""
        return Filters(self.documents, self.outlets, self.since, self.until)


def boxes_of(
    documents: Sequence[str] | None, outlets: Sequence[str] | None, since: str, until: str
) -> Boxes:
    """The boxes' values, which are empty or absent where nothing is chosen."""
    return Boxes(tuple(documents or ()), tuple(outlets or ()),
                 (since or "").strip() or None, (until or "").strip() or None)  # fmt: skip


def bad_date(boxes: Boxes, language: str) -> str | None:
    """What is wrong with a date of the boxes, or None."""
    for given in (boxes.since, boxes.until):
        if given and not is_date(given):
            return say(language, "bad_date", given=shorten(given, 40))
    return None


def chips_html(chosen: Boxes | Filters, session: Session) -> str:
    """A chip with a way to take it off for each filter, for a level that is not the usual one, and
    for a question being edited."""
    language = session.language
    rows = [("document", row, row) for row in chosen.documents]
    rows += [("outlet", row, row) for row in chosen.outlets]
    for kind, given in (("since", chosen.since), ("until", chosen.until)):
        if given:
            rows.append((kind, given, f"{say(language, f'filter_{kind}')} {given}"))
    if session.level != USUAL:
        rows.append(("level", session.level, say(language, f"chip_{session.level}")))
    if session.editing is not None:
        rows.append(("editing", "", say(language, "chip_editing", n=session.editing)))
    off = phrase(language, "take_off")
    return "".join(
        f'<span class="sb-chip sb-chip-{kind}"><bdi>{safe(shorten(words, 48))}</bdi>'
        f'<button type="button" data-kind="{kind}" data-value="{safe(value)}" '
        f'aria-label="{off}: {safe(shorten(words, 48))}">×</button></span>'
        for kind, value, words in rows
    )


def limits_of(filters: Filters, language: str) -> str:
    """The filters of a question in a few words, "" for none."""
    parts = [shorten(row, 60) for row in (*filters.documents, *filters.outlets)]
    for kind, given in (("since", filters.since), ("until", filters.until)):
        if given:
            parts.append(f"{say(language, f'filter_{kind}')} {given}")
    return ", ".join(parts)
