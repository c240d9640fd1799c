"""A round's national figures, each with its basis: totals -> price level -> estimator.

Reported and extrapolated figures stand side by side and never in one sum: the report of 2022 mixed
them (its 54 kr. per inhabitant is reported money, its 495,000 kr. per initiative is extrapolated), so
`Basis` says of each figure which it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reporting import estimation, price_levels
from reporting.estimation import Estimate, EstimateRefused
from reporting.models import PriceRate
from reporting.returns import MunicipalReturn, amount, frame_of, variable_names
from reporting.totals import RoundTotals, round_totals
from survey.models import ServiceArea, SurveyRound
from survey.transitions import database_now

AREAS = tuple(ServiceArea.values)
VARIABLES = tuple(variable_names(AREAS))


@dataclass(frozen=True)
class Basis:
    """What a figure rests on. Amounts are 1,000 kr. at `price_level`; a count has no price level."""

    kind: str  # "reported" or "extrapolated"
    accounts_year: int
    price_level: int | None
    numerator: str  # the variable that is summed, over the respondents
    denominator: str | None  # what it is scaled by; None for a reported figure
    population_date: date
    respondents: int
    municipalities: int
    region: str | None  # its code; respondents and denominator are then of this region alone
    as_at: datetime
    method: str | None


@dataclass(frozen=True)
class Figure:
    variable: str
    value: Decimal | float
    basis: Basis


@dataclass(frozen=True)
class Line:
    """A variable as reported (exact) and, unless that is refused, as estimated for all municipalities."""

    reported: Figure
    estimated: Figure | None
    estimate: Estimate | None


@dataclass(frozen=True)
class Coverage:
    """Who has answered: in the country (region None) or in a region, by its code."""

    region: str | None
    answered: int
    municipalities: int
    inhabitants_answered: int
    inhabitants: int

    @property
    def percent(self) -> float:
        return 100 * self.inhabitants_answered / self.inhabitants if self.inhabitants else 0.0


@dataclass(frozen=True)
class NationalEstimate:
    totals: RoundTotals  # of the region, when there is one
    method: str
    price_level: int
    region: str | None
    rates: tuple[PriceRate, ...]  # those that the conversion used, by year
    lines: dict[str, Line]
    refused: EstimateRefused | None  # why nothing is extrapolated; what is reported stands all the same
    coverage: Coverage


def national_estimate(
    survey_round: SurveyRound,
    *,
    price_level: int | None = None,
    as_at: datetime | None = None,
    region: str | None = None,
    method: str = "a",
) -> NationalEstimate:
    """The round's estimate at a price level (the round's own) as at a time (now).

    With `region` (its code) method a is that of the region alone: its respondents' own ratio.
    Raises MissingRate, PopulationMissing; an estimate that is refused is told in `refused`.
    """
    totals = round_totals(survey_round, as_at or database_now())
    return estimate_of(
        totals, price_level=price_level or survey_round.price_level, region=region, method=method
    )


def estimate_of(
    totals: RoundTotals, *, price_level: int, region: str | None = None, method: str = "a"
) -> NationalEstimate:
    """The same from totals that are already at hand; one query, for the rates."""
    in_force = PriceRate.objects.in_force(totals.as_at)
    percents = {year: rate.percent for year, rate in in_force.items()}
    factor = price_levels.factor(percents, totals.accounts_year, price_level)
    years = sorted((totals.accounts_year, price_level))
    mine = totals.of_region(region) if region else totals
    estimates, refused = _estimates_or_refusal(mine, method, factor)
    return NationalEstimate(
        totals=mine,
        method=method,
        price_level=price_level,
        region=region,
        rates=tuple(in_force[year] for year in range(years[0] + 1, years[1] + 1)),
        lines={
            variable: _line(variable, estimate, mine, factor, price_level, region, method)
            for variable, estimate in estimates.items()
        },
        refused=refused,
        coverage=coverage_of(mine.returns, region),
    )


def estimate_variables(
    returns: Sequence[MunicipalReturn],
    *,
    method: str,
    factor: Decimal = Decimal(1),
) -> dict[str, Estimate]:
    """Every variable by a method, amounts times the price factor; the command and the pages share it."""
    frame = frame_of(returns)
    estimator = estimation.METHODS[method]
    return {
        variable: estimator(
            frame,
            [amount(row, variable) * _factor_of(variable, factor) for row in returns],
            may_be_negative=variable == "net_total",
        )
        for variable in VARIABLES
    }


def _estimates_or_refusal(
    totals: RoundTotals, method: str, factor: Decimal
) -> tuple[dict[str, Estimate | None], EstimateRefused | None]:
    try:
        return {**estimate_variables(totals.returns, method=method, factor=factor)}, None
    except EstimateRefused as refusal:
        return dict.fromkeys(VARIABLES), refusal


def coverage_of(returns: tuple[MunicipalReturn, ...], region: str | None = None) -> Coverage:
    mine = [row for row in returns if region is None or row.region == region]
    return Coverage(
        region=region,
        answered=sum(row.responded for row in mine),
        municipalities=len(mine),
        inhabitants_answered=sum(row.inhabitants for row in mine if row.responded),
        inhabitants=sum(row.inhabitants for row in mine),
    )


def _factor_of(variable: str, factor: Decimal) -> Decimal | int:
    return 1 if variable == "n_initiatives" else factor


def _line(variable, estimate, totals: RoundTotals, factor, price_level, region, method) -> Line:
    """The reported figure stays exact: converted in Decimal from the whole thousands that came in."""
    reported = sum(amount(row, variable) for row in totals.returns) * _factor_of(variable, factor)

    def basis(kind: str, denominator: str | None, method: str | None) -> Basis:
        return Basis(
            kind=kind,
            accounts_year=totals.accounts_year,
            price_level=None if variable == "n_initiatives" else price_level,
            numerator=variable,
            denominator=denominator,
            population_date=totals.population_date,
            respondents=sum(row.responded for row in totals.returns),
            municipalities=len(totals.returns),
            region=region,
            as_at=totals.as_at,
            method=method,
        )

    return Line(
        reported=Figure(variable, reported, basis("reported", None, None)),
        estimated=estimate and Figure(variable, estimate.total, basis("extrapolated", "inhabitants", method)),
        estimate=estimate,
    )
