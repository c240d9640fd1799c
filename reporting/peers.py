"""A municipality's kr. per inhabitant beside the quartiles of others that have answered. Pure.

Nobody shall find another municipality's figure here. One's own is known to the reader, so it is left out of
the groups: were it in them, five would be four that can be told apart. And a quartile of few is one
municipality's own figure, so all are in whole kroner: even Langeland's, times its inhabitants, is then
uncertain by some thousands of kroner, and two groups that show the same figure need not mean the same one.
What one answer moves would tell that answer, so a group's figures stand still until FEWEST more have
answered, whatever is changed meanwhile; and of two groups that differ by fewer, one is shown.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import floor
from operator import itemgetter

from reporting.returns import MunicipalReturn, amount
from reporting.rounding import round_half_away
from reporting.strata import size_class

FEWEST = 5  # others in a group, and between two groups or two times, or nothing of it is shown

Change = tuple[datetime, str, int]  # a municipality's code: +1 handed in a version, -1 withdrew one


@dataclass(frozen=True)
class Quartiles:
    """Whole kr. per inhabitant."""

    lower: Decimal
    median: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Snapshot:
    """All the round's returns as at a time."""

    at: datetime
    returns: Sequence[MunicipalReturn]


@dataclass(frozen=True)
class Group:
    """Others that had answered at the time, nil returns too.

    `quartiles` by variable; empty with fewer than FEWEST, or too like a group before it.
    """

    kind: str  # "size", "region" or "all"
    others: int
    at: datetime
    quartiles: Mapping[str, Quartiles]


@dataclass(frozen=True)
class Comparison:
    """`rates` are the municipality's own by variable, in whole kr. per inhabitant."""

    own: MunicipalReturn
    rates: Mapping[str, Decimal]
    groups: tuple[Group, ...]


GROUPS: dict[str, Callable[[MunicipalReturn], str]] = {
    "size": lambda row: size_class(row.inhabitants),
    "region": lambda row: row.region,
    "all": lambda _row: "",
}


def groups_of(own: MunicipalReturn, returns: Sequence[MunicipalReturn]) -> dict[str, set[str]]:
    """{kind: the codes of the others in it}, whether they have answered or not."""
    return {
        kind: {row.code for row in returns if row.code != own.code and key(row) == key(own)}
        for kind, key in GROUPS.items()
    }


def refreshed(changes: Sequence[Change], codes: Collection[str]) -> datetime | None:
    """When FEWEST of these had answered, or FEWEST more than the time before; None: not yet."""
    versions: Counter[str] = Counter()
    last, moment = 0, None
    for at, same_time in groupby(sorted(changes), key=itemgetter(0)):
        for _at, code, change in same_time:
            if code in codes:
                versions[code] += change
        answered = sum(count > 0 for count in versions.values())
        if answered >= last + FEWEST:
            last, moment = answered, at
    return moment


def compare(own: MunicipalReturn, snapshots: Mapping[str, Snapshot], variables: Sequence[str]) -> Comparison:
    """`snapshots` by the group's kind; the variables are amounts (returns.variable_names)."""
    groups: list[Group] = []
    shown: list[tuple[datetime, set[str]]] = []
    for kind, key in GROUPS.items():
        then = snapshots[kind]
        rows = [r for r in then.returns if r.responded and r.code != own.code and key(r) == key(own)]
        this = (then.at, {row.code for row in rows})
        found = {}
        if len(rows) >= FEWEST and all(_far_apart(this, other) for other in shown):
            shown.append(this)
            found = {one: quartiles([_rate(row, one) for row in rows]) for one in variables}
        groups.append(Group(kind, len(rows), then.at, found))
    return Comparison(own, {one: _rounded(_rate(own, one)) for one in variables}, tuple(groups))


def _far_apart(one: tuple[datetime, set[str]], other: tuple[datetime, set[str]]) -> bool:
    """Or the same, which tells nothing more."""
    return one == other or len(one[1] ^ other[1]) >= FEWEST


def _rate(row: MunicipalReturn, variable: str) -> Fraction:
    """Kr. per inhabitant, exactly."""
    return Fraction(1000 * amount(row, variable)) / row.inhabitants


def quartiles(rates: Sequence[Fraction]) -> Quartiles:
    """Rounded once, here; those of municipalities and not of inhabitants, as estimation.sensitivity's."""
    ordered = sorted(rates)
    lower, median, upper = (_rounded(_quantile(ordered, Fraction(part, 4))) for part in (1, 2, 3))
    return Quartiles(lower, median, upper)


def _quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """Of type 7 (Hyndman & Fan 1996): at the place (n - 1) * share, counted from 0, in a line between two."""
    place = (len(ordered) - 1) * share
    before = floor(place)
    after = min(before + 1, len(ordered) - 1)
    return ordered[before] + (place - before) * (ordered[after] - ordered[before])


def _rounded(rate: Fraction) -> Decimal:
    return round_half_away(Decimal(rate.numerator) / rate.denominator)


def position(rate: Decimal, others: Quartiles) -> str:
    """Where a rate lies, as it is shown: both are rounded, so that words never say more than the numbers.

    below_lower, at_lower, below_median, at_median, above_median, at_upper or above_upper.
    """
    if rate == others.median:
        return "at_median"
    if rate > others.median:
        return _beyond(rate - others.upper, "above_median", "at_upper", "above_upper")
    return _beyond(others.lower - rate, "below_median", "at_lower", "below_lower")


def _beyond(distance: Decimal, inside: str, at: str, outside: str) -> str:
    return inside if distance < 0 else outside if distance > 0 else at
