"""Mail as files (RFC 5322, MHTML, mbox) with the standard library's email package."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage
from email.utils import parseaddr

from rag.documents.encodings import decode
from rag.documents.extracted import ArticleMark, Extracted, Heading, Metadata
from rag.documents.people import PERSON
from rag.documents.readers.building import BETWEEN, joined
from rag.documents.readers.html_page import extract_tree, parse
from rag.documents.readers.stated_dates import stated_date
from rag.documents.readers.text_tables import tables_as_rows
from rag.errors import ReadError
from rag.types import Chrome

_NEXT_MAIL = re.compile(rb"(?m)^From [^\n]*\n(?=[A-Za-z][\w-]*:)")
_QUOTED = re.compile(r"(?m)^(?:>.*(?:\r?\n|$))+")
_FLAGGED = re.compile(r">{2,} [^\n]*")
"""One such line by itself is a headline: what it would answer is not there."""
_SIGNED = re.compile(r"(?m)^--(?P<space> ?)\r?\n")
_SENT_FOR = re.compile(
    rf"(?P<name>{PERSON})\s(?:from|at|of|via|@|[|·–—])\s(?P<letter>[^<>@]{{2,60}})"
)
"""A writer and the letter that is sent: "Ann Lee from Quay Letters"."""
_BLANK = re.compile(r"\n\s*\n")
_LONGEST_SIGNATURE = 1000
_DEEPEST = 5
"""How many mails a forwarded one may be inside of; what is deeper is not read."""
_STUB = 5
"""A plain part so many times shorter than the HTML's text only says to look at the other."""


def read(data: bytes, name: str) -> Extracted:
    """Read a mail, or a mailbox of several: subject as heading, then the text.

    The plain part is taken, or the HTML part when there is none worth reading. Quoted mails,
    signatures and the names of attachments are chrome; attachments are not opened. A mail that is
    forwarded as one, or is part of a digest, is an article of its own.

    Raises:
        ReadError: reason "encrypted" or "no text".
    """
    starts = [match.start() for match in _NEXT_MAIL.finditer(data)]
    if len(starts) < 2 or data[: starts[0]].strip():
        return _read_one(data, name)
    stops = [*starts[1:], len(data)]
    mails = []
    for start, end in zip(starts, stops, strict=True):
        try:
            mails.append(_marked(_read_one(data[start:end], name)))
        except ReadError as error:
            refused = error  # one that is encrypted; the others can be read
    if not mails:
        raise refused
    return joined(mails)


def _marked(mail: Extracted) -> Extracted:
    """A mail as one article, unless it is several already."""
    if len(mail.articles) > 1:
        return mail
    return replace(mail, articles=(ArticleMark(0, len(mail.text), mail.metadata),))


def _read_one(data: bytes, name: str) -> Extracted:
    if data.startswith(b"From "):
        data = data.split(b"\n", 1)[1]
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise ReadError(f"{name} is not a mail.", "damaged eml")
    return _read_message(message, name, 0)


def _read_message(message: EmailMessage, name: str, depth: int) -> Extracted:
    """A mail and, as articles after it, the mails in it; `depth` is how many it is inside of."""
    mail = _alone(message, name)
    inner = []
    for forwarded in _forwarded(message) if depth < _DEEPEST else []:
        try:
            inner.append(_read_message(forwarded, name, depth + 1))
        except ReadError:
            continue  # one that is encrypted; the mail around it can be read
    inner = [one for one in inner if one.text.strip()]
    return joined([_marked(mail), *map(_marked, inner)]) if inner else mail


def _alone(message: EmailMessage, name: str) -> Extracted:
    if message.get_content_type() in {"multipart/encrypted", "application/pkcs7-mime"}:
        raise ReadError(f"{name} is an encrypted mail. Save it decrypted.", "encrypted")
    if message.get("Snapshot-Content-Location"):
        return _saved_page(message, name)
    metadata = _metadata(message)
    parts = [_body(message, name)]
    if metadata.title:
        heading = Heading(0, len(metadata.title), 1)
        parts.insert(0, Extracted(metadata.title, "eml", headings=(heading,)))
    names = _attachments(message)
    if names:
        line = f"Attachments, not read: {', '.join(names)}."
        parts.append(Extracted(line, "eml", chrome=(Chrome(0, len(line), "attachments"),)))
    return replace(joined(parts), metadata=metadata)


def _saved_page(message: EmailMessage, name: str) -> Extracted:
    """A page that a browser saved as MHTML: the address it came from is in its header."""
    _, rich = _parts(message)
    if not rich:
        raise ReadError(f"{name} holds no page.", "no text")
    page = _page(rich[0], name, "mhtml")
    url = page.metadata.url or str(message["Snapshot-Content-Location"])
    found = {**page.metadata.found, "url": "metadata"}
    return replace(page, metadata=replace(page.metadata, url=url, found=found))


def _metadata(message: EmailMessage) -> Metadata:
    display, address = parseaddr(_header(message, "From"))
    letter = _SENT_FOR.fullmatch(display)
    values = {
        "title": _header(message, "Subject") or None,
        "author": (letter["name"] if letter else display) or address or None,
        "outlet": letter["letter"] if letter else None,
        "published": stated_date(_header(message, "Date")),
    }
    return Metadata(**values, found={key: "mail header" for key, value in values.items() if value})


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""  # the parser of structured headers fails on some malformed ones


def _body(message: EmailMessage, name: str) -> Extracted:
    plain, rich = _parts(message)
    page = joined([_page(part, name, "eml") for part in rich]) if rich else None
    texts = [
        decode(data, name, part.get_content_charset()).text.strip()
        for part in plain
        if (data := _payload(part)).strip()
    ]
    text = BETWEEN.join(texts)
    if text and (page is None or len(text) * _STUB > len(page.text)):
        text, rows = tables_as_rows(text)
        return Extracted(text, "eml", chrome=tuple(_quoted(text)), wrapped=True, rows=rows)
    return page or Extracted("", "eml")


def _page(part: EmailMessage, name: str, format_name: str) -> Extracted:
    return extract_tree(parse(_payload(part), name, part.get_content_charset()), format_name)


def _parts(message: EmailMessage) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """The plain and the HTML parts, which a picture may part; attached and forwarded ones not."""
    plain: list[EmailMessage] = []
    rich: list[EmailMessage] = []
    pending = [message]
    while pending:
        part = pending.pop(0)
        if part.get_content_maintype() == "multipart":
            payload = part.get_payload()
            if isinstance(payload, list):
                pending[:0] = [child for child in payload if isinstance(child, EmailMessage)]
        elif part.get_content_disposition() == "attachment":
            continue
        elif part.get_content_type() == "text/plain" and not (plain and part.get_filename()):
            plain.append(part)
        elif part.get_content_type() == "text/html" and not (rich and part.get_filename()):
            rich.append(part)
    return plain, rich


def _forwarded(message: EmailMessage) -> list[EmailMessage]:
    """The mails that are parts of a mail, those inside of these left out."""
    found: list[EmailMessage] = []
    pending = [message]
    while pending:
        part = pending.pop(0)
        payload = part.get_payload()
        if not isinstance(payload, list):
            continue
        children = [child for child in payload if isinstance(child, EmailMessage)]
        if part.get_content_type() == "message/rfc822" and part is not message:
            found += children[:1]
        else:
            pending[:0] = children
    return found


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _quoted(text: str) -> list[Chrome]:
    spans = [
        Chrome(found.start(), found.start() + len(found[0].rstrip()), "quoted mail")
        for found in _QUOTED.finditer(text)
        if not _FLAGGED.fullmatch(found[0].strip())
    ]
    start = _signature(text)
    if start is not None:
        spans = [span for span in spans if span.end <= start]
        spans.append(Chrome(start, len(text), "signature"))
    return spans


def _signature(text: str) -> int | None:
    """Where the signature begins, if there is one: below two dashes and a space.

    Without the space two dashes are a ruled line when a blank line follows somewhere.
    """
    for found in _SIGNED.finditer(text, max(0, len(text) - _LONGEST_SIGNATURE)):
        if found["space"] or not _BLANK.search(text, found.end() - 1):
            return found.start()
    return None


def _attachments(message: EmailMessage) -> list[str]:
    names = (part.get_filename() for part in message.walk() if part is not message)
    return [" ".join(str(name).split()) for name in names if name]
