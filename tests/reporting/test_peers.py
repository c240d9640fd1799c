"""A municipality's kr. per inhabitant beside the quartiles of others: the numbers."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.peers import FEWEST, GROUPS, Quartiles, compare, position, quartiles
from reporting.returns import MunicipalReturn

TOTAL = "exp_total"


def a_return(code, thousands=None, *, inhabitants=10_000, region="1083", area="social"):
    """`thousands` None: has not answered."""
    spent = {} if not thousands else {area: thousands}
    return MunicipalReturn(
        code=code,
        name=code,
        region=region,
        region_name=region,
        inhabitants=inhabitants,
        immigrants=None,
        responded=thousands is not None,
        expenditure=spent,
        income={},
        initiatives=len(spent),
        counts={},
        version=1,
    )


@pytest.mark.parametrize(
    ("kroner", "expected"),
    [
        ([1, 2, 3, 4, 5], (2, 3, 4)),
        ([5, 3, 1, 4, 2], (2, 3, 4)),
        ([0, 10, 20, 30, 40, 50], (13, 25, 38)),  # 12.5, 25 and 37.5: half away from zero
        ([0, 0, 0, 0, 7], (0, 0, 0)),
        ([Fraction(5, 2)] * 5, (3, 3, 3)),
        ([Fraction(249_999, 100_000)] * 5, (2, 2, 2)),
        ([10**12] * 5, (10**12,) * 3),
    ],
)
def test_quartiles_are_of_type_7_and_rounded_once(kroner, expected):
    assert quartiles([Fraction(one) for one in kroner]) == Quartiles(*map(Decimal, expected))


def naive(rates: list[float], share: float) -> float:
    """By the textbook: between the neighbours of the place 1 + (n - 1)p."""
    ordered = sorted(rates)
    place = 1 + (len(ordered) - 1) * share
    low, high = ordered[math.floor(place) - 1], ordered[math.ceil(place) - 1]
    return low + (place - math.floor(place)) * (high - low)


ANSWERS = st.tuples(
    st.integers(0, 5_000) | st.none(), st.integers(1_000, 700_000), st.sampled_from(["1081", "1083"])
)


@given(st.lists(ANSWERS, max_size=40), st.integers(0, 5_000), st.integers(1_000, 700_000))
def test_two_other_implementations_find_the_same(answers, own_amount, inhabitants):
    others = [
        a_return(str(100 + number), amount, inhabitants=people, region=region)
        for number, (amount, people, region) in enumerate(answers)
    ]
    own = a_return("999", own_amount, inhabitants=inhabitants)
    found = compare(own, [*others, own], [TOTAL])
    assert abs(float(found.rates[TOTAL]) - 1000 * own_amount / inhabitants) <= 0.5 + 1e-9
    for group in found.groups:
        rates = [
            1000 * sum(row.expenditure.values()) / row.inhabitants
            for row in others
            if row.responded and GROUPS[group.kind](row) == GROUPS[group.kind](own)
        ]
        assert group.others == len(rates)
        assert bool(group.quartiles) == (len(rates) >= FEWEST)
        for share, name in ((0.25, "lower"), (0.5, "median"), (0.75, "upper")):
            if group.quartiles:
                shown = float(getattr(group.quartiles[TOTAL], name))
                assert abs(shown - naive(rates, share)) <= 0.5 + 1e-6
                assert abs(shown - np.quantile(rates, share)) <= 0.5 + 1e-6


def test_five_others_are_needed_and_oneself_is_not_one_of_them():
    own = a_return("461", 100)
    four = [a_return(str(n), 1000 * n) for n in range(1, 5)]
    silent, nil = a_return("900"), a_return("901", 0)
    assert [(g.others, g.quartiles) for g in compare(own, [own, *four, silent], [TOTAL]).groups] == [
        (4, {})
    ] * 3
    found = compare(own, [own, *four, nil, silent], [TOTAL])
    assert {g.others for g in found.groups} == {5}
    assert found.groups[0].quartiles[TOTAL] == Quartiles(Decimal(100), Decimal(200), Decimal(300))


def test_one_s_own_amount_moves_nothing_of_the_others():
    others = [a_return(str(n), n * n) for n in range(1, 7)]
    low, high = (compare(a_return("461", own), others, [TOTAL]).groups for own in (0, 99_999))
    assert low == high


def test_a_group_is_of_the_same_size_or_region_or_all():
    own = a_return("461", 10, inhabitants=50_000)
    same_size = [a_return(f"1{n}", 7, inhabitants=99_999, region="1081") for n in range(5)]
    same_region = [a_return(f"2{n}", 1, inhabitants=49_999) for n in range(6)]
    large = [a_return(f"3{n}", 1, inhabitants=100_000, region="1081") for n in range(7)]
    found = compare(own, [own, *same_size, *same_region, *large], [TOTAL])
    assert [(g.kind, g.others) for g in found.groups] == [("size", 5), ("region", 6), ("all", 18)]


@pytest.mark.parametrize(
    ("rate", "place"),
    [
        (1, "below_lower"),
        (2, "at_lower"),
        (3, "below_median"),
        (4, "at_median"),
        (5, "above_median"),
        (6, "at_upper"),
        (7, "above_upper"),
    ],
)
def test_the_words_follow_the_numbers_that_are_shown(rate, place):
    assert position(Decimal(rate), Quartiles(Decimal(2), Decimal(4), Decimal(6))) == place


def test_where_all_quartiles_are_equal_one_lies_on_the_median_or_beyond():
    same = Quartiles(Decimal(0), Decimal(0), Decimal(0))
    assert [position(Decimal(rate), same) for rate in (0, 1)] == ["at_median", "above_upper"]
