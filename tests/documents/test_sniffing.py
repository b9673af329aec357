"""Which format a file has."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.documents.sniffing import sniff
from rag.errors import ReadError
from tests.documents import fixtures

HEADERS = b"From: Mira <m@courier.example>\nDate: Tue, 3 Feb 2026 08:15:00 +0100\nSubject: Tides\n"


@pytest.mark.parametrize("name", sorted(fixtures.MAKERS))
def test_every_format_is_known(name: str, tmp_path: Path):
    data = fixtures.MAKERS[name](tmp_path / f"story.{name}").read_bytes()
    assert sniff(data, f"story.{name}") == name


@pytest.mark.parametrize(
    ("data", "name", "format_name"),
    [
        (b"<!DOCTYPE html><p>Tide", "a.txt", "html"),
        (b"\xef\xbb\xbf  <!-- saved --><html><p>Tide", "a.txt", "html"),
        ("<html><p>Tide".encode("utf-16"), "a.htm", "html"),
        (b"<p>One</p> <p>Two</p>", "a", "html"),
        (b"<Ahem> is not an element", "a.txt", "txt"),
        (b"Tide | tables", "a.html", "txt"),
        (HEADERS + b"\nText", "a.txt", "txt"),
        (HEADERS + b"Message-ID: <1@x>\n\nText", "a.txt", "eml"),
        (HEADERS + b"\nText", "a.eml", "eml"),
        (b"From m@x Tue Feb 3 2026\n" + HEADERS + b"\nText", "a.mbox", "eml"),
        (b"From here: the sea", "a.txt", "txt"),
        (b"a,b\n1,2\n", "a.csv", "csv"),
        (b"a,b\n1,2\n", "a.txt", "txt"),
        (b"# Tide", "a.md", "md"),
        (b"junk before\n%PDF-1.7", "a.bin", "pdf"),
    ],
)
def test_content_first_name_second(data: bytes, name: str, format_name: str):
    assert sniff(data, name) == format_name


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n", "not a document (PNG image)"),
        (b"\x1f\x8b\x08", "not a document (gzip archive, not unpacked)"),
        (b"7z\xbc\xaf\x27\x1c", "not a document (7z archive, not unpacked)"),
        (b"\x7fELF\x02", "not a document (program)"),
        (b"{\\rtf1 Tide}", "not a document (RTF, save it as DOCX)"),
        (b"<?xml version='1.0'?><feed/>", "not a document (XML that is not a page)"),
        (
            fixtures.zip_of(a=fixtures.zip_of(b=b"tide")),
            "not a document (zip archive, not unpacked)",
        ),
        (b"PK\x03\x04 and no more", "damaged archive"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99,
            "not a document (old Office file, save it as DOCX, PPTX or XLSX)",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_what_is_not_read_is_named(data: bytes, reason: str):
    with pytest.raises(ReadError) as raised:
        sniff(data, "a.docx")
    assert raised.value.reason == reason
