from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.polarity import (
    check_polarity,
    is_yes_no,
    settle_verdict,
    verdict,
    wants_yes_or_no,
)
from rag.answering.verbs import root

PIECES = (
    "not no never yes did renew renewed declined to failed exports imports rose fell the "
    "largest second-largest one of cannot without ban 没有 出售 增长 下降 , ."
)


@pytest.mark.parametrize(
    ("statement", "quote", "result"),
    [
        ("It renewed the deal.", "It declined to renew the deal.", "conflict"),
        ("It declined to renew the deal.", "It renewed the deal.", "conflict"),
        ("It declined to renew the deal.", "It declined to renew the deal.", "ok"),
        ("It did not renew the deal.", "It declined to renew the deal.", "ok"),
        ("It did not renew the deal.", "It renewed the deal.", "missing"),
        ("No, it did not renew the deal.", "It declined to renew the deal.", "ok"),
        ("Sales grew.", "Sales did not grow.", "conflict"),
        ("Sales rose in June.", "Sales did not rise in May but rose in June.", "ok"),
        ("Exports declined in June.", "Exports fell in June.", "ok"),
        ("Exports declined in June.", "Exports rose in June.", "conflict"),
        ("The army and the police use it.", "Not only the army but the police use it.", "ok"),
        ("It is due by June.", "It is due no later than June.", "ok"),
        ("It is the largest port.", "It is the second-largest port.", "conflict"),
        ("It is the largest port.", "It is one of the largest ports.", "conflict"),
        ("It is the largest port.", "It is the largest port, not the oldest.", "ok"),
        ("It imports gas.", "It exports gas.", "conflict"),
        ("It imports gas.", "It imports gas and exports oil.", "ok"),
        ("该公司出售无人机。", "该公司没有出售无人机。", "conflict"),
        ("该公司没有出售无人机。", "该公司出售无人机。", "missing"),
        ("该公司出售无人机。", "该公司在非洲出售无人机。", "ok"),
        ("出口下降。", "出口增长。", "conflict"),
        ("上半年达标。", "下半年达标。", "conflict"),
        ("一季度达标。", "第三季度达标。", "conflict"),
        ("Sales rose in the first half.", "Sales rose in the second half.", "conflict"),
        ("Sales rose in the first quarter.", "Sales rose in the third quarter.", "conflict"),
        ("Sales rose in the first quarter.", "Sales rose in Q3.", "conflict"),
        ("Sales rose in the first half.", "Sales rose in the first half.", "ok"),
        ("It was reluctant to sell.", "It was reluctant to sell.", "ok"),
        ("Fog prevented them from landing.", "Fog prevented them from landing.", "ok"),
        ("It was ready to sell.", "It was reluctant to sell.", "conflict"),
        ("Sales tripled.", "Sales doubled.", "conflict"),
        ("Sales doubled.", "Sales rose twofold.", "ok"),
        ("It won the tender.", "It lost the tender.", "conflict"),
        ("It won the tender.", "It was awarded the tender that Orm lost.", "ok"),
        ("It lost 5 billion won.", "It lost 5 billion won.", "ok"),
        ("The ban was imposed in June.", "The ban was lifted in June.", "conflict"),
        ("The ban was lifted.", "The ban imposed in 2014 was lifted.", "ok"),
        ("The court upheld the fine.", "The court overturned the fine.", "conflict"),
        ("It laid off 300 workers.", "It hired 300 workers.", "conflict"),
        ("It confirmed the loss.", "It denied the loss.", "conflict"),
        ("It confirmed the loss.", "It did not deny the loss.", "ok"),
        ("The talks ended with a deal.", "The talks ended without a deal.", "conflict"),
        ("It had a surplus.", "It had a deficit.", "conflict"),
        ("It made a profit of $3 million.", "It made a net loss of $3 million.", "conflict"),
        ("Most of them failed.", "Few of them failed.", "conflict"),
        ("Few of them failed.", "A few of them failed.", "ok"),
        ("The flight is crewed.", "The flight is uncrewed.", "conflict"),
        ("The test succeeded.", "The test was unsuccessful.", "conflict"),
        ("该公司亏损3亿元。", "该公司盈利3亿元。", "conflict"),
    ],
)
def test_polarity(statement, quote, result):
    assert check_polarity(statement, quote) == result


@pytest.mark.parametrize(
    ("question", "yes_no"),
    [
        ("Did it renew?", True),
        ("Is it red or blue?", False),
        ("And was it renewed?", True),
        ("When did it renew?", False),
        ("该公司是否续约？", True),
        ("他去过吗？", True),
        ("谁去过？", False),
        ("新站的名字是什么？", False),
        ("他为什么走？", False),
        ("你能告诉我谁去过吗？", False),
        ("Can you tell me who leads it?", False),
        ("Do you know when it opened?", False),
        ("May 2021 saw which launch?", False),
        ("Can it fly?", True),
    ],
)
def test_yes_no_questions(question, yes_no):
    assert is_yes_no(question) is yes_no


@pytest.mark.parametrize(
    ("question", "opens"),
    [
        ("Did Säntis Motion renew its lease?", True),
        ("Did China’s navy buy it?", True),
        ("Is Huafeng (华丰油脂) listed?", True),
        ("Who bought it?", False),
        ("华丰油脂上市了吗？", False),
    ],
)
def test_in_english_the_answer_opens_with_yes_or_no(question, opens):
    assert wants_yes_or_no(question) is opens


def test_the_verdict_follows_from_the_rest():
    question = "Did the company renew its contracts?"
    wrong = "Yes, the company declined to renew its contracts."
    assert settle_verdict(wrong, question) == "No, the company declined to renew its contracts."
    right = "Yes, the company renewed its contracts."
    assert settle_verdict(right, question) == right
    assert settle_verdict("It did not.", question) == "It did not."
    assert (verdict(right), verdict("None did.")) == ("yes", None)


@pytest.mark.parametrize(
    "words", ["grow grew grown grows growing", "renew renewed renews renewing", "stop stopped"]
)
def test_forms_of_a_verb_have_one_root(words):
    assert len({root(word) for word in words.split()}) == 1


@given(st.text(max_size=200))
def test_every_text_agrees_with_itself(text):
    assert check_polarity(text, text) == "ok"


@given(
    st.lists(
        st.sampled_from(PIECES.split()),
        max_size=14,
    )
)
def test_words_of_denial_in_any_order_agree_with_themselves(words):
    text = " ".join(words)
    assert check_polarity(text, text) == "ok"


@pytest.mark.parametrize(
    "piece", ["not ", "declined to ", "n't", "没有", "the largest ", "barred a "]
)
def test_long_hostile_text_is_read_in_a_second(piece):
    text = (piece * 20_000)[:20_000]
    began = time.process_time()
    check_polarity(text, text)
    assert time.process_time() - began < 1.0
