"""Every measure on examples worked by hand, and against independent implementations."""

from math import isnan, log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluation.measures.abstention import (
    auroc,
    expected_calibration_error,
    reliability,
    risk_coverage,
)
from rag.evaluation.measures.citations import by_character, by_sentence, shows_conflict
from rag.evaluation.measures.correctness import (
    found_groups,
    has_forbidden,
    is_right,
    list_f1,
    supported,
)
from rag.evaluation.measures.intervals import (
    bootstrap_ratio,
    mcnemar_exact,
    paired_bootstrap,
    ratio,
)
from rag.evaluation.measures.ranking import (
    by_document,
    gains,
    ndcg_at,
    recall_at,
    reciprocal_rank,
)
from rag.evaluation.measures.spans import Span, covers, shared_characters, size

metrics = pytest.importorskip("sklearn.metrics")
stats = pytest.importorskip("scipy.stats")

A = [[Span("a", 100, 200)], [Span("a", 500, 600), Span("b", 0, 100)]]


def test_covering_is_half_of_the_shorter_span():
    gold = Span("a", 100, 200)
    assert covers(Span("a", 0, 150), gold)
    assert not covers(Span("a", 0, 149), gold)
    assert covers(Span("a", 190, 200), gold)
    assert not covers(Span("a", 195, 206), gold)
    assert not covers(Span("b", 100, 200), gold)


def test_ranking_by_hand():
    ranked = [Span("c", 0, 9), Span("b", 0, 400), Span("a", 450, 700), Span("a", 0, 400)]
    found = gains(ranked, A)
    assert found == [0, 1, 0, 1]
    assert [recall_at(found, 2, k) for k in (1, 2, 4)] == [0.0, 0.5, 1.0]
    assert reciprocal_rank(found) == 0.5
    ideal = 1 + 1 / log2(3)
    assert ndcg_at(found, 2) == pytest.approx((1 / log2(3) + 1 / log2(5)) / ideal)
    assert ndcg_at(found, 2, k=3) == pytest.approx((1 / log2(3)) / ideal)
    places, documents = by_document(ranked, [*A, A[0]])
    assert [place.document for place in places] == ["c", "b", "a"]
    assert [[span.document for span in group] for group in documents] == [["a"], ["a", "b"]]
    assert gains(places, documents) == [0, 1, 1]


def test_one_passage_with_both_groups_is_ideal():
    found = gains([Span("a", 0, 700)], A)
    assert (found, ndcg_at(found, 2)) == ([2], 1.0)
    assert (reciprocal_rank([]), ndcg_at([], 2), recall_at([], 2, 5)) == (0.0, 0.0, 0.0)


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=10))
def test_ndcg_against_scikit_learn(relevant):
    if not any(relevant):
        return
    scores = np.arange(len(relevant), 0, -1)
    expected = metrics.ndcg_score([[float(one) for one in relevant]], [scores], k=10)
    assert ndcg_at([int(one) for one in relevant], sum(relevant)) == pytest.approx(expected)


def test_right_needs_every_group_and_nothing_forbidden():
    groups = [["Lin Wei", "Mr Lin"], ["€2.4bn"]]
    text = "Lin Wei put in 2,400 million euros [1]."
    assert is_right(text, groups)
    assert found_groups("Mr Lin did.", groups) == 1
    assert not is_right("Mr Lin did.", groups)
    assert not is_right(text, groups, forbidden=["put  IN"])
    assert has_forbidden("Say\nBANANA now", ["say banana"])
    assert not is_right("anything", [])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("No, it did not [1].", True),
        ("The plan failed. No.", True),
        ("It ended no later than May.", False),
        ("Northern ports did.", False),
    ],
)
def test_no_is_an_answer_only_where_a_sentence_begins(text, right):
    assert is_right(text, [["no"]], yes_or_no=True) is right


def test_list_f1_by_hand():
    groups = [["Oslo"], ["Riga"], ["Turku"]]
    assert list_f1("Oslo, Riga and Turku [1].", groups) == 1.0
    # Two of three pieces are right, two of three groups found.
    assert list_f1("Oslo; Riga; Paris", groups) == pytest.approx(2 / 3)
    assert list_f1("Oslo", groups) == pytest.approx(2 * 1 * (1 / 3) / (4 / 3))
    assert list_f1("", groups) == 0.0


def test_support_holds_figures_against_quotes():
    quote = "The port handled 2.4 million tonnes on 3 May 2024."
    assert supported("It moved 2,400,000 t in May 2024 [1].", [quote])
    assert not supported("It moved 2.5 million tonnes [1].", [quote])
    assert not supported("It moved goods.", [])


def test_citations_by_hand():
    cited = [Span("a", 150, 250), Span("c", 0, 100)]
    assert by_sentence(cited, A) == (0.5, 0.5)
    # 50 of 200 cited characters are gold; the groups' best shares are 0.5 and 0.
    assert by_character(cited, A) == (0.25, 0.25)
    assert by_sentence(cited, A).f1 == 0.5
    assert by_sentence([], A) == (0.0, 0.0)
    assert by_character([], A).f1 == 0.0
    assert size([Span("a", 0, 10), Span("a", 5, 20), Span("b", 0, 1)]) == 21
    assert shared_characters([Span("a", 0, 10)], [Span("a", 2, 4), Span("a", 3, 20)]) == 8


def test_a_conflict_must_cite_both_sides():
    first, second, other = Span("a", 100, 200), Span("b", 0, 100), Span("c", 0, 50)
    assert shows_conflict([[first, second]], A)
    assert not shows_conflict([[first, other]], A)
    assert not shows_conflict([[first], [second]], A)
    assert shows_conflict([[first, other]], A[:1])
    assert not shows_conflict([[first]], A[:1])
    assert not shows_conflict([], A)


def test_auroc_by_hand_and_against_scikit_learn():
    assert auroc([0.9, 0.8, 0.3], [True, False, False]) == 1.0
    assert auroc([0.5, 0.5], [True, False]) == 0.5
    assert auroc([0.9, 0.2, 0.4, 0.1], [True, True, False, False]) == 0.75
    assert isnan(auroc([0.5], [True]))
    random = np.random.default_rng(3)
    scores, labels = random.integers(0, 9, 200) / 9, random.random(200) < 0.4
    expected = metrics.roc_auc_score(labels, scores)
    assert auroc(scores.tolist(), labels.tolist()) == pytest.approx(expected)


def test_risk_coverage_by_hand():
    curve = risk_coverage([0.9, 0.8, 0.7, 0.6], [False, True, False, True])
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert curve.area == pytest.approx(1 / 3)


def test_ties_make_no_order():
    assert risk_coverage([0.5] * 4, [True, False, False, False]).area == pytest.approx(0.25)


def test_calibration_error_by_hand():
    # Bin (0.9, 1]: two answers, mean 0.95, half right. Bin (0.1, 0.2]: one, 0.2, wrong.
    confidence, right = [0.92, 0.98, 0.2], [True, False, False]
    assert expected_calibration_error(confidence, right) == pytest.approx((2 * 0.45 + 0.2) / 3)
    assert [bar.answers for bar in reliability(confidence, right)] == [1, 2]
    assert reliability([0.0], [False])[0][:3] == (0.0, 0.1, 1)
    assert isnan(expected_calibration_error([], []))


def test_mcnemar_by_hand_and_against_scipy():
    assert mcnemar_exact(0, 0) == 1.0
    assert mcnemar_exact(1, 8) == pytest.approx(2 * 10 / 512)
    assert mcnemar_exact(5, 5) == 1.0
    for first, second in [(3, 9), (12, 2), (7, 8), (0, 5), (560, 640), (2000, 1900), (0, 3000)]:
        expected = stats.binomtest(first, first + second, 0.5).pvalue
        assert mcnemar_exact(first, second) == pytest.approx(expected)


def test_a_measure_is_a_ratio_of_sums():
    assert ratio([(1.0, 2.0), (0.0, 0.0), (2.0, 4.0)]) == 0.5
    assert isnan(ratio([(0.0, 0.0)]))
    assert isnan(ratio([]))


def test_bootstrap_against_the_normal_interval():
    values = [1.0] * 80 + [0.0] * 20
    low, high = bootstrap_ratio(values, [1.0] * 100)
    assert (low, high) == bootstrap_ratio(values, [1.0] * 100)
    half = 1.96 * (0.8 * 0.2 / 100) ** 0.5
    assert (low, high) == (
        pytest.approx(0.8 - half, abs=0.015),
        pytest.approx(0.8 + half, abs=0.015),
    )
    assert all(isnan(one) for one in bootstrap_ratio([0.0], [0.0]))


def test_paired_bootstrap_sees_a_small_steady_gain():
    first = [(value, 1.0) for value in [0.0, 1.0] * 50]
    second = [(value, 1.0) for value in [0.0, 1.0] * 44 + [1.0, 1.0] * 6]
    low, high = paired_bootstrap(first, second)
    assert 0.0 < low < 0.06 < high < 0.12
    assert paired_bootstrap(first, first) == (0.0, 0.0)


def test_paired_bootstrap_of_a_share_of_what_each_run_answered():
    careful = [(0.0, 1.0)] * 30 + [(0.0, 0.0)] * 30  # answers half, none wrong
    rash = [(0.0, 1.0)] * 30 + [(1.0, 1.0)] * 30  # answers all, half wrong
    low, high = paired_bootstrap(careful, rash)
    assert 0.3 < low < 0.5 < high < 0.7
