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


@pytest.mark.parametrize(
    "line",
    [
        "微信月活用户达到13.8亿。",
        "分享经济正在改变城市。",
        "收藏市场今年大幅降温",
        "该公司未经许可使用数据，被罚款10万元。",
        "用户可随时取消订阅，费用按月退还。",
        "Copyright law protects the charts of the harbour for seventy years.",
        "Copyright law was passed in 1976 and protects the charts.",
        "Powered by hydrogen, the ferry carries 300 cars.",
        "300,000 subscribers left in March.",
        "You get this benefit only when you have paid for a year.",
        "< 5 percent of the boats were lost.",
        "« Paix », he said.",
        "GDP growth > 5 percent was last seen in 2019",
        "Next: the committee votes on the new wall on 5 May.",
    ],
)
def test_what_begins_as_furniture_and_says_something_is_none(line):
    assert furniture.known_furniture(line) is None


@pytest.mark.parametrize(
    "line",
    [
        *("微信扫一扫", "分享到微信朋友圈", "分享到：", "收藏 12", "未经授权不得转载"),
        *(
            "如需退订，请回复“退订”。",
            "Copyright Quay News 2024",
            "Copyright 2024 Quay. All rights",
        ),
        *("Proudly powered by WordPress", "Powered by WordPress.com.", "12k followers"),
        *("« Previous post", "< Back", "Next: A ferry on hydrogen"),
        *("Posted in Ports | Tagged boats, cod | 3 Comments", "Older Posts Home", "May (2)"),
        *("2025 (12)", "Posted in Ferries | 1 Comment", "View my complete profile"),
    ],
)
def test_what_is_furniture_still(line):
    assert furniture.known_furniture(line) is not None


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
