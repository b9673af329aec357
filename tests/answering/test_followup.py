from __future__ import annotations

import pytest

from rag.answering.followup import complete

REVENUE = [("What was the revenue of Lanmei in 2019?", "It was 4 billion yuan.")]
SATELLITE = [("How heavy is the Ofeq-13 satellite?", "It weighs 300 kg.")]


@pytest.mark.parametrize(
    ("question", "history", "understood"),
    [
        ("And in 2020?", REVENUE, "What was the revenue of Lanmei in 2020?"),
        ("What about Ofeq-10?", SATELLITE, "How heavy is the Ofeq-10 satellite?"),
        ("When was it launched?", SATELLITE, "When was Ofeq-13 launched?"),
        ("When was it launched?", [], "When was it launched?"),
        (
            "Which port did the Danish fund buy?",
            REVENUE,
            "Which port did the Danish fund buy?",
        ),
        ("How many tanks did Pakistan order?", SATELLITE, "How many tanks did Pakistan order?"),
        (
            "那2020年呢？",
            [("蓝梅公司2019年的收入是多少？", "四十亿元。")],
            "蓝梅公司2020年的收入是多少？",
        ),
    ],
)
def test_completion(question, history, understood):
    assert complete(question, history) == understood


SALES = [("How many phones did Apple sell in September 2023?", "Apple sold 5 million.")]
TURNOVER = [("What was Airbus's revenue in 2023?", "It was 65 billion euros.")]
TELESCOPE = [
    (
        "Which telescope docks with the Harbour Station?",
        "Yuheng docks with the Harbour Station. [1]",
    )
]
CHAIR = [("Who chairs Orm?", "Ada Pell does.")]
HUAWEI = [("华为2023年的收入是多少？", "七千亿元。")]


@pytest.mark.parametrize(
    ("question", "history", "understood"),
    [
        # a month or a day of the week is no name
        ("What about Huawei?", SALES, "How many phones did Huawei sell in September 2023?"),
        ("When was it founded?", SALES, "When was Apple founded?"),
        ("And on Tuesday?", [("What did Xi say on Monday?", "")], "What did Xi say on Tuesday?"),
        # a month alone keeps the year, and a name may come with a date
        ("And in March?", REVENUE, "What was the revenue of Lanmei in March 2019?"),
        ("And Boeing in 2022?", TURNOVER, "What was Boeing's revenue in 2022?"),
        # a possessive mark is no part of a name, and its s is not the name's
        ("When was it founded?", TURNOVER, "When was Airbus founded?"),
        ("And Boeing's?", TURNOVER, "What was Boeing's revenue in 2023?"),
        # what belongs to a name, and phrases without one
        (
            "What about the Chinese navy?",
            [("How many ships did the Royal Navy order?", "Two.")],
            "How many ships did the Chinese navy order?",
        ),
        (
            "And in the first half?",
            REVENUE,
            "What was the revenue of Lanmei in 2019 in the first half?",
        ),
        # a quarter takes the place of a quarter, and is no name
        (
            "And in Q2?",
            [("What was Pell's revenue in Q1 2023?", "")],
            "What was Pell's revenue in Q2 2023?",
        ),
        # a name goes where one stood behind the same word
        (
            "And what did Germany do?",
            [("What did France do about Chinese cars?", "")],
            "What did Germany do about Chinese cars?",
        ),
        # what is tied to a name is another matter; "that" may be a value
        (
            "And exports to Japan?",
            [("How much did China import from Orm?", "")],
            "Exports to Japan (China)?",
        ),
        (
            "Is that more than in 2022?",
            [("How many launches did China make in 2023?", "")],
            "Is that more than in 2022 (China)?",
        ),
        # what was asked for
        ("When does it go up?", TELESCOPE, "When does Yuheng go up?"),
        (
            "And how many VLP lamps has it sold?",
            [("Who is the largest maker of VLP lamps?", "Orm Light is. [1]")],
            "How many VLP lamps has Orm Light sold?",
        ),
        ("What is its revenue?", [("Who leads Orm?", "Ada Pell.")], "What is Orm's revenue?"),
        ("When was it built?", [("Which year did Orm sink?", "In 2019.")], "When was Orm built?"),
        ("How old is she?", CHAIR, "How old is Ada Pell?"),
        ("那小米呢？", HUAWEI, "小米2023年的收入是多少？"),
        ("它的市值是多少？", HUAWEI, "华为的市值是多少？"),
        ("为什么呢？", HUAWEI, "为什么呢？"),
        ("其他国家的收入是多少？", HUAWEI, "其他国家的收入是多少？"),
        ("李强说他去过吗？", HUAWEI, "李强说他去过吗？"),
    ],
)
def test_names_dates_and_pronouns_of_follow_ups(question, history, understood):
    assert complete(question, history) == understood


def test_a_name_inside_another_word_is_not_that_name():
    understood = complete("What did it spend on housing?", [("How many ships has the US?", "")])
    assert understood == "What did US spend on housing?"


def test_only_the_last_turn_counts():
    history = [*REVENUE, *SATELLITE]
    assert "Ofeq-13" in complete("When was it launched?", history)
    assert "Lanmei" not in complete("When was it launched?", history)


def test_a_possessive_takes_the_name_with_its_apostrophe():
    history = [("Who leads Lanmei Systems?", "Cao Lin does.")]
    assert complete("What is its revenue?", history) == "What is Lanmei Systems's revenue?"
