"""The sources of an answer for reference managers: BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.types import Answer, Citation, StoredDocument

_TEX = {
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#",
    "%": "\\%", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
}  # fmt: skip
_SMALL_WORDS = frozenset({"a", "an", "the", "on", "of", "in", "how", "what", "why", "and"})


@dataclass(frozen=True, slots=True)
class Source:
    """A document with its quotes, as a reference manager sees it. `published` may be partial."""

    key: str
    title: str
    author: str | None
    outlet: str | None
    published: str | None
    url: str | None
    path: str
    quotes: tuple[str, ...]


def sources_of(answers: Iterable[Answer], documents: Sequence[StoredDocument]) -> list[Source]:
    """The documents that answers quote, each once, in the order of their first quote.

    Author and outlet come from the indexed document, where it is still there. Keys differ.
    """
    quotes: dict[tuple[str, str], list[Citation]] = {}
    for answer in answers:
        for row in answer.citations:
            quotes.setdefault((row.document, row.title), []).append(row)
    known = {(row.path, row.title): row for row in documents}
    found: list[Source] = []
    taken: set[str] = set()
    for place, rows in quotes.items():
        stored, first = known.get(place), rows[0]
        key = _free(_key(first.title, first.published), taken)
        taken.add(key)
        found.append(
            Source(
                key, first.title, stored.author if stored else None,
                stored.outlet if stored else None, first.published, first.url, first.document,
                tuple(dict.fromkeys(row.quote for row in rows)),
            )
        )  # fmt: skip
    return found


def as_bibtex(sources: Iterable[Source]) -> str:
    """Entries of BibLaTeX's type `article` where the outlet is known, else `misc`; UTF-8."""
    return "\n".join(_entry(row) for row in sources)


def as_csl(sources: Iterable[Source]) -> str:
    """CSL-JSON 1.0.2 as Zotero and citeproc read it."""
    return json.dumps([_item(row) for row in sources], ensure_ascii=False, indent=2) + "\n"


def _entry(row: Source) -> str:
    note = " ".join(f"“{quote}”" for quote in row.quotes)
    fields: Mapping[str, str | None] = {
        "title": f"{{{_tex(row.title)}}}",
        "author": f"{{{_tex(row.author)}}}" if row.author else None,
        "journaltitle": _tex(row.outlet) if row.outlet else None,
        "date": row.published,
        # biber takes an address literally, but for the braces that would end the field.
        "url": re.sub(r"[{}\\\s]", "", row.url) if row.url else None,
        "file": _tex(row.path),
        "annotation": _tex(note),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{'article' if row.outlet else 'misc'}{{{row.key},\n{body}}}\n"


def _item(row: Source) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": row.key,
        "type": "article-newspaper" if row.outlet else "document",
        "title": row.title,
    }
    if row.author:
        item["author"] = [{"literal": row.author}]
    if row.outlet:
        item["container-title"] = row.outlet
    if row.published:
        item["issued"] = {"date-parts": [[int(part) for part in row.published.split("-")]]}
    if row.url:
        item["URL"] = row.url
    item["note"] = " ".join(f"“{quote}”" for quote in row.quotes)
    return item


def _key(title: str, published: str | None) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _SMALL_WORDS]
    return "".join(words[:2])[:24] + (published or "")[:4] or "source"


def _free(key: str, taken: set[str]) -> str:
    number, candidate = 1, key
    while candidate in taken:
        number += 1
        candidate = f"{key}-{number}"
    return candidate


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)
