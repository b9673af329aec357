"""An answer as a notebook shows it, and as rows of a table."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.types.answers import Answer, Citation, Statement

_REFUSED = "The documents do not answer this question."
_CHECKED = ("figures", "names", "dates", "negation")
_CITED = ("number", "quote", "document", "title", "published", "url", "page", "start", "end",
          "file_sha256", "attribution")  # fmt: skip


def to_records(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """One flat row for each statement and each of its citations, all rows with the same keys.

    A refusal is one row whose statement and citation are None. Made for `pandas.DataFrame`.
    """
    return [row for answer in answers for row in _rows(answer)]


def answer_html(answer: Answer) -> str:
    """The answer with its quotes below it, self-contained: no script, no address is loaded.

    All text of the documents and of the model is escaped; addresses are shown, not linked.
    """
    parts = [f"<p><strong>{_safe(answer.question)}</strong></p>"]
    if answer.understood:
        parts.append(f"<p><em>Understood as: {_safe(answer.understood)}</em></p>")
    parts.append(f"<p>{_safe(answer.text or _REFUSED)}</p>")
    for conflict in answer.conflicts:
        numbers = " and ".join(f"[{number}]" for number in conflict.citations)
        parts.append(f"<p>The documents disagree: see {numbers}.</p>")
    shown = answer.citations or answer.nearest
    if shown:
        heading = "Quotes" if answer.citations else "What comes closest"
        rows = "".join(map(_citation_html, shown))
        parts.append(f"<p>{heading}</p><ol style='padding-left:2em'>{rows}</ol>")
    parts.append(f"<p><small>confidence {answer.confidence:.2f}</small></p>")
    return f"<div>{''.join(parts)}</div>"


def _citation_html(citation: Citation) -> str:
    about = " · ".join(
        part for part in (citation.title, citation.published, citation.attribution) if part
    )
    page = f", page {citation.page}" if citation.page is not None else ""
    place = f"{citation.document}{page}, characters {citation.start}-{citation.end}"
    return (
        f"<li value='{citation.number}'><q>{_safe(citation.quote)}</q><br>"
        f"<small>{_safe(about)}<br><code>{_safe(place)}</code></small></li>"
    )


def _safe(text: str) -> str:
    """Escaped; characters that reorder or hide text are shown as ⍰, so it reads as it is."""
    shown = "".join("⍰" if unicodedata.category(c) in ("Cc", "Cf") else c
                    for c in re.sub(r"\s+", " ", text))  # fmt: skip
    return html.escape(shown)


def _rows(answer: Answer) -> list[dict[str, Any]]:
    cited = {citation.number: citation for citation in answer.citations}
    pairs: list[tuple[Statement | None, Citation | None]] = [
        (statement, cited.get(number))
        for statement in answer.statements
        for number in statement.citations
    ]
    return [_row(answer, *pair) for pair in pairs or [(None, None)]]


def _row(answer: Answer, statement: Statement | None, citation: Citation | None) -> dict[str, Any]:
    checks = statement.checks if statement else None
    return {
        "question": answer.question,
        "state": answer.state,
        "reason": answer.reason,
        "confidence": answer.confidence,
        "statement": statement.text if statement else None,
        **{name: getattr(checks, name, None) for name in _CHECKED},
        **{name: getattr(citation, name, None) for name in _CITED},
    }
