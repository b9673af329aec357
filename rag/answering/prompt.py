"""The prompt: one readable template, the instructions first so that their state can be kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from rag.answering.questions import has_parts
from rag.answering.stems import stem, stems
from rag.indexing.terms import question_terms
from rag.types import Evidence, Message

_CONTEXT = 200
_LABEL = re.compile(r"[\[［【]\s*([SsＳ]?\s*[-\d０-９]{1,3})\s*[\]］】]")
_REFERS = re.compile(
    r"\b(?:it|its|they|their|them|he|his|him|she|her|this|these|those|such|both)\b"
    r"|^The (?:company|firm|country|ministry|project|programme|program|agency|system|ship|"
    r"satellite|agreement|deal|report|figure|move|two|three|former|latter)\b|该|这|那|其|他|她|它",
    re.IGNORECASE,
)
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
    lines = _evidence_lines(question, evidence)
    body = template["question"].format(evidence=lines, question=asked)
    return [Message("system", template["instructions"]), Message("user", body)]


def retry_prompt(
    question: str, evidence: Sequence[Evidence], draft: str, missing: Sequence[str]
) -> list[Message]:
    """The same prompt with the failed answer and what in it no quote bears out."""
    again = _template()["retry"].format(missing=", ".join(missing))
    first = answer_prompt(question, evidence)
    return [*first, Message("assistant", draft), Message("user", again)]


def translation_prompt(question: str) -> list[Message]:
    """Have a question put in English."""
    return [Message("user", _template()["translation"].format(question=question))]


def judge_opening(question: str) -> str:
    """What stands before each text that is judged by itself; the same for all of a question."""
    return _template()["judge"].format(question=question) + "\n\n"


def judge_ending(item: Evidence, question: str = "", besides: Sequence[Evidence] = ()) -> str:
    """A sentence to be judged under its article and date, and after the sentence before it where
    it refers back to that, or where that has words of the question which it lacks itself.

    In the latter case not when the sentence before is one of those judged `besides`: what answers
    there would be taken for an answer here.
    """
    told = any(item.before.endswith(other.quote) for other in besides)
    needed = _REFERS.search(item.quote) or (not told and _adds(item, question))
    return f"{_heading(item)}\n{_led_in(item) if needed else _quote(item)}"


def _adds(item: Evidence, question: str) -> bool:
    asked = {stem(term) for term in question_terms(question)}
    return bool((asked & stems(item.before)) - stems(item.quote) - stems(item.document.title))


def _last_words(text: str) -> str:
    """The end of a text, from a word's beginning."""
    return text if len(text) <= _CONTEXT else text[-_CONTEXT:].split(" ", 1)[-1]


def _heading(item: Evidence) -> str:
    date = f" ({item.document.published})" if item.document.published else ""
    return f"From “{_one_line(item.document.title)}”{date}:"


def _quote(item: Evidence) -> str:
    return _unlabelled(item.quote[:_LONGEST])


def _led_in(item: Evidence) -> str:
    """The quote after what was said before it."""
    return _unlabelled(f"{_last_words(item.before)} {item.quote[:_LONGEST]}".lstrip())


def _evidence_lines(question: str, evidence: Sequence[Evidence]) -> str:
    """Sentences under their headings, each label at the end; what one refers back to before it,
    unless that is shown anyhow."""
    lines: list[str] = []
    heading = ""
    for item in evidence:
        own = _heading(item)
        if own != heading:
            heading = own
            lines.append(own)
        told = any(item.before.endswith(other.quote) for other in evidence)
        needed = not told and (_REFERS.search(item.quote) or _adds(item, question))
        lines.append(f"{_led_in(item) if needed else _quote(item)} [{item.label}]")
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return _unlabelled(" ".join(text.split()))[:120]


def _unlabelled(text: str) -> str:
    """What a document writes as a label stands in round brackets: ours are the only others."""
    return _LABEL.sub(r"(\1)", text)
