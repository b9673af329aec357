"""Comparison by value: the forms in which one figure or date is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluation.values import Date, Quantity, Word, contains, tokens


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("It cost €2.4bn in all [1].", "2,400 million"),
        ("It cost 2.4 billion euros.", "€2.4bn"),
        ("It cost 2.4 bn.", "EUR 2.4 billion"),
        ("About US$5m was paid.", "5 million dollars"),
        ("It carries 22.5 tons.", "22,500 kg"),
        ("It carries 22.5 t of it.", "22.5"),
        ("The share is 31 percent.", "31%"),
        ("占百分之31。", "31%"),
        ("收入6369亿元。", "CNY 636.9 billion"),
        ("Twenty-five satellites fly.", "25 satellites"),
        ("One hundred and six ships.", "106 ships"),
        ("It was launched on 29 April 2021.", "April 29"),
        ("It was launched on Apr. 29, 2021.", "2021-04-29"),
        ("It was launched on the 29th of April, 2021", "April 2021"),
        ("于2021年4月29日发射", "29 April 2021"),
        ("It was launched on 29 April 2021.", "2021"),
        ("The ELM-2070 payload", "ELM2070"),
        ("From 60–80 tons", "80 tons"),
        ("Mr Müller’s firm", "Muller"),
        ("the U.S. Navy", "US Navy"),
        ("It is led by 王小明 now.", "王小明"),
        ("It is called the王小明法, wang xiaoming fa.", "王小明法"),
        ("between 69 and 135 million", "135 million"),
        ("Nothing was done.", "re:not|nothing"),
    ],
)
def test_the_same_said_otherwise_is_found(text, alias):
    assert contains(text, alias)


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("It cost 2.4 million.", "2.4 billion"),
        ("It cost €2.4bn.", "$2.4bn"),
        ("It carries 22.5 kg.", "22.5 t"),
        ("There are 31 of them.", "31%"),
        ("The share rose 5 percentage points.", "5%"),
        ("It flew on 29 April.", "2021-04-29"),
        ("It flew in April 2021.", "29 April 2021"),
        ("It flew on 28 April 2021.", "29 April 2021"),
        ("The Tianhe-1 module", "1"),
        ("In 2025 it had 125 of them.", "25"),
        ("Several came [4].", "4"),
        ("Lin Wei", "Wei Lin"),
        ("the port of Rigan", "Riga"),
    ],
)
def test_something_else_is_not_found(text, alias):
    assert not contains(text, alias)


def test_tokens_of_a_sentence():
    assert tokens("On 3 May 2024 the VT-4 sold for about $1.5m, up 12%.") == [
        Word("on"), Date(2024, 5, 3), Word("vt4"), Word("sold"), Word("for"),
        Quantity(1_500_000.0, "usd"), Word("up"), Quantity(12.0, "%"),
    ]  # fmt: skip


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_thousands_separators_do_not_matter(number):
    assert contains(f"It was {number:,} then.", str(number))
    assert not contains(f"It was {number:,} then.", str(number + 1))


@settings(deadline=None)
@given(st.dates())
def test_a_date_is_found_in_every_form(date):
    iso = f"{date.year:04d}-{date.month:02d}-{date.day:02d}"
    month = f"{date:%B}"
    for form in (f"{month} {date.day}, {date.year:04d}", f"{date.day} {month} {date.year:04d}"):
        assert contains(f"Signed on {form} there.", iso)
        assert contains(f"Signed on {iso} there.", form)


ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number):
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    most, rest = divmod(number, size)
    joint = "" if not rest else " and " if rest < 100 else " "
    return f"{in_words(most)} {name}" + (f"{joint}{in_words(rest)}" if rest else "")


@settings(deadline=None)
@given(st.integers(0, 99_999))
def test_a_number_in_words_is_the_number(number):
    said = f"There were {in_words(number)} ships."
    assert contains(said, str(number))
    assert not contains(said, str(number + 1))
    assert tokens(in_words(number)) == [Quantity(float(number))]
