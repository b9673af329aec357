"""What stands in the quote, but is said there of something else, or not as a fact."""

from __future__ import annotations

import pytest

from rag.answering.alternatives import passed_over
from rag.answering.binding import astray
from rag.answering.bounds import turned_bounds
from rag.answering.causes import turned_causes
from rag.answering.checks import check
from rag.answering.clauses import other_party
from rag.answering.differences import differences_as_values
from rag.answering.modality import not_yet
from rag.answering.portions import exchanged_portions
from rag.answering.roles import other_role
from rag.answering.speakers import other_speaker
from tests.answering.support import evidence

SHARES = "Of the imports, 57 percent came from Myanmar and 21 percent from Laos."
SUM = "The yard, which opened in 2019, cost 40 million euros and employs 300 people in 12 halls."
TALKS = "Ada Holm said the talks had failed, while Ben Orr called the draft a good start."


@pytest.mark.parametrize(
    ("rule", "statement", "quote", "objects"),
    [
        (astray, "Laos supplied 57 percent of the imports.", SHARES, True),
        (astray, "Laos supplied 21 percent of the imports.", SHARES, False),
        (astray, "57 percent were from Myanmar and 21 from Laos.", SHARES, False),
        (astray, "The loan costs 5 percent.", "The loan costs 2 percent, with a fee of 5.", True),
        (astray, "The yard has 12 halls.", SUM, False),
        (
            differences_as_values,
            "The tank weighs 17 kg.",
            "It weighs 212 kg, 17 kg above the limit.",
            True,
        ),
        (
            differences_as_values,
            "The tank is 17 kg too heavy, over the limit.",
            "It is 17 kg above it.",
            False,
        ),
        (
            astray,
            "It used 5 TWh in 2030.",
            "It used 5 TWh in 2024; in 2030 it may use 9 TWh.",
            True,
        ),
        (astray, "荷兰进口额为9亿美元。", "自荷兰进口7亿美元，自日本进口9亿美元。", True),
        (astray, "日本进口额为9亿美元。", "自荷兰进口7亿美元，自日本进口9亿美元。", False),
        (differences_as_values, "It costs 900 euros.", "It became 900 euros cheaper.", True),
        (differences_as_values, "It is 900 euros cheaper.", "It became 900 euros cheaper.", False),
        (
            differences_as_values,
            "It lost 900 euros of its price.",
            "It became 900 euros cheaper.",
            False,
        ),
        (
            differences_as_values,
            "Its price is 900 euros.",
            "It is 30 euros cheaper, at 900 euros.",
            False,
        ),
        (
            differences_as_values,
            "The share is 5 percent.",
            "The share rose by about 5 percent.",
            True,
        ),
        (differences_as_values, "The share is 5 percent.", "The share rose to 5 percent.", False),
        (
            differences_as_values,
            "The yard has 40 ships.",
            "The yard has 40 ships, more or less.",
            False,
        ),
        (
            differences_as_values,
            "The yard has 40 ships.",
            "It has 40 more ships than the other.",
            True,
        ),
        (differences_as_values, "利润为3亿元。", "利润增长了3亿元。", True),
        (differences_as_values, "利润为3亿元。", "利润增至3亿元。", False),
        (differences_as_values, "利润增加3亿元。", "利润增长了3亿元。", False),
        (turned_bounds, "It wants at most 60.", "It wants no less than 60.", True),
        (turned_bounds, "It wants at least 60.", "It wants no less than 60.", False),
        (turned_bounds, "It wants 60.", "It wants at least 60.", False),
        (turned_bounds, "至多30个城市。", "不少于30个城市。", True),
        (not_yet, "The state bought the port.", "The port may be bought by the state.", True),
        (not_yet, "The state may buy the port.", "The port may be bought by the state.", False),
        (not_yet, "The sale closed in May.", "The sale is expected to close in May.", True),
        (not_yet, "The plant opened in May.", "It opened in May and will close in June.", False),
        (not_yet, "Prices fell by 5 percent.", "Prices might soften by up to 5 percent.", True),
        (not_yet, "It flew in 2026.", "Rocket: Orm; First flight: 2026 (planned)", True),
        (not_yet, "产能已扩至45吉瓦时。", "产能计划明年扩至45吉瓦时。", True),
        (not_yet, "产能计划扩至45吉瓦时。", "产能计划明年扩至45吉瓦时。", False),
        (passed_over, "It will arrive in 2026.", "It will arrive in 2029 rather than 2026.", True),
        (passed_over, "It will arrive in 2029.", "It will arrive in 2029 rather than 2026.", False),
        (passed_over, "Ahn leads it.", "It is led not, as was said, by Ahn, but by Seo.", True),
        (passed_over, "Seo leads it.", "It is led not, as was said, by Ahn, but by Seo.", False),
        (exchanged_portions, "All three were hit.", "Two of the three ships were hit.", True),
        (exchanged_portions, "Two of the three were hit.", "Two of the three were hit.", False),
        (exchanged_portions, "It delivered 75 jets.", "It delivered 12 of the 75 jets.", True),
        (exchanged_portions, "18家实体都在香港。", "18家实体中仅有两家在香港。", True),
        (
            turned_causes,
            "A pump cracked because the maiden flight slipped.",
            "The maiden flight slipped because a pump cracked in a test.",
            True,
        ),
        (
            turned_causes,
            "The flight slipped because a pump cracked.",
            "The maiden flight slipped because a pump cracked in a test.",
            False,
        ),
        (other_speaker, "Ben Orr said the talks had failed.", TALKS, True),
        (other_speaker, "Ada Holm said the talks had failed.", TALKS, False),
        (other_speaker, "The minister said the talks had failed.", TALKS, False),
        (other_role, "Eva Lund is the director.", "The director, Ola Berg, met Eva Lund.", True),
        (other_role, "Ola Berg is the director.", "The director, Ola Berg, met Eva Lund.", False),
        (other_role, "Kaihoro bought Helvar.", "Helvar has bought Kaihoro of Turku.", True),
        (other_role, "Helvar bought Kaihoro.", "Kaihoro was bought by Helvar.", False),
        (other_role, "It moved from Ghent to Lisbon.", "It moved from Lisbon to Ghent.", True),
        (other_role, "司长是周岚。", "司长由邓志远担任，副司长为周岚。", True),
        (other_role, "司长是邓志远。", "司长由邓志远担任，副司长为周岚。", False),
        (
            other_party,
            "Orm-2 has worked without a fault since August.",
            "Contact with Orm-2 was lost; its sister, Orm-3, has worked without a fault since "
            "August.",
            True,
        ),
        (
            other_party,
            "Orvall's sales to the Gulf are 35 percent.",
            "Orvall fell, while Finch Brothers expect the ban to hit the former's sales to the "
            "Gulf, 35 percent.",
            False,
        ),
    ],
)
def test_rules(rule, statement, quote, objects):
    assert bool(rule(statement, quote)) is objects


def test_a_copy_is_told_as_in_the_quote():
    assert check(SHARES, [evidence(SHARES)]).passed
    assert check("21 percent from Laos.", [evidence(SHARES)]).passed


def test_another_quote_may_clear_an_objection_only_if_it_has_the_value_too():
    other = evidence("In June, Laos supplied 57 percent of the imports.", "S2")
    beside = evidence("Ferrol moved 2 million boxes.", "S3")
    told = "Laos supplied 57 percent of the imports."
    assert check(told, [evidence(SHARES), other]).figures == "ok"
    assert check(told, [evidence(SHARES), beside]).figures == "missing"


@pytest.mark.parametrize(
    ("statement", "quote", "field"),
    [
        ("It costs almost $15 billion.", "It costs $14.96 billion.", None),
        ("It costs more than $15 billion.", "It costs $14.96 billion.", "figures"),
        ("About 6 percent failed.", "5.6 percent failed.", "figures"),
        ("Profit fell 20 percent.", "Profit shrank by a fifth, to 640 million yuan.", None),
        ("利润下降20%。", "利润下降两成。", None),
        ("It paid EUR 214 million.", "It paid EUR 214 m for it.", None),
        ("Its share was 17 percent.", "Land: Orm; Launches: 17; Share: 6 %", "figures"),
        ("Unit 3 may start in 2027.", "Unit 3 may start in 2027.", None),
        ("Sales fell in the second quarter.", "Up in the third quarter, down in the second.", None),
        ("Notably it has yet to act.", "Notably, in spite of all, it has yet to act.", None),
        ("A ban had been decided.", "No ban had been decided.", "negation"),
        ("Imports will not be permitted.", "Exports will not be permitted.", "negation"),
        ("Imports rose to 5 tons.", "Exports rose to 5 tons; imports fell to 3.", "negation"),
        ("Huawei sold 30 million.", "华为卖出3000万部。", None),
    ],
)
def test_what_was_mended_with_these_rules(statement, quote, field):
    checks = check(statement, [evidence(quote)])
    assert checks.passed if field is None else getattr(checks, field) != "ok"
