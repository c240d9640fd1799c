"""A file's counts beside those in force: what a preview shows."""

from dataclasses import dataclass
from datetime import date

from municipalities import populations
from municipalities.models import PopulationCount, PopulationImport
from municipalities.sorting import danish_sort_key
from survey.models import SurveyRound

Table = PopulationImport.Table
MOST = 5  # percent a year from the nearest date; more is seldom births, deaths and moving


@dataclass(frozen=True)
class Line:
    """Persons; `near` is the count of the nearest other date, `percent` the change from it, which is far
    when it is over `most`."""

    name: str
    before: int | None
    after: int
    near: int | None
    percent: float | None
    most: float = MOST

    @property
    def difference(self) -> int | None:
        return None if self.before is None else self.after - self.before

    @property
    def is_far(self) -> bool:
        return self.percent is not None and abs(self.percent) > self.most


@dataclass(frozen=True)
class Comparison:
    """`near` is the nearest other date with counts; `dropped` the municipalities whose immigrants and
    descendants would be more than the new inhabitants, and are therefore not carried over."""

    lines: list[Line]
    near: date | None
    rounds: list[SurveyRound]
    dropped: list[str]
    most: float  # percent

    @property
    def far(self) -> list[Line]:
        return [line for line in self.lines if line.is_far]

    @property
    def sum_before(self) -> int | None:
        """None unless every municipality has a count."""
        before = [line.before for line in self.lines if line.before is not None]
        return sum(before) if len(before) == len(self.lines) else None


def compare(table: str, day: date, persons: dict[str, int]) -> Comparison:
    """`persons` by code. Five queries, whatever the number of municipalities and dates."""
    in_force = populations.in_force_at(day)
    near = _nearest(table, day)
    beside = populations.in_force_at(near) if near else {}
    names = {code: name for code, (name, _official) in populations.names_at(day).items()}
    most = MOST * max(1.0, abs(near - day).days / 365.25) if near else MOST
    lines = [
        _line(names[code], _of(table, in_force.get(code)), after, _of(table, beside.get(code)), most)
        for code, after in persons.items()
    ]
    return Comparison(
        lines=sorted(lines, key=lambda line: danish_sort_key(line.name)),
        near=near,
        rounds=list(SurveyRound.objects.filter(population_date=day).opened()),
        dropped=_dropped(persons, in_force) if table == Table.FOLK1A else [],
        most=most,
    )


def _of(table: str, count: PopulationCount | None) -> int | None:
    if count is None:
        return None
    return count.inhabitants if table == Table.FOLK1A else count.immigrants_and_descendants


def _line(name: str, before: int | None, after: int, near: int | None, most: float) -> Line:
    return Line(name, before, after, near, 100 * (after - near) / near if near else None, most)


def _nearest(table: str, day: date) -> date | None:
    counts = PopulationCount.objects.exclude(date=day)
    if table == Table.FOLK1E:
        counts = counts.exclude(immigrants_and_descendants=None)
    dates = counts.order_by().values_list("date", flat=True).distinct()
    return min(dates, key=lambda one: abs(one - day), default=None)


def _dropped(persons: dict[str, int], in_force: dict[str, PopulationCount]) -> list[str]:
    return [
        str(in_force[code].municipality)
        for code, number in persons.items()
        if code in in_force and (in_force[code].immigrants_and_descendants or 0) > number
    ]
