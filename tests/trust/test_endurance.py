"""A short form of `make soak`."""

from __future__ import annotations

import pytest

from tests.tools.endurance import Reading, endure, problems


@pytest.mark.slow
def test_three_hundred_operations_leave_nothing_behind() -> None:
    first, last = endure(300)
    # So early memory still grows by caches; the long form holds it to 5 %.
    assert [each for each in problems(first, last) if not each.startswith("memory")] == []
    assert last.memory < 1.3 * first.memory


def test_the_judge_of_growth() -> None:
    first = Reading(100_000_000, 1000, 10, 3)
    assert problems(first, first) == []
    assert len(problems(first, Reading(106_000_000, 1400, 11, 4))) == 4
