"""Numbered items of newsletters in mail form are articles; numbered points and sections are not."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from textwrap import fill

import pytest

from rag.documents import fold, read
from rag.types import SourceFile

TITLES = (
    "Velden opens a grain quay after two years",
    "Steel plate dearer for the third month",
    "Northern route loses three ferries in winter",
)
BODIES = (
    "The port of Velden opened its new grain quay on Monday after two years of work. Berths were "
    "fully booked until March (Quay News, May 3).",
    "Ostmark raised the price of steel plate by 4 percent for the third month in a row. Makers of "
    "tugs expect orders to be put off.",
    "Three of the eight ferries on the northern route will be laid up in winter. Unions called the "
    "plan a breach of the contract.",
)
OPENING = "Good morning,\n\nthis week's issue looks at grain, at steel and at the ferries.\n\n"
END = "\n\nYou receive this mail because you subscribed to it.\n"
CONTENTS = "In this issue:\n\n" + "\n".join(f"{n}. {t}" for n, t in enumerate(TITLES, 1)) + "\n\n\n"


def items(titles: tuple[str, ...] = TITLES, between: str = "\n\n", mark: str = "{}.") -> str:
    numbered = zip(titles, BODIES, strict=True)
    return "\n\n".join(
        f"{mark.format(number)} {title}{between}{fill(body, 74)}"
        for number, (title, body) in enumerate(numbered, 1)
    )


def mail(
    tmp_path: Path, text: str, subject: str = "Harbour Weekly", html: bool = False
) -> SourceFile:
    message = EmailMessage()
    message["From"] = "Harbour Weekly <weekly@velden.example>"
    message["Subject"] = subject
    message["Date"] = "Fri, 09 May 2025 07:00:00 +0200"
    message.set_content(text, subtype="html" if html else "plain")
    path = tmp_path / "a.eml"
    path.write_bytes(bytes(message))
    return read(path)


def check(source: SourceFile, titles: tuple[str, ...] = TITLES) -> None:
    found = source.documents[-3:]
    assert [one.title for one in found] == list(titles)
    assert all(one.author is None and one.outlet == "Harbour Weekly" for one in found)
    assert {one.published for one in found} == {"2025-05-09"}
    for document, body in zip(found, BODIES, strict=True):
        quotes = [fold(source.text[one.start : one.end]) for one in document.sentences]
        assert " ".join(quotes) == body


@pytest.mark.parametrize("between", ["\n\n", "\n"])
@pytest.mark.parametrize("mark", ["{}.", "({})", "[{}]", "{})"])
def test_numbered_headlines_of_a_newsletter_are_articles(tmp_path: Path, between: str, mark: str):
    source = mail(tmp_path, OPENING + items(between=between, mark=mark) + END)
    check(source)
    assert [one.title for one in source.documents[:-3]] == ["Harbour Weekly"]


def test_the_list_of_contents_holds_none(tmp_path: Path):
    titles = tuple(map(str.upper, TITLES))
    check(mail(tmp_path, OPENING + CONTENTS + items(titles) + END, "May, first half"), titles)


@pytest.mark.parametrize("tag", ["h2", "b"])
def test_the_same_in_a_page(tmp_path: Path, tag: str):
    body = "".join(
        f"<p><{tag}>{number}. {title}</{tag}></p><p>{text}</p>"
        for number, (title, text) in enumerate(zip(TITLES, BODIES, strict=True), 1)
    )
    check(mail(tmp_path, f"<html><body>{body}<p>{END}</p></body></html>", html=True))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Agenda for Monday", f"Three points for the meeting:\n\n{items()}\n"),  # no newsletter
        ("Quay digest", items(("Introduction", "The tide", "Conclusion"))),  # names of sections
        ("Quay digest", f"How it was built\n\n{BODIES[0]} {BODIES[1]}\n\n{items()}\n"),  # sections
        (
            "Quay digest",
            items().replace("\n\nOstmark", "\n\n1. Prices of tugs again\n\nOstmark", 1),
        ),
    ],
)
def test_other_numbered_headlines_are_sections(tmp_path: Path, subject: str, text: str):
    assert len(mail(tmp_path, text, subject).documents) == 1


def test_a_letter_of_a_persons_own_has_no_outlet(tmp_path: Path):
    path = tmp_path / "a.eml"
    mail(tmp_path, OPENING + items() + END)
    path.write_bytes(path.read_bytes().replace(b"From: Harbour Weekly", b"From: Ann Lee"))
    assert {one.outlet for one in read(path).documents} == {None}


def test_headlines_in_capitals_of_a_digest_that_cites_are_articles(tmp_path: Path):
    cited = [
        f"{body} It was told in the north [Sten Post, May {n}]." for n, body in enumerate(BODIES, 1)
    ]
    told = [
        f"{title.upper()}\n{fill(body, 74)}\n\n" for title, body in zip(TITLES, cited, strict=True)
    ]
    path = tmp_path / "a.txt"
    head = "THE COLD COAST BRIEF\nIssue 48 | 14 May 2025\n\n"
    path.write_text(f"{head}TOP STORY\n\n{told[0]}ENERGY\n\n{told[1]}{told[2]}", encoding="utf-8")
    titles = [one.title for one in read(path).documents]
    assert titles == [title.upper() for title in TITLES]
    path.write_text(path.read_text("utf-8").replace("[Sten Post", "[not so"), encoding="utf-8")
    assert len(read(path).documents) == 1
