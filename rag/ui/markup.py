"""Escaping, in one place: every piece of outside text passes through `safe`."""

from __future__ import annotations

import html
import re

from rag.ui.strings import say

# Bidirectional overrides can make a file name or a figure read backwards; zero-width marks can
# hide inside a name. They are shown as a sign instead.
_INVISIBLE = re.compile(
    "[\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_LINE_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")


def safe(text: object) -> str:
    """Outside text as HTML text or attribute value, invisible control characters shown as ⍰."""
    return html.escape(_INVISIBLE.sub("⍰", str(text)), quote=True)


def one_line(markup: str) -> str:
    """Markup without line breaks: inside one HTML block Markdown is never parsed."""
    return _LINE_BREAKS.sub(" ", markup)


def shorten(text: str, limit: int, keep_end: bool = False) -> str:
    """At most `limit` characters, with … where something was cut."""
    if len(text) <= limit:
        return text
    return "…" + text[-limit:] if keep_end else text[:limit] + "…"


def phrase(language: str, key: str, **values: object) -> str:
    """The page's own words for `key`, escaped."""
    return safe(say(language, key, **values))
