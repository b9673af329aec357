"""The prompt: one readable template, the instructions first so that their state can be kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from rag.answering.questions import has_parts
from rag.types import Evidence, Message

_CONTEXT = 200
_LABEL = re.compile(r"[\[［【]\s*([SsＳ]?\s*[-\d０-９]{1,3})\s*[\]］】]")
_LONGEST = 700
"""Characters of one evidence sentence that the generator sees; the quote itself is whole."""


@cache
def _template() -> dict[str, str]:
    text = files("rag.answering").joinpath("prompt.txt").read_text(encoding="utf-8")
    sections: dict[str, str] = {}
    for block in text.split("\n== ")[1:]:
        name, _, body = block.partition(" ==\n")
        sections[name] = body.strip()
    return sections


def fingerprint() -> str:
    """Names the template by content."""
    text = files("rag.answering").joinpath("prompt.txt").read_bytes()
    return "prompt@" + hashlib.sha256(text).hexdigest()[:8]


def answer_prompt(question: str, evidence: Sequence[Evidence]) -> list[Message]:
    """Instructions, evidence grouped under its article's title and date, the question last."""
    template = _template()
    asked = f"{question} {template['parts']}" if has_parts(question) else question
    body = template["question"].format(evidence=_evidence_lines(evidence), question=asked)
    return [Message("system", template["instructions"]), Message("user", body)]


def retry_prompt(
    question: str, evidence: Sequence[Evidence], draft: str, missing: Sequence[str]
) -> list[Message]:
    """The same prompt with the failed answer and what in it no quote bears out."""
    again = _template()["retry"].format(missing=", ".join(missing))
    first = answer_prompt(question, evidence)
    return [*first, Message("assistant", draft), Message("user", again)]


def support_prompt(question: str, evidence: Sequence[Evidence]) -> list[Message]:
    """Ask, without showing the answer, whether the quotes alone answer the question.

    Asked so, a small model tells unanswerable questions far better than by refusing itself.
    """
    return _about_quotes("support", question, evidence)


def verdict_prompt(question: str, evidence: Sequence[Evidence]) -> list[Message]:
    """Put a yes/no question to the quotes alone, without showing the answer drafted."""
    return _about_quotes("verdict", question, evidence)


def _about_quotes(section: str, question: str, evidence: Sequence[Evidence]) -> list[Message]:
    first = evidence[0]
    setting = _one_line(first.document.title)
    quote = " ".join(item.quote[:_LONGEST] for item in evidence)
    if first.before:
        quote = f"{first.before[-_CONTEXT:]} {quote}"
    body = _template()[section].format(question=question, quote=quote, setting=setting)
    return [Message("user", body)]


def _evidence_lines(evidence: Sequence[Evidence]) -> str:
    lines: list[str] = []
    heading = ""
    for item in evidence:
        date = f" ({item.document.published})" if item.document.published else ""
        own = f"From “{_one_line(item.document.title)}”{date}:"
        if own != heading:
            heading = own
            lines.append(own)
        lines.append(f"{_unlabelled(item.quote[:_LONGEST])} [{item.label}]")
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return _unlabelled(" ".join(text.split()))[:120]


def _unlabelled(text: str) -> str:
    """What a document writes as a label stands in round brackets: ours are the only others."""
    return _LABEL.sub(r"(\1)", text)
