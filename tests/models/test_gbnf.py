"""A grammar as a check of finished text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answering import grammar as answer_grammar
from rag.errors import ModelError
from rag.models.gbnf import compiled, fit

LABELS = ["S1", "S2", "S12"]
ANSWERS = answer_grammar.build(LABELS, statements=3)
YES_NO = answer_grammar.build(LABELS, statements=1, yes_no=True)
prose = st.from_regex(r"[A-M][a-z ,.0-9]{3,60}", fullmatch=True)
cited = st.lists(st.sampled_from(LABELS), min_size=1, max_size=2)


@pytest.mark.parametrize(
    ("grammar", "good", "bad"),
    [
        ('root ::= "a" | "b" "c"', ["a", "bc"], ["", "b", "ac", "abc"]),
        ('root ::= ("a" | "b"){2,3}', ["ab", "bbb"], ["a", "abab"]),
        ('root ::= x "." x?\nx ::= [0-9]+', ["1.", "12.3"], [".1", "1"]),
        ('root ::= "\\"" "\\x41" "\\u4e2d" "\\n"', ['"A中\n'], ['"A中', "A中\n"]),
        ('root ::= [^\\]a] # a comment "x"\n', ["b", "["], ["a", "]"]),
        ('root ::= "a.b*"', ["a.b*"], ["aXb", "a.bb"]),
        ('root ::=\n  "a"\n  "b"', ["ab"], ["a"]),
        ("root ::= . .", ["ab", "\n\n"], ["a"]),
    ],
)
def test_what_a_grammar_admits(grammar: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not compiled(grammar).fullmatch(text)] == []
    assert [text for text in bad if compiled(grammar).fullmatch(text)] == []


@pytest.mark.parametrize(
    ("grammar", "words"),
    [
        ('root ::= "(" root ")" | "x"', "leads back"),
        ("root ::= other", "'other'"),
        ('start ::= "x"', "'root'"),
        ('root ::= "x', "parse at"),
        ('root ::= ("x"', "does not parse"),
        ('"x"', "not with a rule"),
    ],
)
def test_a_grammar_that_cannot_be_checked_is_refused(grammar: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        compiled(grammar)


@settings(deadline=None)
@given(st.lists(st.tuples(prose, cited), min_size=1, max_size=3))
def test_pointing_answers_fit_whole_and_others_up_to_where_they_stray(parts) -> None:
    text = " ".join(words + "".join(f"[{label}]" for label in labels) for words, labels in parts)
    assert fit(text, ANSWERS) == text
    assert fit(text + ".", ANSWERS) == text
    assert fit(text.replace("[S", "[T"), ANSWERS) == ""
    assert fit("1" + text, ANSWERS) == ""


def test_a_yes_no_answer_opens_with_yes_or_no() -> None:
    assert fit("Yes, it did.[S1]", YES_NO) == "Yes, it did.[S1]"
    assert fit("It did.[S1]", YES_NO) == ""
