"""Files that cannot be read: each gives its reason, and damage gives no other error."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.documents import read, unread
from rag.documents.limits import Limits
from rag.documents.readers import extract
from rag.errors import ReadError
from tests.documents import fixtures


def cut(maker: Callable[[Path], Path], share: float) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        data = maker(path).read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        return path

    return make


def holding(data: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return make


def locked_pdf(path: Path) -> Path:
    return fixtures.make_pdf(path, password="tide")


def encrypted_epub(path: Path) -> Path:
    return fixtures.make_epub(path, encrypted=True)


def encrypted_mail() -> bytes:
    return fixtures.mail_message().as_bytes().replace(b"text/plain", b"application/pkcs7-mime", 1)


MOJIBAKE = "港务局星期二订购了三颗小型卫星".encode().decode("latin-1").encode()


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("a.txt", holding(b""), "empty"),
        ("a.txt", holding(b" \n\t\n"), "no text"),
        ("a.html", holding(b"<html><script>alert('tide')</script></html>"), "no text"),
        ("a.txt", holding(b"The tide\x00 is out"), "NUL bytes"),
        ("a.txt", holding(MOJIBAKE), "mojibake"),
        ("a.docx", holding(b"\x89PNG\r\n\x1a\n"), "not a document (PNG image)"),
        ("a.zip", holding(fixtures.zip_of(a=fixtures.zip_of())), "not a document (zip archive, not unpacked)"),
        ("a.html", holding(b"<p>Tide.</p>" + b"<div>" * 5000 + b"Out."), "nested too deep"),
        ("a.docx", cut(fixtures.make_docx, 0.6), "damaged archive"),
        ("a.xlsx", cut(fixtures.make_xlsx, 0.6), "damaged archive"),
        ("a.pdf", cut(fixtures.make_pdf, 0.1), "damaged or cut off pdf"),
        ("a.pdf", fixtures.make_scan, "no text layer (scanned?)"),
        ("a.pdf", locked_pdf, "encrypted"),
        ("a.docx", fixtures.make_locked_zip, "encrypted"),
        ("a.epub", encrypted_epub, "encrypted"),
        ("a.eml", holding(encrypted_mail()), "encrypted"),
        ("a.docx", fixtures.make_bomb, "zip bomb"),
    ],
)  # fmt: skip
def test_each_reason(name: str, make: Callable[[Path], Path], reason: str, tmp_path: Path):
    with pytest.raises(ReadError) as raised:
        extract(make(tmp_path / name))
    assert raised.value.reason == reason
    assert name in str(raised.value)


def test_a_file_above_the_limit_is_not_opened(tmp_path: Path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(1_000_000_000)
    with pytest.raises(ReadError) as raised:
        extract(path)
    assert raised.value.reason == "too large (1000 MB, limit 200 MB)"


def test_an_archive_of_too_many_or_too_large_parts_is_not_unpacked(tmp_path: Path):
    path = fixtures.make_docx(tmp_path / "a.docx")
    for limits in (Limits(members=3), Limits(unpacked_bytes=1000)):
        with pytest.raises(ReadError) as raised:
            extract(path, limits)
        assert raised.value.reason == "zip bomb"


def test_an_archive_that_lies_about_its_size_gives_no_more_than_it_says(tmp_path: Path):
    path = fixtures.make_bomb(tmp_path / "a.docx", megabytes=5)
    true_size, said = (5_000_000).to_bytes(4, "little"), (5_000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true_size, said))
    with pytest.raises(ReadError) as raised:
        extract(path)
    assert raised.value.reason == "damaged docx"


@pytest.mark.parametrize("path", ["", "gone.txt"])
def test_what_is_no_file_is_said(path: str, tmp_path: Path):
    with pytest.raises(ReadError) as raised:
        extract(tmp_path / path)
    assert raised.value.reason == ("no such file" if path else "not a file")


def test_links_in_a_circle_are_said_to_be(tmp_path: Path):
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(ReadError) as raised:
        extract(one)
    assert raised.value.reason == "a link that leads nowhere or in a circle"


def test_a_page_that_is_all_furniture_is_warned_of(tmp_path: Path):
    path = tmp_path / "links.html"
    path.write_text(
        "<nav><a href='a'>Home</a> <a href='b'>About us</a> <a href='c'>Press</a></nav>"
    )
    (said,) = unread(read(path))
    assert said.startswith("no sentence to search")
    path.write_text("<nav><a href='a'>Home</a></nav><p>The ferry leaves at nine.</p>")
    assert unread(read(path)) == ()


@pytest.mark.parametrize("name", sorted(fixtures.MAKERS))
def test_damaged_bytes_give_a_read_error_or_text(name: str, tmp_path: Path):
    path = tmp_path / f"story.{name}"
    whole = fixtures.MAKERS[name](path).read_bytes()
    chance = random.Random(name)
    for _ in range(60):
        path.write_bytes(damaged(whole, chance))
        try:
            found, _ = extract(path)
        except ReadError as error:
            assert error.reason
        else:
            for span in (*found.chrome, *found.headings, *found.articles, *found.pages):
                assert 0 <= span.start <= span.end <= len(found.text)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed, cut out, repeated or cut off."""
    broken = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(broken))
        kind = chance.randrange(4)
        if kind == 0:
            broken[at] = chance.randrange(256)
        elif kind == 1:
            del broken[at : at + chance.randrange(1, 40)]
        elif kind == 2:
            broken[at:at] = broken[at : at + chance.randrange(1, 200)]
        else:
            broken[at : at + 4] = chance.randbytes(4)
        broken = broken or bytearray(b"x")
    return bytes(
        broken[: chance.randrange(1, len(broken) + 1)] if chance.random() < 0.1 else broken
    )
