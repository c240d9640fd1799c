"""A plan moved to another year: by whole weeks, so on the same weekday, at the same clock time. Pure."""

from datetime import UTC, date, datetime, timedelta, tzinfo

DAYS_OF_A_YEAR = 365.2425


def weeks_of(years: int) -> int:
    """The whole weeks that come nearest to so many years: 52 for one year, 313 for six."""
    return round(years * DAYS_OF_A_YEAR / 7)


def weeks_between(before: date, after: date) -> int:
    """The whole weeks that come nearest to what lies between two days."""
    return round((after - before).days / 7)


def shifted_day(day: date, weeks: int) -> date:
    return day + timedelta(weeks=weeks)


def shifted_moment(moment: datetime, weeks: int, zone: tzinfo) -> datetime:
    """At the same clock time in `zone`, whether or not one of the two is in summer time.

    In the hour that spring leaves out there is no such time; the answer is then an hour later.
    """
    local = moment.astimezone(zone).replace(fold=0) + timedelta(weeks=weeks)
    return local.astimezone(UTC)


def same_date(day: date, years: int) -> date:
    """The date of that name so many years on, as populations are counted; 29 February becomes the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)
