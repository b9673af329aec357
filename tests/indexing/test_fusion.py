from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.indexing.fusion import ranks, reciprocal_rank_fusion

RANKING = st.lists(st.integers(0, 30), unique=True, max_size=15)


def fuse(rankings, weights):
    ordered = [{item: rank for rank, item in enumerate(ranking)} for ranking in rankings]
    return reciprocal_rank_fusion(ordered, weights)


def test_equal_scores_share_a_rank():
    assert ranks([(5, 0.9), (2, 0.7), (8, 0.7), (1, 0.1)]) == {5: 0, 2: 1, 8: 1, 1: 3}
    assert ranks([]) == {}


def test_exact_scores():
    fused = fuse([[7, 3], [3, 9]], [1.0, 2.0])
    assert fused == [
        (3, pytest.approx(1 / 62 + 2 / 61)),
        (9, pytest.approx(2 / 62)),
        (7, pytest.approx(1 / 61)),
    ]


@given(st.dictionaries(st.integers(0, 30), st.floats(0.01, 1)), RANKING, st.floats(0.1, 1000))
def test_scaling_one_sources_scores_changes_nothing(scores, other, factor):
    def ranking(scale: float) -> list[int]:
        return sorted(scores, key=lambda item: (-scores[item] * scale, item))

    if len({value * factor for value in scores.values()}) < len(set(scores.values())):
        return  # the product was rounded together
    assert fuse([ranking(1), other], [1, 1]) == fuse([ranking(factor), other], [1, 1])


@given(RANKING, RANKING)
def test_symmetric(one, other):
    assert dict(fuse([one, other], [1, 1])) == pytest.approx(dict(fuse([other, one], [1, 1])))


@given(RANKING.filter(lambda r: len(r) > 1), RANKING, st.data())
def test_rising_in_one_ranking_never_lowers_the_fused_rank(one, other, data):
    at = data.draw(st.integers(1, len(one) - 1))
    risen = one.copy()
    risen[at - 1], risen[at] = risen[at], risen[at - 1]
    before = [item for item, _ in fuse([one, other], [1, 1])]
    after = [item for item, _ in fuse([risen, other], [1, 1])]
    assert after.index(one[at]) <= before.index(one[at])


@given(RANKING, RANKING)
def test_a_weight_of_zero_leaves_the_other_ranking(one, other):
    assert [item for item, _ in fuse([one, other], [1, 0])] == one
