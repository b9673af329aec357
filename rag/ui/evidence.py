"""The evidence panel: one card for each quote of a turn, as escaped HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.answering.judging import LIKELY
from rag.types import Citation, Evidence, StoredDocument
from rag.ui.markup import phrase, safe, shorten
from rag.ui.turns import Turn

_READ: dict[bool | None, tuple[str, str]] = {
    None: ("", ""),
    True: (" sb-likely", "judged_likely"),
    False: (" sb-unlikely", "judged_unlikely"),
}
"""The style of a card and the words on it, by what was judged of its sentence."""
_QUOTE_LIMIT = 1500
_CONTEXT_LIMIT = 420


@dataclass(frozen=True, slots=True)
class Card:
    """A quote to show. `key` is its place in the anchor `ev-<turn>-<key>`; offsets in the file."""

    key: str
    quote: str
    path: str
    title: str
    outlet: str | None
    published: str | None
    page: int | None
    attribution: str | None
    before: str
    after: str
    start: int
    end: int
    also_in: tuple[str, ...] = ()
    likely: bool | None = None
    """Whether it is judged to answer; None where that is not read, or the answer stands."""


def cards_of(
    turn: Turn, documents: Sequence[StoredDocument]
) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """(cards the answer points at, further cards); before the answer all evidence is first."""
    outlets = {row.path: row.outlet or row.author for row in documents}
    answer = turn.answer
    if answer is None:
        return tuple(_being_read(turn, row, str(n)) for n, row in enumerate(turn.evidence, 1)), ()
    if answer.state == "abstained":
        return tuple(
            _from_citation(c, str(n), outlets) for n, c in enumerate(answer.nearest, 1)
        ), ()
    cited = tuple(_from_citation(row, str(row.number), outlets) for row in answer.citations)
    places = [(card.path, card.start, card.end) for card in cited]
    rest = [row for row in turn.evidence if not _inside(row, places)]
    return cited, tuple(_from_evidence(row, f"x{n}") for n, row in enumerate(rest, 1))


def panel_html(turn: Turn | None, documents: Sequence[StoredDocument], language: str) -> str:
    """The whole panel for one turn, or its empty state."""
    if turn is None:
        return f'<div class="sb-empty">{phrase(language, "evidence_empty")}</div>'
    first, further = cards_of(turn, documents)
    head = "evidence_reading"
    if turn.answer is not None:
        head = "nearest" if turn.answer.state == "abstained" else "evidence_cited"
    question = shorten(turn.question, 140)
    parts = [
        f'<p class="sb-for">{phrase(language, "evidence_for", question=question)}</p>',
        f'<h2 class="sb-panel-head">{phrase(language, head)}</h2>' if first else "",
        *(_card_html(turn, card, language) for card in first),
    ]
    if further:
        inner = "".join(_card_html(turn, card, language) for card in further)
        words = phrase(language, "evidence_also", n=len(further))
        parts.append(f'<details class="sb-also"><summary>{words}</summary>{inner}</details>')
    if not first and not further:
        parts.append(f'<div class="sb-empty">{phrase(language, "evidence_empty")}</div>')
    return f'<div class="sb-cards">{"".join(parts)}</div>'


def _card_html(turn: Turn, card: Card, language: str) -> str:
    anchor = f"ev-{turn.number}-{card.key}"
    numbered = turn.answer is not None and card.key.isdigit()
    number = f'<span class="sb-number">{safe(card.key)}</span>' if numbered else ""
    before = safe(shorten(card.before, _CONTEXT_LIMIT, keep_end=True))
    after = safe(shorten(card.after, _CONTEXT_LIMIT))
    quote = safe(shorten(card.quote, _QUOTE_LIMIT))
    opener = phrase(language, "open")
    read, judged = _READ[card.likely]
    verdict = f' <span class="sb-judged">{phrase(language, judged)}</span>' if judged else ""
    return (
        f'<article class="sb-card{read}" id="{anchor}" tabindex="-1" aria-labelledby="{anchor}-t">'
        f'<h3 id="{anchor}-t">{number}<bdi>{safe(shorten(card.title, 200))}</bdi></h3>'
        f'<p class="sb-meta">{_meta(card, language)}</p>'
        f'<blockquote><span class="sb-around">{before}</span> <mark>{quote}</mark> '
        f'<span class="sb-around">{after}</span></blockquote>'
        f'<button type="button" class="sb-open" data-turn="{turn.number}" '
        f'data-key="{safe(card.key)}" aria-label="{opener}: {safe(shorten(card.title, 80))}">'
        f"{opener}</button>{verdict}</article>"
    )


def _meta(card: Card, language: str) -> str:
    parts = [f"<bdi>{safe(card.outlet)}</bdi>"] if card.outlet else []
    if card.published:
        parts.append(f'<time datetime="{safe(card.published)}">{safe(card.published)}</time>')
    else:
        parts.append(phrase(language, "undated"))
    if card.page is not None:
        parts.append(phrase(language, "page_n", n=card.page))
    if card.attribution:
        parts.append(f"<em>{_said_by(card.attribution, language)}</em>")
    if card.also_in:
        files = ", ".join(Path(path).name for path in card.also_in)
        parts.append(phrase(language, "also_in", files=shorten(files, 120)))
    return '<span class="sb-dot"> · </span>'.join(parts)


def _said_by(attribution: str, language: str) -> str:
    """Who says it; words that say so themselves, such as "according to", are left as they are."""
    who = shorten(attribution.strip("()（） "), 120)
    if who.startswith("据") or who.casefold().startswith("according to"):
        return safe(who)
    return phrase(language, "said_by", who=who)


def _inside(row: Evidence, places: Sequence[tuple[str, int, int]]) -> bool:
    return any(
        row.document.path == path and row.start < end and start < row.end
        for path, start, end in places
    )


def _being_read(turn: Turn, row: Evidence, key: str) -> Card:
    sure = turn.judged.get(row.label)
    return replace(_from_evidence(row, key), likely=None if sure is None else sure >= LIKELY)


def _from_evidence(row: Evidence, key: str) -> Card:
    document = row.document
    return Card(
        key, row.quote, document.path, document.title, document.outlet or document.author,
        document.published, row.page, row.attribution, row.before, row.after, row.start, row.end,
        row.also_in,
    )  # fmt: skip


def _from_citation(row: Citation, key: str, outlets: Mapping[str, str | None]) -> Card:
    return Card(
        key, row.quote, row.document, row.title, outlets.get(row.document), row.published,
        row.page, row.attribution, row.before, row.after, row.start, row.end, row.also_in,
    )  # fmt: skip
