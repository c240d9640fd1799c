"""Who has answered, as counts of municipalities and inhabitants, and day by day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

NOT_BEGUN, BEGUN, SUBMITTED, RETURNED, APPROVED = "not_begun", "begun", "submitted", "returned", "approved"
STATES = (NOT_BEGUN, BEGUN, SUBMITTED, RETURNED, APPROVED)

DAYS_BEFORE = 120  # as many days before the deadline are shown one by one


@dataclass(frozen=True)
class Standing:
    """Where a municipality stands in a round: one of STATES, and its answer, if one counts.

    `first_at` is when the first version that was not withdrawn was handed in, and whether that was in time
    for the municipality's own `deadline` is the answer's punctuality; `version` is the number of the one that
    counts, handed in at `counted_at`. What was sent back counts until the next version is in.
    """

    code: str
    name: str
    region: str  # its code
    region_name: str
    tile: tuple[int, int]  # row and column on the map
    inhabitants: int | None  # at the round's population date
    state: str
    deadline: datetime
    is_extended: bool  # beyond the round's own
    first_at: datetime | None = None
    is_late: bool = False
    version: int | None = None
    counted_at: datetime | None = None
    is_nil: bool = False
    initiatives: int = 0  # of the version that counts, as reported

    @property
    def responded(self) -> bool:
        return self.version is not None


@dataclass(frozen=True)
class ResponseCount:
    """Of the country (region None) or a region. Inhabitants are None where one municipality's are unknown."""

    region: str | None
    name: str
    municipalities: int
    answered: int
    late: int  # of the answered
    nil: int  # of the answered
    inhabitants: int | None
    inhabitants_answered: int | None

    @property
    def on_time(self) -> int:
        return self.answered - self.late

    @property
    def missing(self) -> int:
        return self.municipalities - self.answered

    @property
    def percent(self) -> float | None:
        if not self.inhabitants or self.inhabitants_answered is None:
            return None
        return 100 * self.inhabitants_answered / self.inhabitants


@dataclass(frozen=True)
class DayCount:
    """Answers on a day and up to and with it; `to_deadline` is days after the deadline's own day."""

    day: date
    to_deadline: int
    new: int
    total: int
    percent: float  # of the municipalities


def by_region(standings: Sequence[Standing], regions: Sequence[tuple[str, str]]) -> list[ResponseCount]:
    """One for each of `regions` (code, name) in their order, the whole country last."""
    mine = [
        _count([one for one in standings if one.region == code], code, name)
        for code, name in regions
        if any(one.region == code for one in standings)
    ]
    return [*mine, _count(standings, None, "")]


def _count(standings: Sequence[Standing], region: str | None, name: str) -> ResponseCount:
    answered = [one for one in standings if one.responded]
    return ResponseCount(
        region=region,
        name=name,
        municipalities=len(standings),
        answered=len(answered),
        late=sum(one.is_late for one in answered),
        nil=sum(one.is_nil for one in answered),
        inhabitants=_sum(standings),
        inhabitants_answered=_sum(answered) if _sum(standings) is not None else None,
    )


def _sum(standings: Sequence[Standing]) -> int | None:
    known = [one.inhabitants for one in standings if one.inhabitants is not None]
    return sum(known) if len(known) == len(standings) else None


def by_day(answered: Sequence[date | None], *, opens: date, deadline: date, until: date) -> list[DayCount]:
    """From the day it opens to `until`, or from the first answer and to the last where they lie outside.

    Never from more than DAYS_BEFORE days before the deadline (a deadline may be moved far ahead): what came
    earlier is counted on the first day. `answered` is the day of each municipality's first answer; None: it
    has not answered.
    """
    days = [day for day in answered if day is not None]
    last = max([until, *days])
    first = max(min([opens, *days]), min(deadline - timedelta(days=DAYS_BEFORE), last))
    days = [max(day, first) for day in days]
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        total = sum(one <= day for one in days)
        percent = 100 * total / len(answered) if answered else 0.0
        found.append(DayCount(day, (day - deadline).days, days.count(day), total, percent))
    return found
