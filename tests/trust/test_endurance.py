"""A short form of `make soak`."""

from __future__ import annotations

import pytest

from rag.answering import names
from rag.answering.figures import figures
from rag.indexing import duplicates
from tests.tools.endurance import Reading, endure, problems
from tests.tools.load import load


@pytest.mark.slow
def test_three_hundred_operations_leave_nothing_behind() -> None:
    first, last = endure(300)
    # So early memory still grows by caches; the long form holds it to 5 %.
    assert [each for each in problems(first, last) if not each.startswith("memory")] == []
    assert last.memory < 1.3 * first.memory


def test_what_is_remembered_of_texts_fills_early() -> None:
    """Found by a soak: 4,096 remembered sentences were still filling memory after 6,000 steps."""
    for remembered in (figures, names._source, duplicates._marks):
        assert 0 < remembered.cache_info().maxsize <= 512


def test_the_judge_of_growth() -> None:
    first = Reading(100_000_000, 1000, 10, 3)
    assert problems(first, first) == []
    assert len(problems(first, Reading(106_000_000, 1400, 11, 4))) == 4


@pytest.mark.slow
def test_twenty_clients_get_their_own_answers() -> None:
    told, first, last = load(20, 8.0)
    assert told.wrong == []
    assert sum(told.served.values()) > 20 and told.left > 0
    assert min(told.served[number] for number in range(20)) > 0, "nobody is starved"
    assert sum(told.at_the_end.values()) == 20, "each was answered, told, or found nobody"
    assert last.memory < 1.3 * first.memory
