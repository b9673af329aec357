from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.names import missing_names, name_tokens

PIECES = (
    "The U.S. United States of Nations US us China China's Chinese PRC J-10CE VT-4 5B 5G "
    "Ofeq 13 Guinea-Bissau North Korea NATO and 天和一号 北京大学 Müller O'Neil A&T e-CNY"
)


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("The CSS has three modules.", "The China Space Station has three modules."),
        ("The China Space Station grew.", "The CSS grew."),
        ("It belongs to the PLA.", "It belongs to the People's Liberation Army."),
        ("It went to the United States.", "It went to the U.S. in May."),
        ("It went to the US.", "It went to America."),
        ("A buyer in Denmark.", "A Danish buyer."),
        ("A buyer in Iraq.", "An Iraqi buyer."),
        ("It is Ofeq 13.", "It is Ofeq-13."),
        ("It is Tianhe 1 (天和一号).", "Tianhe 1 (天和一号) flew."),
        ("It met President Vale.", "It met Vale."),
        ("It met Ms. Vale.", "Vale was met."),
        ("It flew on a Long March 5B.", "A Long March 5B flew."),
        ("It supplies 300 MW.", "It supplies 300 megawatts."),
        ("It costs $5B.", "It costs five billion dollars."),
        ("It has Huawei's chip.", "Huawei made the chip."),
        ("They were J-10CEs.", "The J-10CE flew."),
        ("It is in Guinea-Bissau.", "It is in Guinea-Bissau."),
        ("The UAV flew.", "The unmanned aerial vehicle flew."),
        ("It paid 3 million Australian dollars.", "It paid A$3 million."),
        ("It has 70B parameters.", "It has 70 billion parameters."),
        ("It grew in FY2024.", "It grew in fiscal 2024."),
        ("华为公司盈利了。", "华为盈利了。"),
        ("这家公司盈利了。", "该公司盈利了。"),
        ("他表示该公司盈利了。", "他说公司盈利了。"),
    ],
)
def test_aliases_and_spellings(statement, source):
    assert missing_names(statement, source) == []


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("It is a J-10C.", "It is a J-10CE.", ["J-10C"]),
        ("It is Ofeq-1.", "It is Ofeq-13.", ["Ofeq-1"]),
        ("It went to Nigeria.", "It went to Niger.", ["Nigeria"]),
        ("It went to Austria.", "It went to Australia.", ["Austria"]),
        ("It went to the US.", "The United Nations asked us.", ["US"]),
        ("The module is Wentian.", "The module went up.", ["Wentian"]),
        ("It is in South Korea.", "It is in North Korea.", ["ROK"]),
        ("It met Ali.", "It is about capitalism.", ["Ali"]),
        ("It is 天和一号.", "It is 问天一号.", ["天和一号"]),
        ("他在北京大学工作。", "他在兰州大学工作。", ["北京大学"]),
        ("Airbus sold five.", "Boeing sold five.", ["Airbus"]),
        ("小米公司盈利了。", "华为公司盈利了。", ["小米公司"]),
        ("Huawei's revenue rose.", "Xiaomi saw its revenue rise.", ["Huawei"]),
        ("Huawei is the largest.", "Xiaomi is the largest.", ["Huawei"]),
        ("Orm 7B was released.", "Orm 8B was released.", ["7B"]),
    ],
)
def test_look_alikes_are_missing(statement, source, missing):
    assert missing_names(statement, source) == missing


def test_a_first_word_is_a_name_when_the_question_writes_it_so():
    assert name_tokens("Revenue was small.") == []
    assert name_tokens("Velmark was small.", "Is Velmark small?") == ["Velmark"]


@given(st.text(max_size=300))
def test_every_text_bears_itself_out(text):
    assert missing_names(text, text) == []


@given(
    st.lists(
        st.sampled_from(PIECES.split()),
        max_size=15,
    )
)
def test_names_in_any_order_bear_themselves_out(words):
    text = " ".join(words)
    assert missing_names(text, text) == []


@pytest.mark.parametrize(
    "piece", ["A", "A ", "Ab-", "U.S. ", "Ab of the ", "北京大学", "A.", "1A "]
)
def test_long_hostile_text_is_read_in_a_second(piece):
    text = (piece * 20_000)[:20_000]
    began = time.process_time()
    missing_names(text, text)
    assert time.process_time() - began < 1.0
