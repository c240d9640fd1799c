"""The pure dates of a plan that is copied, and the fields where dates are typed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django import forms

from survey.forms.moments import DayField, MomentField
from survey.rounds.shifting import same_date, shifted_day, shifted_moment, weeks_between, weeks_of

DENMARK = ZoneInfo("Europe/Copenhagen")


def local(*parts):
    return datetime(*parts, tzinfo=DENMARK)


@pytest.mark.parametrize(("years", "weeks"), [(0, 0), (1, 52), (2, 104), (5, 261), (6, 313), (-1, -52)])
def test_years_are_so_many_whole_weeks(years, weeks):
    assert weeks_of(years) == weeks


@pytest.mark.parametrize("years", range(-5, 12))
def test_a_moved_day_keeps_its_weekday_and_is_at_most_half_a_week_from_its_date(years):
    day = date(2021, 10, 29)
    moved = shifted_day(day, weeks_of(years))
    assert moved.weekday() == day.weekday()
    assert abs((moved - day.replace(year=2021 + years)).days) <= 4


@pytest.mark.parametrize(
    ("after", "weeks"), [(date(2027, 10, 4), 52), (date(2027, 10, 6), 52), (date(2027, 10, 8), 53)]
)
def test_the_weeks_between_two_days_are_the_nearest(after, weeks):
    assert weeks_between(date(2026, 10, 5), after) == weeks


@pytest.mark.parametrize(
    ("before", "years", "after"),
    [
        (local(2027, 10, 29, 12), 1, local(2028, 10, 27, 12)),  # summer time both years
        (local(2026, 3, 27, 12), 1, local(2027, 3, 26, 12)),  # winter time both years
        (local(2026, 3, 30, 8), 1, local(2027, 3, 29, 8)),
        (local(2026, 10, 25, 12), 1, local(2027, 10, 24, 12)),  # winter time, then summer time
        (local(2025, 10, 26, 12), 1, local(2026, 10, 25, 12)),
        (local(2024, 3, 31, 12), 1, local(2025, 3, 30, 12)),
        (local(2024, 3, 30, 12), 1, local(2025, 3, 29, 12)),
        (local(2021, 3, 27, 12), 3, local(2024, 3, 30, 12)),
        (local(2020, 10, 26, 9), 1, local(2021, 10, 25, 9)),  # winter time, then summer time
    ],
)
def test_a_moved_moment_keeps_its_clock_time_in_summer_and_winter(before, years, after):
    moved = shifted_moment(before.astimezone(UTC), weeks_of(years), DENMARK)
    assert moved == after.astimezone(UTC)
    assert moved.astimezone(DENMARK).timetz().replace(tzinfo=None) == before.timetz().replace(tzinfo=None)


def test_a_moved_moment_in_the_hour_that_spring_leaves_out_comes_an_hour_later():
    moved = shifted_moment(local(2023, 4, 2, 2, 30), 52, DENMARK)
    assert moved == datetime(2024, 3, 31, 1, 30, tzinfo=UTC) == local(2024, 3, 31, 3, 30)


def test_a_population_date_keeps_its_name():
    assert same_date(date(2021, 1, 1), 7) == date(2028, 1, 1)
    assert same_date(date(2024, 2, 29), 1) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("28.03.2026 12.00", datetime(2026, 3, 28, 11, tzinfo=UTC)),
        ("29.03.2026 01.59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("29.03.2026 03.00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("29.03.2026 kl. 12.00", datetime(2026, 3, 29, 10, tzinfo=UTC)),
        ("24-10-2026 12:00", datetime(2026, 10, 24, 10, tzinfo=UTC)),
        ("25/10/2026 12.00", datetime(2026, 10, 25, 11, tzinfo=UTC)),
        ("2026-10-25 03.00", datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_danish_time(typed, moment):
    assert MomentField().clean(typed) == moment


@pytest.mark.parametrize(
    "typed", ["29.03.2026 02.30", "29.03.2026 02.00", "25.10.2026 02.00", "25.10.2026 02.59"]
)
def test_a_moment_in_the_hour_of_the_change_is_refused(typed):
    with pytest.raises(forms.ValidationError, match="Uret stilles i den time"):
        MomentField().clean(typed)


@pytest.mark.parametrize(
    "typed", ["29.10.2027", "kl. 12", "31.02.2027 12.00", "01.01.0001 00.00", "31.12.9999 23.59"]
)
def test_a_moment_without_a_clock_time_or_out_of_reach_is_refused(typed):
    with pytest.raises(forms.ValidationError, match="dato og klokkeslæt"):
        MomentField().clean(typed)


@pytest.mark.parametrize("typed", ["i morgen", "31.02.2027", "01.01.0001", "01.01.2101"])
def test_a_day_out_of_reach_is_refused(typed):
    with pytest.raises(forms.ValidationError, match="dag, måned og år"):
        DayField().clean(typed)
