"""Which share of the names of a question its quotes hold: a near miss speaks of somebody else."""

from __future__ import annotations

import pytest

from rag.answering.abstention import named
from tests.answering.support import evidence


@pytest.mark.parametrize(
    ("question", "item", "share"),
    [
        ("What profit did Lanmei make?", evidence("Lanmei's profit was 4 million."), 1.0),
        ("What profit did Lanmei make?", evidence("Profit was 4 million."), 0.0),
        (
            "What profit did Lanmei make?",
            evidence("Profit was 4 million.", title="Lanmei's year"),
            1.0,
        ),
        (
            "What did Ostrelle Telecom earn in March?",
            evidence("Operators in Ostrelle earned 3 million."),
            0.5,
        ),
        ("How many sailors were hurt?", evidence("Eleven sailors were hurt."), 1.0),
        ("What does China export to Peru?", evidence("Chinese exports to Peru are drones."), 1.0),
        ("蓝梅公司的利润是多少？", evidence("蓝梅的利润为四百万元。"), 1.0),
        ("蓝梅公司的利润是多少？", evidence("青河的利润为四百万元。"), 0.0),
    ],
)
def test_aliases_and_the_setting_count(question, item, share):
    assert named(question, [item]) == pytest.approx(share)


def test_names_are_found_in_what_is_cited_together():
    cited = [evidence("Lanmei grew."), evidence("Dongzhi shrank.")]
    assert named("Did Lanmei or Dongzhi grow?", cited) == 1.0
    assert named("Did Lanmei or Dongzhi grow?", []) == 0.0
