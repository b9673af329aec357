"""What a click on a card or under an answer asks for: the reader, or an answer to take away."""

from __future__ import annotations

import time

from rag.errors import RagError
from rag.types import Answer
from rag.ui import export, reader
from rag.ui.evidence import Card, cards_of
from rag.ui.markup import phrase, safe
from rag.ui.sessions import Desk, Session
from rag.ui.turns import Turn

_FILE_ENDINGS = {"copy": "txt", "as_text": "txt", "as_markdown": "md", "as_json": "json"}


def fresh(markup: str) -> str:
    """Markup that differs from the last one: the browser acts on changes only."""
    return f'<div data-nonce="{time.time_ns()}">{markup}</div>'


def open_html(desk: Desk, session: Session, turn: Turn, key: str) -> str:
    """The reader at the quote whose card has that key."""
    first, further = cards_of(turn, desk.documents())
    cards = [*first, *further]
    place = next((n for n, card in enumerate(cards) if card.key == key), None)
    if place is None:
        return fresh(reader.missing_html(session.language))
    card = cards[place]
    document = desk.find(card.path, None, card.start)
    if document is None:
        return fresh(reader.missing_html(session.language))
    try:
        assistant = desk.holder.get()
        text = assistant.file_text(document.path)
        chrome = reader.chrome_spans(assistant.chrome(document.path))
        pages = assistant.pages(document.path)
    except RagError:
        return fresh(reader.missing_html(session.language))
    shown = reader.window(document, card.start)
    quotes = [(row.start, row.end) for row in cards if row.path == card.path]
    spans = chrome + reader.quote_spans(quotes, (card.start, card.end))
    body = reader.styled(text, *shown, spans, pages)
    steps = (turn.number, _key(cards, place - 1), _key(cards, place + 1))
    return fresh(reader.dialog_html(document, body, shown, session.language, steps=steps))


def export_html(turn: Turn, answer: Answer, kind: str, language: str) -> str:
    """The answer in one form, for the script that copies or saves it."""
    if kind not in _FILE_ENDINGS:
        return ""
    if kind == "as_json":
        text = export.as_json(answer)
    elif kind == "as_markdown":
        text = export.as_markdown(answer, language)
    else:
        text = export.as_text(answer, language)
    done = phrase(language, "copied")
    return fresh(
        f'<pre data-kind="{kind}" data-turn="{turn.number}" data-done="{done}" '
        f'data-name="answer-{turn.number}.{_FILE_ENDINGS[kind]}">{safe(text)}</pre>'
    )


def _key(cards: list[Card], place: int) -> str:
    return cards[place].key if 0 <= place < len(cards) else ""
