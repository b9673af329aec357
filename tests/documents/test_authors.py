"""Authors without a "by", and speakers without a name."""

import pytest

from rag.documents.attributions import find_attributions
from rag.documents.extracted import Extracted, Metadata
from rag.documents.people import are_people, names_of
from rag.documents.reading import structure

BODY = "The dam at Velden holds. It was raised by four metres last year, and paid for twice.\n"


def read(text, metadata=None):
    extracted = Extracted(text, "txt", metadata or Metadata(), wrapped=True)
    return structure(extracted, "dam.txt", "0").documents


@pytest.mark.parametrize(
    "text", ["Ann Lee", "Ann Lee and Jan de Vries", "Inês Carvalho, Le Thu Ha", "J. R. Moe"]
)
def test_names_of_people(text):
    assert are_people(text)


@pytest.mark.parametrize(
    "text", ["Ann", "World News", "Nordwerk ASA", "Harbour Council", "Ann Lee writes", "ann lee"]
)
def test_what_is_no_name_of_people(text):
    assert not are_people(text)


def test_a_line_of_names_loses_its_marks():
    assert names_of("Le Thu Ha*            Benedikt Roth†") == "Le Thu Ha, Benedikt Roth"
    assert names_of("Ruth Anand reports from Port Amity") == "Ruth Anand"


@pytest.mark.parametrize(
    ("below", "author"),
    [
        ("Ann Lee\n3 May 2025\n\n" + BODY, "Ann Lee"),
        ("Ann Lee\n\n" + BODY + "\nAnn Lee is an engineer in Velden.\n", "Ann Lee"),
        ("Ann Lee*\n\n" + BODY, "Ann Lee"),
        ("Ann Lee\n\n" + BODY, None),
        ("Ann Lee\n\nAnn Lee is an engineer. " + BODY, None),
    ],
)
def test_names_alone_are_the_author_where_something_bears_them_out(below, author):
    (document,) = read("The Dam That Was Paid For Twice\n\n" + below)
    assert document.author == author


def test_who_wrote_all_of_it_is_told_by_a_note():
    (document,) = read(f"The Dam That Holds\n\n{BODY}\nDam Notes is written by Ann Lee.\n")
    assert (document.author, document.found["author"]) == ("Ann Lee", "note on the author")


@pytest.mark.parametrize(
    "note",
    [
        "The novel Emma was written by Jane Austen in 1815.",
        "The song is written by Jane Austen.",
    ],
)
def test_who_wrote_what_is_told_of_is_not_the_author(note):
    (document,) = read(f"The Dam That Holds\n\n{BODY}\n{note}\n")
    assert document.author is None


@pytest.mark.parametrize(
    "opening",
    [
        "By Monday, the dam was closed.",
        "By April, Velden had lost 30 boats.",
        "By Christmas in Velden the price of cod had doubled.",
    ],
)
def test_a_sentence_that_begins_with_by_is_no_byline(opening):
    source = structure(
        Extracted(f"The Dam That Holds\n\n{opening}\n\n{BODY}", "txt", wrapped=True), "a", "0"
    )
    (document,) = source.documents
    first = document.sentences[0]
    assert (document.author, source.text[first.start : first.end]) == (None, opening)


def test_a_byline_may_end_with_a_full_stop():
    (document,) = read(f"The Dam That Holds\n\nBy Ann Lee. Published 4 March 2025.\n\n{BODY}")
    assert (document.author, document.published) == ("Ann Lee", "2025-03-04")


def test_the_last_post_of_a_blog_has_its_author_above_the_foot_of_the_page():
    foot = "Older Posts Home\n\nBlog Archive\n2025 (12)\nMay (2)\n\nView my complete profile\n"
    posts = "".join(
        f"{day} May 2025\n\nThe {what} That Holds\n\n{BODY}\nPosted by {who} at 17:20\n\n"
        for day, what, who in ((5, "Dam", "Ann Lee"), (3, "Weir", "Jan Roth"))
    )
    assert [(one.author, one.published) for one in read(posts + foot)] == [
        ("Ann Lee", "2025-05-05"),
        ("Jan Roth", "2025-05-03"),
    ]


def test_articles_signed_below_their_text():
    names = ["Ann Lee", "— Jan Roth", "The editors"]
    bulletin = "".join(
        f"The {what} That Holds\n\n{BODY}{BODY}\n{name}\n\n"
        for what, name in zip(("Dam", "Weir", "Lock"), names, strict=True)
    )
    found = [(one.title, one.author) for one in read(f"DAM NOTES, No. 4, 3 May 2025\n\n{bulletin}")]
    assert found == [
        ("The Dam That Holds", "Ann Lee"),
        ("The Weir That Holds", "Jan Roth"),
        ("The Lock That Holds", "The editors"),
    ]


def test_names_above_what_is_told_of_people_sign_nothing():
    people = "".join(f"{name}\n\nKeeper of the Dam\n\n{BODY}\n" for name in ("Ann Lee", "Jan Roth"))
    (document,) = read(f"The People Who Hold It\n\n{BODY}\n{people}")
    assert document.author is None


def test_a_printed_date_goes_before_the_day_the_file_was_made():
    made = Metadata(published="2026-11-27", found={"published": "creation date"})
    title = "The Dam That Was Paid For Twice\n"
    assert (
        read(f"DAM NOTES, No. 4, 3 May 2025\n\n{title}\n{BODY}", made)[0].published == "2025-05-03"
    )
    assert read(f"{title}\n{BODY}", made)[0].published == "2026-11-27"
    assert read(f"{title}November 2026\n\n{BODY}", made)[0].published == "2026-11-27"


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("It holds, the farm ministry said.", ["farm ministry"]),
        ("It holds, according to the union's actuary.", ["union's actuary"]),
        ("Analysts doubt that it holds.", ["Analysts"]),
        ("It holds, says the joint statement.", ["joint statement"]),
        ("A spokesman for the ministry said so.", []),
        ("The report found its way home.", []),
        ("Simply put, it holds.", []),
        ("It holds, according to a report in May 2021 the town made.", []),
        ("Nobody disputes it.", []),
        ("Roth (2023) argues that it holds.", ["Roth"]),
        ("As Lee and Roth (2021, p. 4) argued, it holds.", ["Lee and Roth"]),
        ("Moe et al. (2020) found that it holds.", ["Moe"]),
        ("It was raised (Figure 3, 2020) and paid for (Phase 2, May 2026).", []),
    ],
)
def test_speakers_are_told_by_their_office(text, sources):
    found = find_attributions(text, 0, len(text), None)
    assert [one.source for one in found] == sources


def test_the_year_behind_a_speaker_dates_what_is_said():
    (said,) = find_attributions(text := "Roth (2023) argues that it holds.", 0, len(text), "2025")
    assert (said.source, said.date) == ("Roth", "2023")


def test_a_source_behind_a_dash_is_dated_and_dates_its_item():
    items = "".join(
        f">>> THE {name} IS RAISED\n\n{BODY.strip()}\n-- Velden Ledger, {day} Feb\n\n"
        for name, day in (("DAM", 24), ("WEIR", 25))
    )
    documents = read(f"DAM ROUNDUP, No. 4, 27 February 2026\n\n{items}")
    assert [one.published for one in documents] == ["2026-02-24", "2026-02-25"]
    said = documents[0].sentences[-1].attributions[0]
    assert (said.source, said.date) == ("Velden Ledger", "2026-02-24")
