"""What a page, a terminal or a Markdown viewer would do with text: tags, addresses, control."""

from __future__ import annotations

import re
from html.parser import HTMLParser

TAGS = frozenset(
    [
        "a",
        "article",
        "b",
        "bdi",
        "blockquote",
        "br",
        "button",
        "cite",
        "code",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "em",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "header",
        "i",
        "li",
        "mark",
        "meta",
        "ol",
        "p",
        "q",
        "section",
        "small",
        "span",
        "strong",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "ul",
        "html",
        "head",
        "body",
        "main",
        "style",
        "pre",
    ]
)
"""What our own pages are made of. None of these fetches or runs anything by itself."""
FETCHING = frozenset(["src", "srcdoc", "action", "formaction", "style", "background", "poster"])
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\U000e0000-\U000e007f]"
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.problems.append(f"<{tag}>")
        for name, value in attrs:
            ours = name == "style" and value == "padding-left:2em"
            if name.startswith("on") or (name in FETCHING and not ours):
                self.problems.append(f"<{tag} {name}>")
            if name == "href" and not (value or "").startswith(("#", "file:///")):
                self.problems.append(f"<{tag} href={value!r}>")

    def handle_comment(self, data: str) -> None:
        self.problems.append(f"<!--{data[:20]}")


def in_html(markup: str) -> list[str]:
    """Tags and attributes that are not ours, foreign addresses, unseen characters."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.problems + [f"U+{ord(c):04X}" for c in UNSEEN.findall(markup)]


def in_markdown(text: str) -> list[str]:
    """Images, links and tags that a CommonMark viewer would make of it."""
    from markdown_it import MarkdownIt

    found = []
    for block in MarkdownIt("commonmark").parse(text):
        for token in [block, *(block.children or [])]:
            if token.type in ("html_block", "html_inline", "image", "link_open"):
                found.append(f"{token.type}: {token.content or token.attrs}")
    return found


def in_terminal(text: str) -> list[str]:
    """Characters that move the cursor, set a title or turn the reading direction."""
    return [f"U+{ord(c):04X}" for c in UNSEEN.findall(text)]
