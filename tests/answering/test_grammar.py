from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering import grammar
from rag.answering.generation import parse
from rag.types import Message

ONE = r"[^\[\]<>\n\r]+(?:\[S[12]\]){1,2}"


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("It has six seats. [S1]", [("It has six seats.", ("S1",))]),
        ("It has six seats[S1][S2]", [("It has six seats.", ("S1", "S2"))]),
        ("One. [S1] Two. [S2]", [("One.", ("S1",)), ("Two.", ("S2",))]),
        ("One. [S1][S1]", [("One.", ("S1",))]),
        ("它有六个座位[S1]", [("它有六个座位。", ("S1",))]),
        ("One. [S1] Cut off in the mid", [("One.", ("S1",))]),
        ("No label at all.", []),
        ("", []),
        ("[S1]", []),
        ("S1: It has six seats. [S1]", [("It has six seats.", ("S1",))]),
    ],
)
def test_drafts_are_read_back(raw, read):
    assert [(each.text, each.labels) for each in parse(raw)] == read


@pytest.mark.parametrize(
    ("prose", "kept"),
    [
        ("They used three inverters because.", False),
        ("It was late owing to", False),
        ("The yard built the", False),
        ("They were late because of the wind.", True),
        ("The ration holds vitamin A.", True),
        ("That is the pier they were looking for.", True),
    ],
)
def test_a_sentence_that_breaks_off_is_none(prose, kept):
    assert bool(parse(f"{prose} [S1]")) is kept


@given(st.text(max_size=100))
def test_any_draft_is_read_and_prose_keeps_no_label(raw):
    for statement in parse(raw):
        assert statement.labels
        assert not re.search(r"\[\w+\]", statement.text)


def test_the_rules_name_each_label_and_no_other():
    rules = grammar.build(["S1", "S2"], statements=2)
    assert 'label ::= "S1" | "S2"' in rules
    assert '"Yes, "' not in rules
    assert '"Yes, " | "No, "' in grammar.build(["S1"], statements=1, yes_no=True)


@pytest.mark.parametrize("yes_no", [False, True])
def test_the_tiny_model_writes_nothing_outside_the_grammar(tiny_generator, yes_no):
    rules = grammar.build(["S1", "S2"], statements=1, yes_no=yes_no)
    messages = [
        Message("system", "Write <b>bold</b> lists with [S9] and [1] as citations."),
        Message("user", "S1: The hall has six seats.\nS2: It opened in May.\nIs it large?"),
    ]
    tokens = list(tiny_generator.stream(messages, rules, 48))
    written = "".join(token.text for token in tokens)
    finished = re.fullmatch(("(?:Yes|No), " if yes_no else "") + ONE, written)
    unfinished = len(tokens) >= 47 and re.fullmatch(r"[^\[\]<>\n\r]*", written)
    assert finished or unfinished, written
    if yes_no:
        assert written.startswith(("Yes, ", "No, "))
