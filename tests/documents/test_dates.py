"""Dates as texts write them, and the year that they leave out."""

import pytest

from rag.documents.dates import cited, complete, find

CASES = [
    ("May 7, 2021", None, "2021-05-07"),
    ("7 May 2021", None, "2021-05-07"),
    ("the 3rd of May 2021", None, "2021-05-03"),
    ("2021-05-07", None, "2021-05-07"),
    ("2021/5/7", None, "2021-05-07"),
    ("2021年5月7日", None, "2021-05-07"),
    ("2021年5月", None, "2021-05"),
    ("2021年", None, "2021"),
    ("Sept. 13", "2021-10-01", "2021-09-13"),
    ("JUNE 3, 2020", None, "2020-06-03"),
    ("June 2016", None, "2016-06"),
    ("2016", None, "2016"),
    ("April 29", "2021-05-07", "2021-04-29"),
    ("May 12", "2021-05-07", "2021-05-12"),
    ("May 20", "2021-05-07", "2020-05-20"),
    ("December 20", "2021-05-07", "2020-12-20"),
    ("January 2", "2025-12-30", "2026-01-02"),
    ("January 12", "2025-12-30", "2025-01-12"),
    ("January 2", "2025-12", "2025-01-02"),
    ("4月29日", "2021-05-07", "2021-04-29"),
    ("December 20", "2021", "2021-12-20"),
    ("April 29", None, None),
    ("February 30, 2021", None, None),
    ("14 SEPEMBER 2025", None, "2025-09-14"),
    ("02-Nov-2025 19:44", None, "2025-11-02"),
    ("15 sep. 2025", None, "2025-09-15"),
    ("2 may 2025", None, "2025-05-02"),
    ("3–7 March 2024", None, "2024-03-03"),
    ("14.03.2025", None, "2025-03-14"),
    ("03.04.2025", None, "2025-04-03"),
    ("2/20/2025", None, "2025-02-20"),
    ("14/04/2025", None, "2025-04-14"),
    ("05/05/2025", None, "2025-05-05"),
    ("02/12/2026", "2026-02-20", "2026-02-12"),
    ("04/05/2025", "2025-06-10", "2025"),
    ("04/05/2025", None, "2025"),
    ("31/31/2025", None, None),
    ("version 1.10.2014.3", None, None),
    ("9/16", "2025-09-17", None),
    ("half of 12 may be lost", "2025-09-17", None),
    ("no date at all", "2021-05-07", None),
    ("Marching on 12 tanks", "2021-05-07", None),
    ("1,984 ships", "2021-05-07", None),
]


@pytest.mark.parametrize(("text", "document", "expected"), CASES)
def test_complete(text, document, expected):
    assert complete(text, document) == expected


def test_find_gives_offsets_in_order():
    text = "From May 7, 2021 to 3 June; 2020年4月1日."
    assert [text[one.start : one.end] for one in find(text)] == [
        "May 7, 2021",
        "3 June",
        "2020年4月1日",
    ]


@pytest.mark.parametrize(
    ("text", "document", "month_first", "expected"),
    [
        ("9/16", "2025-09-17", False, "2025-09-16"),
        ("16/9", "2025-09-17", False, "2025-09-16"),
        ("10/29", "2025-11-03", False, "2025-10-29"),
        ("31/10/25", None, False, "2025-10-31"),
        ("1/12", "2026-01-20", False, None),
        ("1/12", "2026-01-20", True, "2026-01-12"),
        ("May", "2025-06-10", False, "2025-05"),
        ("December", "2025-06-10", False, "2024-12"),
        ("May", None, False, None),
        ("May 7", "2025-06-10", False, "2025-05-07"),
    ],
)
def test_what_stands_behind_a_source_may_be_shorter(text, document, month_first, expected):
    assert cited(text, document, month_first) == expected
