from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.indexing.han import simplified
from rag.indexing.terms import normalise, question_terms, quoted_phrases, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22.5 tonnes, 1,000 km", ["22.5", "tonne", "1000", "km"]),
        ("F-35 and COVID-19", ["f", "35", "f35", "and", "covid", "19", "covid19"]),
        ("Satellites’ policies; the bus passes", ["satellite", "policy", "the", "bus", "passe"]),
        ("天和一号升空", ["天和", "和一", "一号", "号升", "升空", "空"]),
        ("５Ｇ网络", ["5g", "网络", "络"]),
        ("Café ﬁnance", ["cafe", "finance"]),
        ("ＡＩ芯片ﾁｯﾌﾟ", ["ai", "芯片", "片", "チップ"]),
        ("運載火箭", ["运载", "载火", "火箭", "箭"]),
        ("㈱１２，５００元", ["株", "12500", "元"]),
        ("Ariane5在2024年", ["ariane5", "在", "2024", "年"]),
        ("", []),
    ],
)
def test_terms(text, expected):
    assert terms(text) == expected


def test_question_words_go_unless_nothing_is_left():
    assert question_terms("What is the mass of the Wentian module?") == [
        "mass",
        "wentian",
        "module",
    ]
    assert question_terms("Who is who?") == ["who", "is"]


def test_a_han_question_has_no_lone_last_character():
    assert question_terms("天和一号") == ["天和", "和一", "一号"]
    assert question_terms("舱") == ["舱"]


@pytest.mark.parametrize(
    ("traditional", "written_simply"),
    [
        ("國際太空站與衛星導航", "国际太空站与卫星导航"),
        ("臺灣半導體產業", "台湾半导体产业"),
        ("關稅調整為百分之二十", "关税调整为百分之二十"),
    ],
)
def test_traditional_and_simplified_characters_give_the_same_terms(traditional, written_simply):
    assert terms(traditional) == terms(written_simply)
    assert question_terms(traditional) == question_terms(written_simply)


@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=30))
def test_simplifying_keeps_the_length_and_twice_is_once(text):
    once = simplified(text)
    assert len(once) == len(text)
    assert simplified(once) == once


def test_quoted_phrases():
    assert quoted_phrases("who said “heavy lift rocket”?") == [["heavy", "lift", "rocket"]]
    assert quoted_phrases('the "moon"') == []


@given(st.text(max_size=80))
def test_no_term_has_white_space_or_is_empty(text):
    assert all(term and not any(c.isspace() for c in term) for term in terms(text))


@given(st.text(max_size=80))
def test_a_question_term_is_among_the_documents_terms(text):
    held = terms(text)
    for term in question_terms(text):
        assert any(each.startswith(term) for each in held)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_for_terms(text):
    assert terms(normalise(text)) == terms(text)
