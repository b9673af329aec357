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


def test_only_the_last_turn_counts():
    history = [*REVENUE, *SATELLITE]
    assert "Ofeq-13" in complete("When was it launched?", history)
    assert "Lanmei" not in complete("When was it launched?", history)


def test_a_possessive_takes_the_name_with_its_apostrophe():
    history = [("Who leads Lanmei Systems?", "Cao Lin does.")]
    assert complete("What is its revenue?", history) == "What is Lanmei Systems's revenue?"
