"""What a click on a card or under an answer asks for: the reader, or an answer to take away."""

from __future__ import annotations

import time

from rag.errors import RagError
from rag.types import Answer
from rag.ui import export, reader, references
from rag.ui.evidence import Card, cards_of
from rag.ui.library import fit_name
from rag.ui.markup import phrase, safe
from rag.ui.originals import Originals
from rag.ui.sessions import Desk, Session
from rag.ui.turns import Turn

_FILE_NAMES = {
    "copy": "answer-{n}.txt",
    "as_text": "answer-{n}.txt",
    "as_markdown": "answer-{n}.md",
    "as_json": "answer-{n}.json",
    "as_bibtex": "sources-{n}.bib",
    "as_csl": "sources-{n}.csl.json",
}


def fresh(markup: str) -> str:
    """Markup that differs from the last one: the browser acts on changes only."""
    return f'<div data-nonce="{time.time_ns()}">{markup}</div>'


def open_html(desk: Desk, originals: Originals, session: Session, turn: Turn, key: str) -> str:
    """The reader at the quote whose card has that key."""
    language = session.language
    first, further = cards_of(turn, desk.documents())
    cards = [*first, *further]
    place = next((n for n, card in enumerate(cards) if card.key == key), None)
    if place is None:
        return fresh(reader.missing_html(language))
    card = cards[place]
    document = desk.find(card.path, None, card.start)
    if document is None:
        return fresh(reader.missing_html(language))
    try:
        assistant = desk.holder.get()
        text = assistant.file_text(document.path)
        chrome = reader.chrome_spans(assistant.chrome(document.path))
        pages = assistant.pages(document.path)
    except RagError:
        return fresh(reader.missing_html(language))
    shown = reader.window(document, card.start)
    quotes = [(row.start, row.end) for row in cards if row.path == card.path]
    spans = chrome + reader.quote_spans(quotes, (card.start, card.end))
    return fresh(
        reader.dialog_html(
            document,
            reader.styled(text, *shown, spans, pages),
            shown,
            language,
            steps=(turn.number, _key(cards, place - 1), _key(cards, place + 1)),
            file=originals.file_link(document),
            picture=originals.page_link(document, card.page, card.start, card.end, language),
        )
    )


def export_html(desk: Desk, turn: Turn, answer: Answer, kind: str, language: str) -> str:
    """The answer or its sources in one form, for the script that copies or saves it."""
    if kind not in _FILE_NAMES:
        return ""
    if kind == "as_json":
        text = export.as_json(answer)
    elif kind == "as_markdown":
        text = export.as_markdown(answer, language)
    elif kind == "as_bibtex":
        text = references.as_bibtex(references.sources_of([answer], desk.documents()))
    elif kind == "as_csl":
        text = references.as_csl(references.sources_of([answer], desk.documents()))
    else:
        text = export.as_text(answer, language)
    return _handed(text, kind, _FILE_NAMES[kind].format(n=turn.number), turn.number, language)


def conversation_html(desk: Desk, session: Session, identifier: str) -> str:
    """A whole conversation as Markdown, for the script that saves it."""
    title = desk.conversations.title(identifier, session.owner)
    if title is None:
        return ""
    turns = desk.conversations.turns(identifier, session.owner)
    text = export.conversation(title, [turn.answer for turn in turns], session.language)
    return _handed(text, "conversation", f"{fit_name(title)}.md", 0, session.language)


def _handed(text: str, kind: str, name: str, turn: int, language: str) -> str:
    return fresh(
        f'<pre data-kind="{kind}" data-turn="{turn}" data-done="{phrase(language, "copied")}" '
        f'data-name="{safe(name)}">{safe(text)}</pre>'
    )


def _key(cards: list[Card], place: int) -> str:
    return cards[place].key if 0 <= place < len(cards) else ""
