"""Mail: which part is read, what is furniture, several mails in one file, pages saved as mail."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

import pytest

from rag import documents
from rag.documents import fold
from rag.documents.readers.mail import read
from rag.documents.readers.stated_dates import stated_date
from tests.documents import fixtures


def test_a_mail_with_an_attachment():
    message = fixtures.mail_message()
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="tides.pdf")
    found = read(bytes(message), "a.eml")
    kinds = {fold(found.text[span.start : span.end]): span.kind for span in found.chrome}
    assert kinds == {
        "> Please send the text by noon.": "quoted mail",
        "-- Mira, Coast Courier": "signature",
        "Attachments, not read: tides.pdf.": "attachments",
    }
    assert found.text.startswith(fixtures.TITLE + "\n\n" + fixtures.FIRST[0])
    assert [(head.start, head.end) for head in found.headings] == [(0, len(fixtures.TITLE))]
    assert (found.metadata.author, found.metadata.published) == (fixtures.AUTHOR, "2026-02-03")


def test_the_html_part_is_read_when_the_plain_one_is_a_stub():
    message = EmailMessage()
    message["Subject"] = "Tides"
    message["From"] = "m@courier.example"
    message.set_content("See the page.")
    message.add_alternative(fixtures.html_text(), subtype="html")
    found = read(bytes(message), "a.eml")
    assert "See the page." not in found.text
    assert fixtures.ROWS[0] in found.text
    assert "menu" in {span.kind for span in found.chrome}
    assert found.metadata.author == "m@courier.example"


def test_a_mailbox_is_several_articles():
    first, second = fixtures.mail_message(), fixtures.mail_message()
    second.replace_header("Subject", "Second tide")
    box = b"".join(
        b"From m@x Tue Feb  3 08:15:00 2026\n" + bytes(message) + b"\n"
        for message in (first, second)
    )
    found = read(box, "a.mbox")
    assert [mark.metadata.title for mark in found.articles] == [fixtures.TITLE, "Second tide"]
    mark = found.articles[1]
    assert found.text[mark.start : mark.end].startswith("Second tide\n\n")


def test_a_page_saved_as_mhtml_keeps_its_address():
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://courier.example/saved"
    message.set_content("<html><p>The tide turns.</p></html>", subtype="html")
    found = read(bytes(message), "a.mhtml")
    assert (found.format, found.text) == ("mhtml", "The tide turns.")
    assert found.metadata.url == "https://courier.example/saved"


def test_text_on_both_sides_of_a_picture_is_read():
    message = EmailMessage()
    message["Subject"] = "Tides"
    message.set_content("The tide turns at noon.")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="tide.png")
    last = EmailMessage()
    last.set_content("It turns again at six.")
    message.attach(last)
    text = read(bytes(message), "a.eml").text
    assert text.startswith("Tides\n\nThe tide turns at noon.\n\nIt turns again at six.")


def test_a_page_is_decoded_as_its_mail_says():
    head = b"Subject: x\nContent-Type: text/html; charset=windows-1251\n"
    page = "<p>Прилив в полдень.</p>".encode("cp1251")
    found = read(head + b"Content-Transfer-Encoding: 8bit\n\n" + page, "a.eml")
    assert found.text == "x\n\nПрилив в полдень."


def test_one_encrypted_mail_does_not_cost_the_mailbox():
    secret = b"Subject: s\nContent-Type: application/pkcs7-mime\n\nx\n"
    mails = [bytes(fixtures.mail_message()), secret]
    box = b"".join(b"From m@x Tue Feb  3 08:15:00 2026\n" + mail + b"\n" for mail in mails)
    assert fixtures.FIRST[0] in read(box, "a.mbox").text


@pytest.mark.parametrize(
    ("tail", "kinds"),
    [
        ("-- \nMira\n\nCoast Courier", ["signature"]),
        ("--\nMira\nCoast Courier", ["signature"]),
        ("--\n\nThe ebb is next.\n\n--\n\nIt is low.", []),
    ],
)
def test_a_ruled_line_is_no_signature(tail, kinds):
    message = EmailMessage()
    message["Subject"] = "Tides"
    message.set_content("The tide turns at noon.\n" + tail)
    assert [span.kind for span in read(bytes(message), "a.eml").chrome] == kinds


def test_an_unknown_charset_and_a_bad_date_cost_nothing():
    data = (
        b"From: m@x\nMessage-ID: <1>\nDate: soon\nSubject: =?x-none?B?zzz?=\n"
        b"Content-Type: text/plain; charset=x-none\nContent-Transfer-Encoding: 8bit\n\n"
    ) + fixtures.HAN[0].encode("gb18030")
    found = read(data, "a.eml")
    assert found.text.endswith(fixtures.HAN[0])
    assert found.metadata.published is None


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("2026-02-03T08:15:00+01:00", "2026-02-03"),
        ("2026-02", "2026-02"),
        ("2026", "2026"),
        ("2026/2/3", "2026-02-03"),
        ("20260203", "2026-02-03"),
        ("D:20260203081500+01'00'", "2026-02-03"),
        ("Tue, 03 Feb 2026 08:15:00 +0100", "2026-02-03"),
        ("February 3rd, 2026", "2026-02-03"),
        ("3 Feb 2026", "2026-02-03"),
        ("Feb. 2026", "2026-02"),
        ("2026-02-31", None),
        ("0001-01-01", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_stated_dates(stated: object, iso: str | None):
    assert stated_date(stated) == iso


def test_the_fixture_is_a_mail():
    message = email.message_from_bytes(bytes(fixtures.mail_message()), policy=email.policy.default)
    assert message["Subject"] == fixtures.TITLE


def test_a_mail_forwarded_as_one_is_an_article_of_its_own(tmp_path):
    outer = EmailMessage()
    outer["From"] = "Ann Lee <ann@example.org>"
    outer["Subject"] = "Fwd: the tugs"
    outer["Date"] = "Mon, 3 Mar 2025 10:00:00 +0100"
    outer.set_content("See below. It matters to all of us on the quay.")
    inner = EmailMessage()
    inner["From"] = "Omar Roy <omar@example.org>"
    inner["Subject"] = "The tugs"
    inner["Date"] = "Sun, 2 Mar 2025 09:00:00 +0100"
    inner.set_content("Nine tugs are left. Three of them leak.")
    outer.add_attachment(inner)
    path = tmp_path / "fwd.eml"
    path.write_bytes(outer.as_bytes())
    source = documents.read(path)
    assert [(one.title, one.author, one.published) for one in source.documents] == [
        ("Fwd: the tugs", "Ann Lee", "2025-03-03"),
        ("The tugs", "Omar Roy", "2025-03-02"),
    ]
    quotes = [[source.text[s.start : s.end] for s in one.sentences] for one in source.documents]
    assert quotes[1] == ["Nine tugs are left.", "Three of them leak."]
