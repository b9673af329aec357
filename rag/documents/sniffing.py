"""Which format a file has: by its content first, by its name where content cannot tell."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from rag.errors import ReadError

HEAD = 4096
"""Bytes looked at for a format's marks."""

_FOREIGN = (
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"RIFF", "RIFF image, sound or film"),
    (b"II*\x00", "TIFF image"),
    (b"MM\x00*", "TIFF image"),
    (b"ID3", "MP3 sound"),
    (b"OggS", "Ogg sound or film"),
    (b"\x1aE\xdf\xa3", "Matroska film"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"\x1f\x8b", "gzip archive, not unpacked"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive, not unpacked"),
    (b"Rar!", "RAR archive, not unpacked"),
    (b"\xfd7zXZ", "xz archive, not unpacked"),
    (b"BZh", "bzip2 archive, not unpacked"),
    (b"\x28\xb5\x2f\xfd", "zstd archive, not unpacked"),
    (b"{\\rtf", "RTF, save it as DOCX"),
    (b"%!PS", "PostScript, save it as PDF"),
)
_OFFICE_PARTS = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "xlsx"),
    ("META-INF/container.xml", "epub"),
)
_HTML = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<article[\s>]|<meta\s[^>]*charset", re.I
)
_TAG = re.compile(rb"</?(?:p|div|h[1-6]|table|ul|ol|a|span|br)\b[^<>]*>", re.I)
_HEADER_LINE = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]|[ \t]+\S")
_MAIL_NAMES = frozenset(
    {b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to"}
)
_MAIL_SUFFIXES = frozenset({".eml", ".mht", ".mhtml", ".mbox", ".mbx"})
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})


def sniff(data: bytes, name: str) -> str:
    """The name of the reader for a file's bytes: "pdf", "docx", ..., "txt" when nothing else fits.

    Raises:
        ReadError: the content is of a known kind that is not read (an image, an archive, an old
            Office file, an encrypted one); the reason names it.
    """
    head = data[:HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _zipped(data, name)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _compound(data, name)
    for mark, kind in _FOREIGN:
        if head.startswith(mark):
            raise _unsupported(name, kind)
    if head[4:8] == b"ftyp":
        raise _unsupported(name, "MP4 sound or film")
    if head[257:262] == b"ustar":
        raise _unsupported(name, "tar archive, not unpacked")
    return _textual(head, name)


def _zipped(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            marked = "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            kind = archive.read("mimetype").decode("ascii", "replace") if marked else ""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ReadError(f"{name} is cut off or damaged: {error}.", "damaged archive") from error
    if "opendocument" in kind:
        raise _unsupported(name, "OpenDocument, save it as DOCX")
    for part, reader in _OFFICE_PARTS:
        if part in names:
            return reader
    raise _unsupported(name, "zip archive, not unpacked")


def _compound(data: bytes, name: str) -> ReadError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ReadError(f"{name} is protected by a password. Save it without one.", "encrypted")
    return _unsupported(name, "old Office file, save it as DOCX, PPTX or XLSX")


def _unsupported(name: str, kind: str) -> ReadError:
    return ReadError(f"{name} cannot be read: {kind}.", f"not a document ({kind})")


def _textual(head: bytes, name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    # The marks of text formats are ASCII, so NULs can be dropped to see through UTF-16.
    plain = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    plain = plain.replace(b"\x00", b"").lstrip()
    if suffix in _MARKDOWN_SUFFIXES:
        return "md"
    if _looks_like_mail(plain, suffix):
        return "eml"
    if plain.startswith(b"<"):
        if _HTML.search(plain) or len(_TAG.findall(plain)) >= 2:
            return "html"
        if plain.startswith(b"<?xml"):
            raise _unsupported(name, "XML that is not a page")
    if suffix in {".html", ".htm", ".xhtml"} and (_HTML.search(plain) or _TAG.search(plain)):
        return "html"
    if suffix in _TABLE_SUFFIXES:
        return "csv"
    return "txt"


def _looks_like_mail(plain: bytes, suffix: str) -> bool:
    """A header block as RFC 5322 has it: From, and what only mail software writes.

    A text that merely quotes "From: ... Date: ... Subject: ..." stays a text.
    """
    if plain.startswith(b"From ") and b"\n" in plain:
        plain = plain.split(b"\n", 1)[1]
    names = set()
    for line in plain.splitlines():
        match = _HEADER_LINE.match(line)
        if match is None:
            break
        if match[1]:
            names.add(match[1].lower())
    if suffix in _MAIL_SUFFIXES:
        return bool(names & {b"from", b"subject", b"date", b"content-type"} | names & _MAIL_NAMES)
    return b"from" in names and len(names) >= 3 and bool(names & _MAIL_NAMES)
