"""Shares against figures computed by hand: four municipalities of 100, 200, 300 and 400 inhabitants."""

from decimal import Decimal

import pytest

from reporting.figures.shares import gini, lorenz_points, top_share

# Per inhabitant 3, 0, 1 and 1; in all 1,000 inhabitants and 1,000.
PAIRS = [(100, 300), (200, 0), (300, 300), (400, 400)]


def test_the_curve_cumulates_from_the_least_per_inhabitant():
    assert lorenz_points(PAIRS) == [(0, 0), (0.2, 0), (0.5, 0.3), (0.9, 0.7), (1, 1)]


def test_gini_is_twice_the_area_between_diagonal_and_curve():
    # Below the curve: 0 + 0.3 * 0.3 / 2 + 0.4 * (0.3 + 0.7) / 2 + 0.1 * (0.7 + 1) / 2 = 0.33
    assert gini(PAIRS) == 0.34


def test_gini_is_exactly_0_when_all_have_the_same_per_inhabitant():
    assert gini([(3, Decimal("0.3")), (7, Decimal("0.7")), (1, Decimal("0.1"))]) == 0


def test_gini_is_nearly_1_when_one_of_many_has_it_all():
    assert gini([(1, 0)] * 97 + [(1, 5)]) == 1 - 1 / 98


def test_the_order_of_the_municipalities_does_not_matter():
    assert lorenz_points(PAIRS[::-1])[1] == lorenz_points(PAIRS)[1]
    assert gini(PAIRS[::-1]) == gini(PAIRS)


def test_with_one_inhabitant_each_the_curve_counts_municipalities():
    assert lorenz_points([(1, 30), (1, 10)]) == [(0, 0), (0.5, 0.25), (1, 1)]


def test_the_top_is_by_amount_and_not_by_amount_per_inhabitant():
    top = top_share(PAIRS, 1)
    assert (top.amount, top.inhabitants) == (0.4, 0.4)
    assert top_share(PAIRS, 2) == (0.7, 0.5)  # of the two with 300 the one that stands first
    assert top_share(PAIRS, 99) == (1, 1)


def test_decimals_are_shared_exactly():
    assert top_share([(1, Decimal("0.1")), (1, Decimal("0.2"))], 1).amount == 2 / 3


@pytest.mark.parametrize("pairs", [[], [(5, 0), (6, 0)]])
def test_nothing_to_share_is_no_inequality(pairs):
    assert lorenz_points(pairs) == [(0, 0), (1, 1)]
    assert gini(pairs) == 0
    assert top_share(pairs, 5).amount == 0


@pytest.mark.parametrize("pair", [(0, 1), (-1, 1), (1, -1)])
def test_what_has_no_share_is_refused(pair):
    with pytest.raises(ValueError, match="inhabitants above 0"):
        gini([(1, 1), pair])
