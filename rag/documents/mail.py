"""Header blocks of mails inside running text, as in a digest or a printed thread."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents.lines import Line

_FIELD = re.compile(
    r"[>*_ ]{0,4}(?P<name>From|Sent|Date|To|Cc|Subject|Message|Message-ID|Reply-To"
    r"|Organization|Newsgroups"
    r"|发件人|发送时间|日期|时间|收件人|抄送|主题)\**\s?[:：]\s*(?P<value>.{0,300})"
)
_LONGEST = 320
_ENGLISH = {
    "发件人": "from",
    "发送时间": "date",
    "日期": "date",
    "时间": "date",
    "主题": "subject",
    "sent": "date",
}
_ADDRESS = re.compile(r"\s*[<(\[][^<>]*@[^<>]*[>)\]]\s*|\s*\[mailto:.*?\]|\s*<\S+ at \S+>")


def mark_headers(lines: Sequence[Line], kinds: list[str | None]) -> None:
    """Mark runs of header lines that hold a subject and a sender or date as "mail header"."""
    first = 0
    while first < len(lines):
        if not _may_be_header(lines[first].text):
            first += 1
            continue
        last = first
        names: set[str] = set()
        while last < len(lines) and (name := _name(lines[last])):
            if last > first and lines[last].gap:
                break
            names.add(name)
            last += 1
        if "subject" in names and names & {"from", "date"}:
            kinds[first:last] = ["mail header"] * (last - first)
        first = max(last, first + 1)


def header_fields(text: str) -> dict[str, str]:
    """Fields of a header block joined on one line, by their English names in lower case."""
    found = list(_JOINED.finditer(text))
    fields: dict[str, str] = {}
    for number, field in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        name = _english(field["name"])
        fields.setdefault(name, text[field.end() : end].strip(" *_"))
    if "from" in fields:
        fields["from"] = _ADDRESS.sub("", fields["from"]).strip(" \"'") or fields["from"]
    return {name: value for name, value in fields.items() if value}


_JOINED = re.compile(
    r"(?:^|(?<=\s))(?P<name>From|Sent|Date|To|Cc|Subject|Message|Message-ID|Reply-To"
    r"|Organization|Newsgroups"
    r"|发件人|发送时间|日期|时间|收件人|抄送|主题)\**\s?[:：]"
)


def _may_be_header(text: str) -> bool:
    return len(text) <= _LONGEST and (":" in text or "：" in text)


def _name(line: Line) -> str | None:
    if not _may_be_header(line.text):
        return None
    found = _FIELD.fullmatch(line.text)
    return _english(found["name"]) if found else None


def _english(name: str) -> str:
    return _ENGLISH.get(name.lower(), name.lower())
