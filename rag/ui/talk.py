"""What surrounds the turns of the Ask tab, as HTML: welcome, examples, conversations, opinion."""

from __future__ import annotations

from rag.ui import rendering
from rag.ui.feedback import LONGEST_NOTE
from rag.ui.markup import phrase, safe, shorten
from rag.ui.sessions import Desk, Session
from rag.ui.strings import say


def messages(session: Session) -> list[dict[str, str]]:
    """The whole conversation for `gr.Chatbot`."""
    rows: list[dict[str, str]] = []
    for turn in session.turns:
        rows.append({"role": "user", "content": rendering.question_html(turn)})
        answer = rendering.answer_html(turn, session.language)
        rows.append({"role": "assistant", "content": answer})
    return rows


def welcome_html(desk: Desk, language: str) -> str:
    """What stands in the chat before the first question."""
    key = "welcome_text"
    if not desk.holder.ready:
        key = "loading"
    elif not desk.documents():
        key = "welcome_empty"
    words = desk.holder.problem if desk.holder.ready else None
    return (
        f'<div class="sb-welcome"><h2>{phrase(language, "welcome")}</h2>'
        f"<p>{safe(words or say(language, key))}</p></div>"
    )


def examples_html(desk: Desk, language: str) -> str:
    """A question to begin with on each of the first documents."""
    rows = "".join(
        f'<button type="button" class="sb-example" data-id="{row.identifier}">'
        f"{safe(shorten(row.title, 70))}</button>"
        for row in desk.documents()[:4]
    )
    return f'<p class="sb-small">{phrase(language, "examples")}</p>{rows}' if rows else ""


def conversations_html(desk: Desk, session: Session) -> str:
    """The list of saved conversations, the open one marked."""
    language = session.language
    rows = "".join(
        f'<li class="{"sb-on" if row.identifier == session.conversation else ""}">'
        f'<button type="button" class="sb-pick" data-id="{row.identifier}">{safe(row.title)}'
        f'<span class="sb-small">{safe(row.updated[:10])}</span></button>'
        + "".join(
            f'<button type="button" class="sb-{kind}" data-id="{row.identifier}" {more}'
            f'title="{phrase(language, kind)}" '
            f'aria-label="{phrase(language, kind)}: {safe(row.title)}">{sign}</button>'
            for kind, sign, more in (
                ("save", "↓", ""),
                ("rename", "✎", f'data-ask="{phrase(language, "rename_to")}" '
                                f'data-title="{safe(row.title)}" '),
                ("delete", "✕", f'data-sure="{phrase(language, "delete_sure")}" '),
            )
        )
        + "</li>"
        for row in desk.conversations.listed(session.owner)
    )  # fmt: skip
    none = f'<p class="sb-small">{phrase(language, "none_yet")}</p>'
    return f'<ul class="sb-list">{rows}</ul>' if rows else none


def opinion_html(language: str) -> str:
    """The dialog that takes a note on an answer; closed until a thumb is clicked."""
    good, bad = phrase(language, "note_good"), phrase(language, "note_bad")
    return (
        f'<dialog class="sb-opinion" aria-labelledby="sb-opinion-head" data-good="{good}" '
        f'data-bad="{bad}"><h2 id="sb-opinion-head">{good}</h2>'
        f'<p class="sb-small">{phrase(language, "note_local")}</p>'
        f'<textarea rows="4" maxlength="{LONGEST_NOTE}" '
        f'aria-labelledby="sb-opinion-head"></textarea><div class="sb-reader-buttons">'
        f'<button type="button" class="sb-close">{phrase(language, "without_note")}</button>'
        f'<button type="button" class="sb-close sb-save">{phrase(language, "save_note")}</button>'
        "</div></dialog>"
    )
