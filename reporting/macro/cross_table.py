"""Gross expenditure by area and region, with sums; a cell is what the initiatives behind it add to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reporting import estimation
from reporting.estimation import Estimate
from reporting.national import NET, Coverage, NationalEstimate, coverage_of
from reporting.returns import frame_of
from reporting.strata import EstimateRefused
from reporting.wording import FEW

REPORTED, EXTRAPOLATED, PER_INHABITANT, INITIATIVES = (
    "reported",
    "extrapolated",
    "per_inhabitant",
    "initiatives",
)
Estimates = dict[str, Estimate] | EstimateRefused
EVERYTHING = ""  # the code of the whole country, and of all areas together


@dataclass(frozen=True)
class Cell:
    """`value`: 1,000 kr. at the price level, kr. an inhabitant or a count; None where nothing can be said."""

    region: str
    area: str
    value: Decimal | float | None


@dataclass(frozen=True)
class Column:
    """A region or the country; `refused` says why it is not extrapolated, if it was to be."""

    code: str
    name: str
    coverage: Coverage
    refused: EstimateRefused | None

    @property
    def is_few(self) -> bool:
        return self.coverage.answered < FEW


@dataclass(frozen=True)
class CrossTable:
    columns: tuple[Column, ...]  # the regions, then the country
    rows: tuple[tuple[Cell, ...], ...]  # the areas in the questionnaire's order, then all of them


def cross_table(national: NationalEstimate, show: str, regions: Sequence[tuple[str, str]]) -> CrossTable:
    """`national` is of the whole country by method b, whose regional terms add to its total; `regions` are
    codes with names, in their order. Kr. per inhabitant are of those that answered over their inhabitants."""
    estimates = _estimates(national) if show == EXTRAPOLATED else {}
    columns = []
    for code, name in (*regions, (EVERYTHING, "")):
        mine = [row for row in national.totals.returns if code in (row.region, EVERYTHING)]
        found = estimates.get(code)
        if mine:
            refused = found if isinstance(found, EstimateRefused) else None
            columns.append(Column(code, name, coverage_of(mine), refused))
    areas = (*national.totals.breakdown.groups, EVERYTHING)
    return CrossTable(
        columns=tuple(columns),
        rows=tuple(
            tuple(
                Cell(column.code, area, _value(national, show, estimates.get(column.code), column, area))
                for column in columns
            )
            for area in areas
        ),
    )


def _value(
    national: NationalEstimate, show: str, estimates: Estimates | None, column: Column, area: str
) -> Decimal | float | None:
    variable = f"exp_{area or 'total'}"
    if show == EXTRAPOLATED:
        return estimates[variable].total if isinstance(estimates, dict) else None
    rows = [
        (row, amount)
        for row, amount in zip(national.totals.returns, national.columns[variable], strict=True)
        if column.code in (row.region, EVERYTHING)
    ]
    if show == INITIATIVES:
        return Decimal(sum(row.counts.get(area, 0) if area else row.initiatives for row, _amount in rows))
    reported = Decimal(sum(amount for _row, amount in rows))
    people = column.coverage.inhabitants_answered
    if show == PER_INHABITANT:
        return 1000 * reported / people if people else None
    return reported


def _estimates(national: NationalEstimate) -> dict[str, Estimates]:
    """By the region's code, and the country's by b, which is refused when one of its regions is."""
    returns = national.totals.returns
    codes = {row.region_name: row.region for row in returns}
    found = estimation.by_region(frame_of(returns), national.columns, NET)
    whole = {name: line.estimate for name, line in national.lines.items() if line.estimate}
    return {codes[name]: made for name, made in found.items()} | {EVERYTHING: national.refused or whole}
