"""Data to stdout, chatter to stderr; answers laid out for a terminal."""

from __future__ import annotations

import re
import sys
import textwrap

from rag.types import Answer, Citation

_WIDTH = 96


# Escape sequences move the cursor, set titles and hide text; the rest turns or hides characters.
# The six colours of `rag inspect` pass.
_CONTROL = re.compile(
    r"\x1b(?!\[(?:0|1|33|36|90|1;36)m)"
    "|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\U000e0000-\U000e007f]"
)


def say(text: str) -> None:
    """Chatter: to stderr. What a document, title or file name could drive a terminal with is ⍰."""
    print(_CONTROL.sub("⍰", text), file=sys.stderr, flush=True)


def put(text: str) -> None:
    """Data: to stdout, as it is for a program, without control characters on a terminal."""
    print(_CONTROL.sub("⍰", text) if sys.stdout.isatty() else text, flush=True)


class Line:
    """One line of progress that overwrites itself on a terminal and is left out elsewhere."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._length = 0

    def show(self, text: str) -> None:
        if self._live:
            shown = _CONTROL.sub("⍰", text).ljust(self._length)[:_WIDTH]
            print("\r" + shown, end="", file=sys.stderr, flush=True)
            self._length = len(text)

    def end(self) -> None:
        if self._live and self._length:
            print(file=sys.stderr)
            self._length = 0


def bar(done: int, total: int, width: int = 24) -> str:
    """A bar such as "[######------]"."""
    filled = width * done // total if total else width
    return "[" + "#" * filled + "-" * (width - filled) + "]"


def answer_text(answer: Answer) -> str:
    """The answer with markers, below it each quote with its place; a refusal with the nearest."""
    lines = []
    if answer.understood:
        lines += [f"(understood as: {answer.understood})", ""]
    lines += [textwrap.fill(answer.text, _WIDTH), ""]
    for conflict in answer.conflicts:
        numbers = " and ".join(f"[{number}]" for number in conflict.citations)
        lines += [f"The documents disagree: see {numbers}.", ""]
    if answer.state == "abstained" and answer.nearest:
        lines.append("What comes closest:")
    for citation in answer.citations or answer.nearest:
        lines += citation_lines(citation)
    return "\n".join(lines).rstrip()


def citation_lines(citation: Citation) -> list[str]:
    """The quote, then title, date, file, page and position."""
    quote = textwrap.fill(
        f"[{citation.number}] “{citation.quote}”", _WIDTH, subsequent_indent="    "
    )
    page = f", page {citation.page}" if citation.page else ""
    place = f"{citation.document}{page}, characters {citation.start}-{citation.end}"
    about = " · ".join(
        part for part in (citation.title, citation.published, citation.attribution) if part
    )
    also = [f"    also in {other}" for other in citation.also_in]
    return [quote, f"    {about}", f"    {place}", *also, ""]
