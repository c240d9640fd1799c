"""Counts of answers and of minutes, against a naive second count."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from reporting.figures import to_png, to_svg
from reporting.figures.response_days import response_days
from reporting.response.burden import burdens
from reporting.response.counts import BEGUN, SUBMITTED, Standing, by_day, by_region

NOW = timezone.now()
DEADLINE = date(2021, 10, 29)


def standing(name, region, inhabitants, *, version=None, late=False, nil=False):
    return Standing(
        code=name,
        name=name,
        region=region,
        region_name=region,
        tile=(0, 0),
        inhabitants=inhabitants,
        state=SUBMITTED if version else BEGUN,
        deadline=NOW,
        is_extended=False,
        first_at=NOW if version else None,
        is_late=late,
        version=version,
        is_nil=nil,
    )


FOUR = [
    standing("Odense", "S", 210_000, version=2),
    standing("Langeland", "S", 12_000, version=1, nil=True, late=True),
    standing("Aarhus", "M", 380_000),
    standing("Lemvig", "M", 19_000, version=1),
]


def test_regions_add_to_the_country():
    south, middle, country = by_region(
        FOUR, [("S", "Syddanmark"), ("M", "Midtjylland"), ("N", "Nordjylland")]
    )
    assert (south.municipalities, south.answered, south.on_time, south.late, south.nil) == (2, 2, 1, 1, 1)
    assert (middle.answered, middle.missing, middle.inhabitants_answered) == (1, 1, 19_000)
    assert (country.region, country.municipalities, country.answered, country.missing) == (None, 4, 3, 1)
    assert country.percent == pytest.approx(100 * 241 / 621) and south.percent == 100


def test_inhabitants_that_are_not_known_are_never_counted_as_none():
    *_, country = by_region([*FOUR, standing("Ærø", "S", None, version=1)], [("S", "S"), ("M", "M")])
    assert (country.answered, country.inhabitants, country.inhabitants_answered) == (4, None, None)
    assert country.percent is None
    assert by_region([], [("S", "S")])[0].percent is None


days = st.none() | st.integers(-25, 40).map(lambda number: DEADLINE + timedelta(days=number))


@given(st.lists(days, max_size=40))
def test_each_day_counts_those_that_answered_on_it_and_before(answered):
    opens, until = DEADLINE - timedelta(days=18), DEADLINE + timedelta(days=20)
    found = by_day(answered, opens=opens, deadline=DEADLINE, until=until)
    known = [day for day in answered if day]
    assert {one.day: one.new for one in found if one.new} == Counter(known)
    assert all(later.day - earlier.day == timedelta(days=1) for earlier, later in pairwise(found))
    assert all(one.total == len([day for day in known if day <= one.day]) for one in found)
    assert all(one.to_deadline == (one.day - DEADLINE).days for one in found)
    assert found[-1].total == len(known) and found[0].day <= opens and found[-1].day >= until
    assert found[-1].percent == pytest.approx(100 * len(known) / len(answered) if answered else 0)


def naive_quartile(values, share):
    """Type 7 by hand: between the two values around (n - 1) p."""
    ordered, place = sorted(values), (len(values) - 1) * share
    low = int(place)
    return ordered[low] + (place - low) * (ordered[min(low + 1, len(values) - 1)] - ordered[low])


LIMITS = {"small": (0, 50_000), "medium": (50_000, 100_000), "large": (100_000, 10**9), None: (0, 10**9)}
people = st.sampled_from([1_000, 49_999, 50_000, 99_999, 100_000, 200_000])


@given(st.lists(st.tuples(people, st.none() | st.integers(0, 5_000)), max_size=60))
def test_quartiles_of_minutes_are_those_counted_by_hand(answers):
    found = burdens(answers)
    by_size = {
        size: [minutes for people, minutes in answers if low <= people < high]
        for size, (low, high) in LIMITS.items()
    }
    told = {size: [m for m in minutes if m is not None] for size, minutes in by_size.items()}
    whole_only = min(len(minutes) for minutes in told.values()) < 5
    assert [one.size for one in found] == ([None] if whole_only else list(LIMITS))
    for one in found:
        mine = told[one.size]
        assert (one.answered, one.told) == (len(by_size[one.size]), len(mine))
        if len(mine) < 5:
            assert one.quartiles is None and one.hours is None
        else:
            assert all(minutes % 5 == 0 for minutes in one.quartiles)
            assert one.quartiles == pytest.approx(
                [naive_quartile(mine, p) for p in (0.25, 0.5, 0.75)], abs=2.5001
            )
            assert one.hours == pytest.approx(sum(mine) / 60, abs=0.5001)


def test_no_class_is_the_difference_between_the_country_and_the_others():
    """Four small ones told, and all others by class: the small would be what is left."""
    told = [(60_000, 30)] * 5 + [(150_000, 30)] * 5
    assert len(burdens(told + [(1_000, 100)] * 5)) == 4
    assert [one.size for one in burdens(told + [(1_000, 100)] * 4)] == [None]
    assert [one.size for one in burdens(told + [(1_000, 100)] * 5 + [(None, 60)])] == [None]
    assert len(burdens(told + [(1_000, 100)] * 5 + [(None, None)])) == 4


@pytest.mark.parametrize(
    "rounds", [[], [("Regnskab 2025", [])], [("2025", [(-3, 12.5), (2, 40.0)]), ("2019", [(9, 82)])]]
)
def test_the_days_are_drawn_with_their_rules_and_even_without_answers(rounds):
    words = {"title": "Svar dag for dag", "x_title": "dage", "unit": "pct.", "mark": "DEMO"}
    drawing = response_days(rounds, rules=[(0, "svarfrist"), (14, "kan rettes indtil")], **words)
    svg = to_svg(drawing, alt="Svar")
    drawn = re.sub("<style.*</style>", "", svg)  # the font's letters may spell anything
    assert "svarfrist" in drawn and "kan rettes indtil" in drawn and "NaN" not in drawn
    assert all(name in svg for name, _points in rounds)
    assert to_png(drawing).startswith(b"\x89PNG")
