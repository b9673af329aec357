"""What a page says of itself: JSON-LD, Open Graph, meta elements, <time>, bylines. No guesses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rag.documents.bylines import byline
from rag.documents.dates import complete
from rag.documents.extracted import Metadata
from rag.documents.readers.html_table import cell_text
from rag.documents.readers.stated_dates import stated_date

_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "byl")
_DATES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "citation_publication_date",
    "pubdate",
    "publishdate",
    "parsely-pub-date",
)
_OUTLETS = ("og:site_name", "application-name", "citation_journal_title", "dc.publisher")
_DATE_NAME = re.compile(
    r"\b(?:publish(?:ed)?[-_]?(?:time|date|on)|pub[-_]?(?:time|date)"
    r"|(?:post|entry|article|story|news)[-_]{1,2}(?:date|published))\b|(?<![\w-])date(?![\w-])",
    re.IGNORECASE,
)
_LONGEST = 300
_MOST_NODES = 2000


@dataclass(slots=True)
class _Facts:
    """Fields in order of trust: what is set first stays."""

    values: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, value: object, how: str) -> None:
        if key in self.values or not isinstance(value, str):
            return
        text = stated_date(value) if key == "published" else " ".join(value.split())
        if not text or len(text) > (2000 if key == "url" else _LONGEST):
            return
        if key == "author" and text.startswith(("http://", "https://")):
            return
        if key == "url" and not text.startswith(("http://", "https://")):
            return
        self.values[key] = text
        self.found[key] = how

    def metadata(self) -> Metadata:
        return Metadata(**self.values, found=self.found)


def page_metadata(root: Any) -> Metadata:
    """The metadata of a whole page; each field from the most explicit place that has it."""
    facts = _Facts()
    for thing in _json_ld(root):
        _add_json_ld(facts, thing)
    metas = _metas(root)
    for key, names in (
        ("title", _TITLES),
        ("author", _AUTHORS),
        ("published", _DATES),
        ("outlet", _OUTLETS),
    ):
        for name in names:
            facts.add(key, metas.get(name), "metadata")
    for link in root.iter("link"):
        if "canonical" in link.get("rel", "").lower().split():
            facts.add("url", link.get("href"), "metadata")
    facts.add("url", metas.get("og:url"), "metadata")
    heads = list(root.iter("h1"))
    if len(heads) == 1:
        facts.add("title", cell_text(heads[0]), "heading")
    _add_title(facts, root)
    times = [time for time in root.iter("time") if time.get("datetime")]
    if len({stated_date(time.get("datetime")) for time in times}) == 1:
        facts.add("published", times[0].get("datetime"), "time element")
    _add_marked_date(facts, root)
    _add_byline(facts, root)
    facts.add("language", root.get("lang") or metas.get("content-language"), "metadata")
    return facts.metadata()


def article_metadata(article: Any, root: Any) -> Metadata:
    """The metadata of one <article> among several: its own heading, time, byline and link."""
    facts = _Facts()
    for heading in article.iter("h1", "h2", "h3"):
        facts.add("title", cell_text(heading), "heading")
        for link in heading.iter("a"):
            facts.add("url", link.get("href"), "link")
        for link in heading.iterancestors("a"):
            facts.add("url", link.get("href"), "link")
    for time in article.iter("time"):
        facts.add("published", time.get("datetime") or cell_text(time), "time element")
    _add_byline(facts, article)
    facts.add("outlet", _metas(root).get("og:site_name"), "metadata")
    facts.add("language", article.get("lang") or root.get("lang"), "metadata")
    return facts.metadata()


def _add_title(facts: _Facts, root: Any) -> None:
    for title in root.iter("title"):
        text = " ".join((title.text or "").split())
        outlet = facts.values.get("outlet", "")
        for mark in (" | ", " - ", " – ", " — ", " · ", "_"):
            if outlet and text.endswith(mark + outlet):
                text = text.removesuffix(mark + outlet)
        facts.add("title", text, "page title")


def _add_marked_date(facts: _Facts, root: Any) -> None:
    """The one date among the elements that the page's makers named after it."""
    marked = root.xpath(
        ".//*[contains(@id, 'pub') or contains(@class, 'pub') or contains(@class, 'date')]"
    )
    named = [one for one in marked if _DATE_NAME.search(f"{one.get('id')} {one.get('class')}")]
    texts = [text for one in named[:20] if len(text := cell_text(one)) <= 60]
    days = {day for day in (complete(text, None) for text in texts) if day and len(day) == 10}
    if len(days) == 1:
        facts.add("published", days.pop(), "date element")


def _add_byline(facts: _Facts, root: Any) -> None:
    marked = root.xpath(
        ".//a[contains(concat(' ', @rel, ' '), ' author ')]"
        " | .//*[@itemprop='author' or contains(concat(' ', @class, ' '), ' byline ')"
        " or contains(concat(' ', @class, ' '), ' author ')"
        " or contains(concat(' ', @class, ' '), ' author-name ')]"
    )
    for element in marked[:20]:
        text = element.get("content") or cell_text(element)
        signed = byline(text)
        text = signed[0] if signed else text[3:] if text[:3].lower() == "by " else text
        if 2 < len(text) <= 100 and not re.search(r"\d", text):
            facts.add("author", text, "byline")


def _metas(root: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (
            meta.get("property")
            or meta.get("name")
            or meta.get("itemprop")
            or meta.get("http-equiv")
        )
        content = meta.get("content")
        if name and content:
            metas.setdefault(name.lower(), content)
    return metas


def _json_ld(root: Any) -> Iterator[dict[str, Any]]:
    """The written works that a page's JSON-LD describes; what does not parse is passed over."""
    for script in root.iter("script"):
        if script.get("type", "").lower() != "application/ld+json" or not script.text:
            continue
        try:
            pending: list[Any] = [json.loads(script.text, strict=False)]
        except (ValueError, RecursionError):
            continue  # pages often carry broken JSON-LD; their meta elements still count
        seen = 0
        while pending and seen < _MOST_NODES:
            seen += 1
            node = pending.pop(0)
            if isinstance(node, list):
                pending.extend(node)
            elif isinstance(node, dict):
                if "headline" in node or "datePublished" in node:
                    yield node
                pending.extend(node.get(key) for key in ("@graph", "mainEntity") if key in node)


def _add_json_ld(facts: _Facts, thing: dict[str, Any]) -> None:
    facts.add("title", thing.get("headline"), "metadata")
    facts.add("published", thing.get("datePublished"), "metadata")
    facts.add("author", _names(thing.get("author")), "metadata")
    facts.add("outlet", _names(thing.get("publisher")), "metadata")
    facts.add("url", thing.get("url"), "metadata")


def _names(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _names(value.get("name"))
    if isinstance(value, list):
        return ", ".join(name for name in map(_names, value) if name) or None
    return None
