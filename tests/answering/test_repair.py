from __future__ import annotations

import pytest

from rag.answering.generation import DraftStatement
from rag.answering.repair import (
    Supported,
    support_or_repair,
    with_all_that_answers,
    with_what_is_wanted,
)
from rag.types import Checks
from tests.answering.support import evidence

SEATS = evidence("The Corvo hall has 250 seats.", "S1", start=0)
MAY = evidence("The Corvo hall opened on 3 May.", "S2", start=50)
OTHER = evidence("A bus stops nearby.", "S3", start=90)
ALL = [OTHER, SEATS, MAY]


def repaired(text, *labels, question="What of the Corvo hall?"):
    return support_or_repair(DraftStatement(text, labels), ALL, question)


def test_a_citation_that_passes_is_kept():
    made = repaired("The Corvo hall has 250 seats.", "S1")
    assert (made.evidence, made.repaired, made.checks.passed) == ((SEATS,), False, True)


def test_a_wrong_citation_is_replaced():
    made = repaired("The Corvo hall has 250 seats.", "S3")
    assert SEATS in made.evidence
    assert made.repaired


def test_two_facts_take_two_citations():
    made = repaired("The Corvo hall has 250 seats and opened on 3 May.", "S1")
    assert set(made.evidence) == {SEATS, MAY}


def test_a_citation_that_adds_nothing_is_left_out():
    assert repaired("The Corvo hall has 250 seats.", "S1", "S3").evidence == (SEATS,)


def test_what_no_sentence_says_keeps_its_own_citation_and_fails():
    made = repaired("The Corvo hall has 999 seats.", "S1")
    assert made.evidence == (SEATS,)
    assert made.checks.figures == "missing"


def test_labels_that_are_not_there_cannot_pass():
    assert not repaired("The Corvo hall has 999 seats.", "S77").checks.passed


def test_a_year_of_the_models_own_is_cut():
    made = repaired("The Corvo hall opened on 3 May 1999.", "S2")
    assert made.text == "The Corvo hall opened on 3 May."
    assert made.checks.passed


def test_the_quote_stands_in_where_only_it_gives_what_is_asked_for():
    quote = evidence("The maker exchanges the 4,100 older modules free of charge.")
    vague = Supported("The older modules are exchanged free of charge.", (quote,), Checks(), False)
    spoken = with_what_is_wanted(vague, "How many older modules are exchanged free of charge?")
    assert (spoken.text, spoken.evidence, spoken.checks.passed) == (quote.quote, (quote,), True)
    assert with_what_is_wanted(vague, "Are the older modules exchanged?") is vague
    full = Supported("4,100 older modules are exchanged.", (quote,), Checks(), False)
    assert with_what_is_wanted(full, "How many older modules are exchanged?") is full
    without = evidence("The maker exchanges the older modules free of charge.")
    empty = Supported("They are exchanged.", (without,), Checks(), False)
    assert with_what_is_wanted(empty, "How many older modules are exchanged?") is empty


def test_a_list_is_quoted_rather_than_retold():
    quote = evidence("Pell sent two ships, Orm sent nine and Tarn sent a barge.")
    retold = Supported("Pell and Orm sent ships.", (quote,), Checks(), False)
    assert with_what_is_wanted(retold, "Which islands sent ships?").text == quote.quote
    assert with_what_is_wanted(retold, "Did Pell send ships?") is retold


def test_two_values_against_each_other_are_quoted_whole():
    quote = evidence("The port reports 14.5 m, but pilots advise 13.9 m.")
    half = Supported("The draught is 14.5 m.", (quote,), Checks(), False)
    assert with_what_is_wanted(half, "What is the draught?").text == quote.quote


def test_what_else_answers_is_quoted_where_several_things_are_asked_for():
    told = Supported("The Corvo hall has 250 seats.", (SEATS,), Checks(), False)
    asked = "How many seats has the Corvo hall, and when did it open?"
    both = with_all_that_answers([told], [SEATS, MAY], asked, 3)
    assert [each.text for each in both] == [told.text, MAY.quote]
    assert with_all_that_answers([told], [SEATS, MAY], "How many seats are there?", 3) == [told]
    assert with_all_that_answers([told], [SEATS, MAY], asked, 1) == [told]


@pytest.mark.parametrize(
    ("statement", "quoted"),
    [
        ("The Skarn barge has the lowest limit.", True),
        ("Unsted has the lowest limit.", False),
        ("The quay of Unsted has the lowest limit.", False),
        ("It has the lowest limit.", False),
    ],
)
def test_a_name_from_around_the_quote_gives_way_to_the_one_in_it(statement: str, quoted: bool):
    question = "Which of the sites has the lowest limit?"
    one = evidence("The lowest limit of the three is that of Unsted.", before="Skarn barge is new.")
    found = with_what_is_wanted(Supported(statement, (one,), Checks(), False), question)
    assert (found.text == one.quote) is quoted


def test_a_list_that_stands_in_a_table_is_its_rows_in_order():
    text = ["Owner: Pell; Country: Orm; Share: 42.", "Owner: Rue; Country: Ann; Share: 8."]
    pell, rue = (evidence(quote, f"S{n}", start=100 * n) for n, quote in enumerate(text, 1))
    standing = [Supported(rue.quote, (rue,), Checks(), False)]
    (listed,) = with_all_that_answers(standing, [rue, OTHER, pell], "Which owners are there?", 3)
    assert listed.evidence == (pell, rue)
    assert listed.text == " ".join(text)
