"""Issues of letters, digests and wires: where their stories begin, who wrote them and when."""

import pytest

from rag.documents import fold, structure
from rag.documents.readers import text

BODY = (
    "The harbour office will buy two tugs in the spring, and it will sell the old one as soon as "
    "the new ones have come. Nobody knows yet what they will cost."
)


def documents(lines):
    source = structure(text.read("\n".join(lines).encode(), "a"), "a.txt", "0")
    return source, [(one.title, one.author, one.published) for one in source.documents]


def test_stories_behind_a_mark():
    head = ["每日港口简报", "第 231 期 | 2025/9/17（周三）", "", "【拖轮】"]
    stories = [line for name in ("Tugs", "Piers") for line in (f"▍{name} of the port", BODY, "")]
    _, found = documents([*head, *stories])
    assert found == [
        ("Tugs of the port", None, "2025-09-17"),
        ("Piers of the port", None, "2025-09-17"),
    ]


def test_a_sentence_that_names_a_report_and_a_day_is_no_masthead():
    said = (
        "In a briefing on May 7, 2021 the minister told reporters that the harbour had been\n"
        "closed, and that the ships which waited outside would be let in before the\n"
        "others. According to a report in May 2021 the number of ships had fallen by ten,\n"
        "and the port lost money on each of them."
    )
    source, found = documents(["Boats at Velden", "", said])
    quotes = [fold(source.text[one.start : one.end]) for one in source.documents[0].sentences]
    assert (" ".join(quotes), found) == (fold(said), [("Boats at Velden", None, None)])
    _, found = documents(["Weekly report issued on May 7, 2021 shows gains", "", BODY])
    assert found == [("Weekly report issued on May 7, 2021 shows gains", None, None)]


def test_points_behind_a_mark_are_no_stories():
    head = ["HARBOUR DIGEST, No. 12, 6 June 2025", "", "What the port needs", "", BODY, ""]
    _, found = documents([*head, "★ Two tugs", "★ A pier", "★ A crane", "", BODY])
    assert [title for title, _, _ in found] == ["What the port needs"]


def test_a_ticker_dates_each_story_and_its_sections_are_none():
    head = ["FROM THE WIRES                    Mon. 3 Nov 2025", "=" * 60, ""]
    days = {"tugs": "02-Nov", "piers": "01-Nov", "cranes": "31-Oct", "ropes": "30-Oct"}
    for number, (what, day) in enumerate(days.items()):
        if number % 2 == 0:
            head += [what.upper(), "-" * len(what)]
        head += [
            f"Port office buys two new {what} for the spring",
            f"{day}-2025 19:44 - Nordwire",
            f"  VELDEN (Nordwire) - The two {what} will come in April, and the old ones are to",
            "  be sold as soon as the new ones are there. Nobody knows what they will cost.",
            "",
        ]
    _, found = documents(head)
    assert found == [
        (f"Port office buys two new {what} for the spring", None, date)
        for what, date in zip(
            days, ("2025-11-02", "2025-11-01", "2025-10-31", "2025-10-30"), strict=True
        )
    ]


def test_a_list_of_contents_is_told_from_the_titles_it_names():
    contents = ["In this issue:", "New Tugs (Ann Lee)", "An Old Pier (Omar Roy)", ""]
    stories = ["New Tugs", "By: Ann Lee", "", BODY, "", "An Old Pier", "By: Omar Roy", "", BODY]
    head = ["THE QUAY BRIEF", "Volume IX, Issue 5 | Published 21st March 2025", ""]
    source, found = documents([*head, *contents, *stories])
    assert found == [
        ("New Tugs", "Ann Lee", "2025-03-21"),
        ("An Old Pier", "Omar Roy", "2025-03-21"),
    ]
    marked = fold(" ".join(source.text[one.start : one.end] for one in source.chrome))
    assert "An Old Pier (Omar Roy)" in marked


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Text of report by the state news agency Kabar", None),
        ('Text of article by Ann Lee, headlined "Tugs", published by the daily Quay', "Ann Lee"),
    ],
)
def test_a_text_taken_over_says_from_where_and_of_which_day(line, author):
    story = ["Two tugs for the port", "", line, "", BODY, ""]
    closing = ["Source: Kabar, Velden, in English 1012 gmt 5 Mar 26", "", "* * *", ""]
    other = ["A pier for the port", "", "Excerpt from report by private TV channel Quay", ""]
    last = ["VELDEN, 4 March: " + BODY, "", "Source: Quay TV, Velden 1500 gmt 5 Mar 26"]
    head = ["MEDIA DIGEST, No. 3, 6 March 2026", "", "* * *", ""]
    _, found = documents([*head, *story, *closing, *other, *last])
    assert found == [
        ("Two tugs for the port", author, "2026-03-05"),
        ("A pier for the port", None, "2026-03-04"),
    ]


def test_the_foot_of_a_page_is_a_name_and_far_from_it_a_number():
    page = [BODY, "", BODY, "", BODY, ""]
    foot = "Northern Quay Monitor                                           "
    source, _ = documents(["Two tugs for the port", "", *page, foot + "3", "", *page, foot + "4"])
    kinds = [one.kind for one in source.chrome]
    assert kinds == ["running head", "running head"]
