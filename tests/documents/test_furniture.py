"""Furniture by what a line is: the quick way of looking finds what the whole pattern would."""

import re

import pytest

from rag.documents import furniture
from rag.documents.wording import words
from tests.documents.layouts import LAYOUTS

WHOLE = re.compile(
    "|".join(f"(?P<k{number}>{body})" for number, (_, body) in enumerate(furniture._KINDS)),
    re.IGNORECASE,
)
LINES = [
    *(
        "Share this:",
        "TWEET",
        "12 comments",
        "Leave a Reply",
        "Home » News",
        "首页 > 航运",
        "page 3 of 9",
    ),
    *(
        "© 2024 Quay",
        "(c) 2024 Quay",
        "All Rights Reserved",
        "The text. All rights reserved.",
        "xiv",
    ),
    *("Tags: tugs", "标签：拖轮", "京ICP备0000号", "Contents: tugs ..... 4", "Tugs ……… 4", "- 7 -"),
    *(
        "-- SHIPPING --",
        "*** ",
        "----",
        "| --- | --- |",
        "ad_slot",
        "[page 4]",
        "《海湾》未经许可不得转载",
    ),
    *(
        "Previous: Tugs",
        "Related: tugs",
        "Tugs | Ropes | Piers",
        "新闻 数据 订阅",
        "https://example.org/a",
    ),
    *(
        "Quay News page 4 of 9",
        "To unsubscribe, reply with STOP.",
        "[1]: https://example.org",
        "x → y",
    ),
    *(
        "The tug is old.",
        "and the rope",
        "Ann Lee",
        "14",
        "Search",
        "编辑：林远山",
        "2 tugs",
        "更多",
    ),
    *(
        "Full texts from the library. Not for redistribution.",
        "The letter is free. To subscribe, visit www.quay.example.",
        "订阅/退订请回复本邮件",
        "♡ 41",
    ),
]


@pytest.mark.parametrize(
    "line", [*LINES, *(line for text, _ in LAYOUTS.values() for line in text.split("\n") if line)]
)
def test_the_quick_way_finds_what_the_whole_pattern_finds(line):
    line = line.strip()
    if not line or (len(line) > 50 and line[0].islower()):
        return
    found = WHOLE.fullmatch(line)
    expected = furniture._KINDS[int(found.lastgroup[1:])][0] if found and found.lastgroup else None
    if len(line) <= 200:
        assert furniture.known_furniture(line) == expected


def test_two_han_characters_count_as_one_word():
    assert [words(text) for text in ("港口开放了", "L4 级集卡", "Quay News", "Q&A")] == [3, 3, 2, 1]


def test_what_an_email_says_of_itself():
    kinds = [
        furniture.known_furniture("You are receiving this email because you signed up."),
        furniture.known_furniture("(c) Quay 2025. To unsubscribe write to the editor"),
        furniture.known_furniture("-- SHIPPING --"),
        furniture.known_furniture("（责任编辑 林远山）"),
    ]
    assert kinds == ["menu", "menu", "separator", "legal"]
