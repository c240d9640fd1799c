"""A moment as people write it: ISO 8601 with or without a zone; without one it is Danish time. Pure."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
YEARS = range(2000, 2100)  # keeps the conversion between zones within what a datetime can hold


class BadMoment(ValueError):
    pass


def parse_moment(text: str) -> datetime:
    """`2021-12-01`, `2021-12-01T12:00`, `2021-12-01 12:00:30+00:00` -> an aware datetime; else BadMoment.

    A day alone is its first moment. The hour that the clocks repeat in October is the first of the two.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadMoment(text) from error
    if moment.year not in YEARS:
        raise BadMoment(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)).astimezone(UTC)
