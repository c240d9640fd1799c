"""A municipality's kr. per inhabitant beside the quartiles of others that have answered. Pure.

Nobody shall find another municipality's figure here. One's own is known to the reader, so it is left out of
the groups: were it in them, five would be four that can be told apart. And a quartile of few is one
municipality's own figure, so all are in whole kroner: even Langeland's, times its inhabitants, is then
uncertain by some thousands of kroner, and two groups that show the same figure need not mean the same one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from reporting.returns import MunicipalReturn, amount
from reporting.rounding import round_half_away
from reporting.strata import size_class

FEWEST = 5  # others in a group, or nothing of it is shown


@dataclass(frozen=True)
class Quartiles:
    """Whole kr. per inhabitant."""

    lower: Decimal
    median: Decimal
    upper: Decimal


@dataclass(frozen=True)
class Group:
    """Others that have answered, nil returns too; `quartiles` by variable, empty with fewer than FEWEST."""

    kind: str  # "size", "region" or "all"
    others: int
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


def compare(own: MunicipalReturn, returns: Sequence[MunicipalReturn], variables: Sequence[str]) -> Comparison:
    """`returns` are the round's, in any order; the variables are amounts (returns.variable_names)."""
    others = [row for row in returns if row.responded and row.code != own.code]
    return Comparison(
        own=own,
        rates={variable: _rounded(_rate(own, variable)) for variable in variables},
        groups=tuple(
            _group(kind, [row for row in others if key(row) == key(own)], variables)
            for kind, key in GROUPS.items()
        ),
    )


def _group(kind: str, rows: Sequence[MunicipalReturn], variables: Sequence[str]) -> Group:
    if len(rows) < FEWEST:
        return Group(kind, len(rows), {})
    return Group(kind, len(rows), {one: quartiles([_rate(row, one) for row in rows]) for one in variables})


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
