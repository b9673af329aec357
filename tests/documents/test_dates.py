"""Dates as texts write them, and the year that they leave out."""

import pytest

from rag.documents.dates import complete, find

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
    ("4月29日", "2021-05-07", "2021-04-29"),
    ("December 20", "2021", "2021-12-20"),
    ("April 29", None, None),
    ("February 30, 2021", None, None),
    ("14 SEPEMBER 2025", None, "2025-09-14"),
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
