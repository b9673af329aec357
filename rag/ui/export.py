"""An answer with its sources, in forms to take elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from rag.answering.serialise import to_dict
from rag.types import Answer, Citation
from rag.ui.strings import say

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!&~])")
_OPENING = re.compile(r"^(\s*(?:\d+(?=[.)](?:\s|$)))?)([-+=.)])", re.MULTILINE)
"""What at the start of a line makes a list or a heading."""
_MARKERS = re.compile(r"\\\[(\d+)\\\]")


def as_json(answer: Answer) -> str:
    """The whole answer, the public contract."""
    return json.dumps(to_dict(answer), ensure_ascii=False, indent=2)


def as_text(answer: Answer, language: str) -> str:
    """Plain prose, then numbered sources with their quotes."""
    head = [answer.question, "", _body(answer, language), ""]
    rows = [
        f"[{row.number}] {_where(row, language)}\n    “{row.quote}”" for row in _sources(answer)
    ]
    return "\n".join([*head, *([say(language, "sources") + ":"] if rows else []), *rows]) + "\n"


def as_markdown(answer: Answer, language: str) -> str:
    """Markdown in which all outside text is escaped, so it renders as it reads."""
    body = _MARKERS.sub(r"[\1]", _escaped(_body(answer, language)))
    question = " ".join(answer.question.split())
    parts = [f"**{_escaped(question)}**", "", body, ""]
    rows = [
        f"{row.number}. {_escaped(_where(row, language))}\n   > {_escaped(row.quote)}"
        for row in _sources(answer)
    ]
    if rows:
        parts += [f"### {say(language, 'sources')}", "", *rows]
    return "\n".join(parts) + "\n"


def conversation(title: str, answers: Sequence[Answer], language: str) -> str:
    """All answers under the conversation's name, as Markdown."""
    parts = (as_markdown(answer, language) for answer in answers)
    return f"# {_escaped(title)}\n\n" + "\n---\n\n".join(parts)


def _body(answer: Answer, language: str) -> str:
    if answer.state == "answered":
        return answer.text
    reason = answer.reason or "no_support"
    return f"{say(language, 'no_answer')}. {say(language, f'why_{reason}')}"


def _sources(answer: Answer) -> tuple[Citation, ...]:
    return answer.citations if answer.state == "answered" else answer.nearest


def _where(row: Citation, language: str) -> str:
    page = say(language, "page_n", n=row.page) if row.page is not None else None
    date = row.published or say(language, "undated")
    return ", ".join(part for part in (row.title, date, page, row.document, row.url) if part)


def _escaped(text: str) -> str:
    return _OPENING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
