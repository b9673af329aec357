"""What a question wants, and whether a statement gives it."""

from __future__ import annotations

import pytest

from rag.answering.questions import gives, wanted, wants_list


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the ferry sink?", "date"),
        ("How many crews took part?", "figure"),
        ("Who leads the yard?", "person"),
        ("Where did the anchor turn up?", "place"),
        ("Which shipping line put off its service?", "name"),
        ("Which bank in Orm lends the money?", "name"),
        ("What had the ministry reckoned with?", None),
        ("Why did the yard close?", None),
        ("How tall was the mast when the bridge opened?", "figure"),
        ("Who signed, and when?", "person"),
        ("Could you tell me when it sank?", "date"),
        ("码头什么时间开放？", "date"),
        ("Since when has the yard been closed?", "date"),
        ("What is the Chinese expression for the sea power it wants to be?", "name"),
        ("What is the power of the plant?", "figure"),
        ("Did the dishes survive when the mast fell?", None),
    ],
)
def test_the_kind_is_read_from_the_wording(question: str, kind: str | None):
    assert wanted(question) == kind


@pytest.mark.parametrize(
    ("question", "statement", "given"),
    [
        ("Which bank in Orm lends the money?", "The bank in Orm lends it at five percent.", False),
        ("Which bank in Orm lends the money?", "Pell Savings lends it at five percent.", True),
        ("Who made the turbines?", "Power comes from two turbines of 60 kW.", False),
        ("Who succeeded Fei Lan?", "The chairman, Fei Lan (费兰), resigned in May.", False),
        ("谁接替了费兰?", "接替费兰的是陆一舟。", True),
        ("What is the Chinese name of Orm?", "Orm is written as 奥尔姆 there.", True),
        ("What is the name of the chairman of Orm?", "Orm (奥尔姆) has a chairman.", False),
        ("Where did the anchor turn up?", "Klaipeda.", True),
        ("Which maker sold more, Pell or Orm?", "Orm sold more of them than Pell.", True),
        ("Which maker sold more, Pell or Orm?", "It sold more of them than the other.", False),
        ("How many boats are there?", "There are boats.", False),
        ("How many boats are there?", "There are 12 boats.", True),
        ("How many boats are there?", "Boats made up 33 percent.", False),
        ("How many kilometres is it long?", "It is 12 km long and weighs 3 t.", True),
        ("How many kilometres is it long?", "It weighs 3 t.", False),
        ("What does Orm charge for a launch?", "Orm charges 310 kg.", False),
        ("What does Orm charge for a launch?", "Orm charges 310 crowns.", True),
        ("What does Orm charge for a launch?", "Orm charges €2.1 million.", True),
        ("What share does Pell hold?", "Pell holds 25 percent of it.", True),
        ("What share does Pell hold?", "Pell holds it for 22 years.", False),
        ("How tall is the mast?", "The mast weighs 3 t.", False),
        ("How long is the strike?", "The strike takes 3 days.", True),
        ("How big is the mast?", "The mast weighs 3 t.", True),
        ("When in 2024 did it open?", "It opened in 2024.", False),
        ("When in 2024 did it open?", "It opened on 3 May 2024.", True),
        ("Why did the yard close?", "It closed.", True),
        ("Who led the C-Orm inquiry?", "The chairwoman led the C-Orm inquiry.", False),
        ("Who is the first diver?", "A non-Ormish diver is to go to the Orm Reef Base.", False),
        ("Who is the first diver?", "The first diver of the Orm Reef Base is Ada Lund.", True),
        ("Who owns the base?", "The Orm Reef Trust owns it.", True),
        ("Which company holds the licence?", "Skogsarv holds it until 2031.", True),
        ("Which company holds the licence?", "Work on it goes on until 2031.", False),
    ],
)
def test_whether_a_statement_gives_it(question: str, statement: str, given: bool):
    assert gives(wanted(question), statement, question) is given


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("In what three ways were they lost?", True),
        ("Which seven metals need a licence?", True),
        ("What diving suit types did Orm buy?", True),
        ("What company makes the suits?", False),
        ("Who built the mast, and when?", False),
        ("Which of the two is heavier?", False),
    ],
)
def test_lists_are_told_from_other_questions(question: str, several: bool):
    assert wants_list(question) is several
