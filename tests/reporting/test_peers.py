"""A municipality's kr. per inhabitant beside the quartiles of others: the numbers."""

import math
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.peers import (
    FEWEST,
    GROUPS,
    Quartiles,
    Snapshot,
    compare,
    groups_of,
    position,
    quartiles,
    refreshed,
)
from reporting.returns import MunicipalReturn

TOTAL = "exp_total"
START = datetime(2026, 3, 1, tzinfo=UTC)


def compared(own, returns):
    """As if all had answered at once."""
    return compare(own, dict.fromkeys(GROUPS, Snapshot(START, returns)), [TOTAL])


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
    found = compared(own, [*others, own])
    assert abs(float(found.rates[TOTAL]) - 1000 * own_amount / inhabitants) <= 0.5 + 1e-9
    for group in found.groups:
        rates = [
            1000 * sum(row.expenditure.values()) / row.inhabitants
            for row in others
            if row.responded and GROUPS[group.kind](row) == GROUPS[group.kind](own)
        ]
        assert group.others == len(rates)
        assert len(rates) >= FEWEST or not group.quartiles
        for share, name in ((0.25, "lower"), (0.5, "median"), (0.75, "upper")):
            if group.quartiles:
                shown = float(getattr(group.quartiles[TOTAL], name))
                assert abs(shown - naive(rates, share)) <= 0.5 + 1e-6
                assert abs(shown - np.quantile(rates, share)) <= 0.5 + 1e-6


def test_five_others_are_needed_and_oneself_is_not_one_of_them():
    own = a_return("461", 100)
    four = [a_return(str(n), 1000 * n) for n in range(1, 5)]
    silent, nil = a_return("900"), a_return("901", 0)
    assert [(g.others, g.quartiles) for g in compared(own, [own, *four, silent]).groups] == [(4, {})] * 3
    found = compared(own, [own, *four, nil, silent])
    assert {g.others for g in found.groups} == {5}
    assert found.groups[0].quartiles[TOTAL] == Quartiles(Decimal(100), Decimal(200), Decimal(300))


def test_one_s_own_amount_moves_nothing_of_the_others():
    others = [a_return(str(n), n * n) for n in range(1, 7)]
    low, high = (compared(a_return("461", own), others).groups for own in (0, 99_999))
    assert low == high


def test_a_group_is_of_the_same_size_or_region_or_all():
    own = a_return("461", 10, inhabitants=50_000)
    same_size = [a_return(f"1{n}", 7, inhabitants=99_999, region="1081") for n in range(5)]
    same_region = [a_return(f"2{n}", 1, inhabitants=49_999) for n in range(6)]
    large = [a_return(f"3{n}", 1, inhabitants=100_000, region="1081") for n in range(7)]
    found = compared(own, [own, *same_size, *same_region, *large])
    assert [(g.kind, g.others) for g in found.groups] == [("size", 5), ("region", 6), ("all", 18)]


def test_of_groups_that_are_nearly_the_same_the_first_is_shown():
    own = a_return("461", 10)
    same_region = [a_return(f"2{n}", n) for n in range(6)]
    elsewhere = [a_return(f"3{n}", n, region="1081") for n in range(5)]
    large = [a_return(f"4{n}", n, inhabitants=200_000, region="1081") for n in range(5)]

    def shown(*others):
        return [group.kind for group in compared(own, others).groups if group.quartiles]

    assert shown(*same_region) == ["size", "region", "all"]  # the same six three times
    assert shown(*same_region, *elsewhere[:4]) == ["size", "all"]  # who has both has the four
    assert shown(*same_region, *elsewhere) == ["size", "region", "all"]
    assert shown(*same_region, *large[:1]) == ["size", "region"]
    assert shown(*same_region, *large) == ["size", "region", "all"]


def test_a_group_is_made_again_when_five_more_have_answered():
    changes = [(START + timedelta(days=n), str(n), 1) for n in range(11)]
    codes = {code for _at, code, _change in changes}
    found = [refreshed(changes[:count], codes) for count in range(12)]
    made = [None] * 5 + [START + timedelta(days=4)] * 5 + [START + timedelta(days=9)] * 2
    assert found == made
    at_once = [(START, code, 1) for code in codes]
    assert refreshed(at_once, codes) == START and refreshed(at_once, codes - set("0123456")) is None
    again = [(START + timedelta(days=20 + n), code, 1) for n, code in enumerate(codes)]
    assert refreshed([*changes, *again], codes) == START + timedelta(days=9)  # new versions of the same
    assert refreshed([*changes[:7], (START, "8", -1), (START, "8", 1)], codes) == START + timedelta(days=4)


@given(st.permutations(range(30)), st.lists(st.tuples(st.integers(0, 29), st.booleans()), max_size=20))
def test_no_single_answer_moves_what_is_shown(order, afterwards):
    """Told from the beginning: whatever is shown anew has at least five that were not in it before."""
    turns = [(number, number * number) for number in order]
    turns[15:15] = [(number, None if gone else 9_999) for number, gone in afterwards]
    people = [10_000 if n % 3 else 200_000 for n in range(30)]
    frame = {
        str(100 + n): a_return(str(100 + n), inhabitants=people[n], region=("1081", "1083")[n % 2])
        for n in range(30)
    }
    own = a_return("999", 7)
    codes = groups_of(own, [*frame.values(), own])
    at_time, changes, live, before = {START: dict(frame)}, [], defaultdict(int), {}
    for minute, (number, amount) in enumerate(turns, start=1):
        at, code = START + timedelta(minutes=minute), str(100 + number)
        if amount is None and not live[code]:
            continue
        changes += [(at, code, -live[code])] if amount is None else [(at, code, 1)]
        live[code] = 0 if amount is None else live[code] + 1
        row = frame[code]
        frame[code] = a_return(code, amount, inhabitants=row.inhabitants, region=row.region)
        at_time[at] = dict(frame)
        moments = {kind: refreshed(changes, among) or at for kind, among in codes.items()}
        found = compare(
            own, {kind: Snapshot(m, list(at_time[m].values())) for kind, m in moments.items()}, [TOTAL]
        )
        for group in found.groups:
            if not group.quartiles:
                continue
            members = {c for c in codes[group.kind] if at_time[group.at][c].responded}
            old, old_members = before.get(group.kind, (None, set()))
            assert group.quartiles == old or len(members - old_members) >= FEWEST
            before[group.kind] = (group.quartiles, members)


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
