"""What HTML elements are: blocks, without text, page furniture by their tag, role or class."""

from __future__ import annotations

import itertools
import re
from typing import Any

from rag.documents.lines import written_width
from rag.documents.readers.building import raised


def words(text: str) -> frozenset[str]:
    """A set of names written as one text."""
    return frozenset(text.split())


BLOCKS = words(
    "address article aside blockquote body button caption center dd details dialog div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html label legend "
    "li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul"
)
DROPPED = words(
    "script style noscript template head iframe object embed canvas video audio svg select "
    "datalist textarea map area input"
)
"""Elements whose text nobody reads on the page."""

_TAGS = {
    "nav": "menu",
    "menu": "menu",
    "header": "header",
    "footer": "footer",
    "aside": "aside",
    "form": "form",
    "button": "form",
    "dialog": "notice",
    "search": "form",
}
_ROLES = {
    "navigation": "menu",
    "menu": "menu",
    "menubar": "menu",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "dialog": "notice",
    "alertdialog": "notice",
}
_HINTS = {
    "menu": "nav navbar navigation menu submenu breadcrumb breadcrumbs toc catlinks tags taglist "
    "taglinks postlabels entryutility postmetadata "
    "pagination pager navbox topnav subnav",
    "aside": "sidebar widgetarea",
    "footer": "footer colophon",
    "share": "share sharing sharedaddy addtoany addthis social socials",
    "comments": "comment comments commentlist respond disqus",
    "related": "related recommended recommendations readmore",
    "advert": "ad ads advert advertisement adsbygoogle sponsored promo",
    "notice": "cookie cookies consent gdpr modal popup",
    "form": "newsletter subscribe subscription signup login",
}
_HINTED = {word: kind for kind, words in _HINTS.items() for word in words.split()}
_HINTABLE = words("div section ul ol p span table td dl aside figure")
_MORE = re.compile(
    r"\W*(?:continue reading|read (?:more|on)|(?:read )?(?:the )?full (?:story|article)|more"
    r"|阅读全文)\b.{0,60}",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_MORE = 90
_PROSE = 150
_COMMENT = words("comment comment-body comment-content comment-item comment-entry")
_HELD = frozenset(("article", "main", "h1"))
_PERMALINKS = frozenset({"¶", "#", "§", "🔗"})
_STATEMENT = re.compile(
    r"[;{}]\s*$|^\s*(?:[$#%>]\s|>>>|//|/\*|<[/!\w]|def |class |import |from \w+ import|return\b)"
    r"|\w\(.*\)\s*:?\s*$|^\s*[\w.\[\]]+ ?[:+-]?= ?\S"
)
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.I)
_INVISIBLE = re.compile(r"visibility\s*:\s*hidden", re.I)
_SHOWN_LATER = 300
"""Columns of text in paragraphs from which on an invisible element is the page's own text."""


def chrome_kind(element: Any) -> tuple[str, bool] | None:
    """The kind of page furniture an element is, and whether only its class says so.

    An element that holds an article, the main part or the page's title is none, whatever it is
    called. Class names count by their first and last word: "site-footer", "share-buttons".
    """
    tag = element.tag
    kind = _TAGS.get(tag) or _ROLES.get(element.get("role", ""))
    hinted = None
    if kind is None and tag in _HINTABLE:
        # An identifier is often made from a heading's words, so it counts only as a whole.
        hinted = _hint(element.get("class", "")) or _HINTED.get(element.get("id", "").lower())
    if kind is None and hinted is None:
        return None
    if next(element.iter(*(_HELD - {"h1"} if tag == "nav" else _HELD)), None) is not None:
        return None  # but a list of contents has its own title
    if hinted and hinted != "comments" and _has_prose(element):
        return None
    if tag in {"header", "footer"} and _inside(element, {"blockquote", "figure"}):
        return None  # the source line of a quotation
    if tag == "header" and _inside(element, {"article"}):
        return None  # an article's title and byline
    if tag == "form" and sum(1 for _ in element.iter("p")) > 5:
        return None  # a form wrapped around a whole page
    return (kind, False) if kind else (hinted or "", True)


def _has_prose(element: Any) -> bool:
    """Three paragraphs of some length: whatever its class says, somebody wrote this to be read."""
    long = (True for p in element.iter("p") if len("".join(p.itertext())) > _PROSE)
    return sum(itertools.islice(long, 3)) == 3


def is_more_link(element: Any) -> bool:
    """Whether a link only says to read on elsewhere; it stands behind the last sentence."""
    text = "".join(element.itertext()) if element.tag == "a" else ""
    return len(text) <= _LONGEST_MORE and _MORE.fullmatch(text) is not None


def is_comment(element: Any) -> bool:
    """Whether an <article> is what a reader wrote below one, as WordPress sets each of them."""
    return element.tag == "article" and not _COMMENT.isdisjoint(element.get("class", "").split())


def is_permalink(element: Any) -> bool:
    """The mark beside a heading that links to the heading itself."""
    return (element.text or "").strip() in _PERMALINKS and element.get("href", "").startswith("#")


def _hint(names: str) -> str | None:
    for name in names.lower().split():
        words = [word for word in re.split(r"[-_]+", name) if word]
        for word in (*words[:1], *words[-1:], "".join(words)):
            if word in _HINTED:
                return _HINTED[word]
    return None


def _inside(element: Any, tags: set[str]) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def is_hidden(element: Any) -> bool:
    """Whether the page says that the element is not shown."""
    attributes = element.attrib
    if not attributes or element.tag in {"body", "html"}:
        return False
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool("style" in attributes and _NO_DISPLAY.search(attributes["style"]))
        or bool("style" in attributes and _is_invisible(element))
    )


def _is_invisible(element: Any) -> bool:
    """Whether the page makes an element invisible for good, and not until a script has run.

    A saved page keeps its whole text invisible where a script was to show it.
    """
    if not _INVISIBLE.search(element.get("style", "")):
        return False
    held = sum(written_width("".join(one.itertext())) for one in element.iter("p", "section"))
    return held < _SHOWN_LATER


def is_code(text: str) -> bool:
    """Whether preformatted text is a program: a third of its lines look like statements."""
    lines = [line for line in text.splitlines() if line.strip()]
    return 3 * sum(_STATEMENT.search(line) is not None for line in lines) >= max(len(lines), 1)


def superscript(element: Any) -> str:
    """A raised text: a note's mark in brackets, an exponent as raised digits."""
    text = " ".join("".join(element.itertext()).split())
    linked = next(element.iter("a"), None) is not None or _inside(element, {"a"})
    if linked and re.fullmatch(r"\d{1,3}|[*†‡]", text):
        return f"[{text}]"
    return raised(text)
