"""A sentence's first word that is a name, and not the one of its source."""

from __future__ import annotations

import pytest

from rag.answering.subjects import exchanged_subject


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Huawei is the largest maker.", "Xiaomi is the largest maker."),
        ("Pell is the largest maker.", "The largest maker is Orm."),
        ("Kestrel has eight yards.", "Ferrol has eight yards."),
        ("Kestrel also has a yard.", "Ferrol also has a yard."),
        ("Bangladesh received 36 jets.", "Pakistan received 36 jets."),
        ("Hynix cut its output.", "Samsung cut its output."),
        ("Thailand exports mostly cloth.", "Vietnam exports mostly cloth."),
        ("Boeing delivered 40 jets.", "Airbus delivered 40 jets."),
        ("Yes, Huawei is the largest.", "Xiaomi is the largest."),
        ("France will buy five.", "Norway will buy five."),
    ],
)
def test_an_exchanged_name_is_seen(statement, source):
    assert exchanged_subject(statement, source) == statement.removeprefix("Yes, ").split()[0]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("Output is 5 million tons.", "Orm makes 5 million tons."),
        ("Production is at Voss.", "Orm makes it at Voss."),
        ("Ships sail under its flag.", "Vessels of Orm sail under it."),
        ("High levels of zinc were found.", "Orm levels of zinc were found."),
        ("Renewal is due.", "The licence of Orm is to be renewed."),
        ("Nobody was hurt.", "At Orm all got away."),
        ("Seven were hurt.", "At Orm 7 were hurt."),
        ("Launches will follow.", "Orm will launch more."),
        ("Pell is the largest maker.", "It is the largest maker."),
        ("Pell is larger than Orm.", "Orm is smaller."),
    ],
)
def test_a_common_word_or_a_source_that_names_no_other_is_let_be(statement, source):
    assert exchanged_subject(statement, source) is None
