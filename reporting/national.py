"""A round's national figures, each with its basis: totals -> price level -> estimators.

Reported and extrapolated figures stand side by side and never in one sum: the report of 2022 mixed
them (its 54 kr. per inhabitant is reported money, its 495,000 kr. per initiative is extrapolated), so
`Basis` says of each figure which it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from reporting import estimation, price_levels
from reporting.breakdowns import SERVICE_AREA, Breakdown
from reporting.estimation import Estimate, Sensitivity
from reporting.models import PriceRate
from reporting.returns import MunicipalReturn, amounts, frame_of, variable_names
from reporting.strata import METHODS, EstimateRefused
from reporting.totals import RoundTotals, round_totals
from survey.models import ServiceArea, SurveyRound
from survey.transitions import database_now

AREAS = tuple(ServiceArea.values)
VARIABLES = tuple(variable_names(AREAS))
NET = ("net_total",)  # may be negative
IN_A_REGION = "b"  # its own respondents' ratio, a term of the national total by b


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
class MethodResult:
    """What one method makes of the round; why it makes nothing, if so, stands in `refused`."""

    method: str
    lines: dict[str, Line]
    refused: EstimateRefused | None


@dataclass(frozen=True)
class NationalEstimate:
    totals: RoundTotals  # of the region, when there is one
    price_level: int
    region: str | None
    rates: tuple[PriceRate, ...]  # those that the conversion used, by year
    factor: Decimal
    columns: dict[str, list[int | Decimal]]  # each variable over the municipalities, at the price level
    results: tuple[MethodResult, ...]  # of the methods asked for

    @property
    def own(self) -> MethodResult:
        """What the page's headline and tables are by: the first method that gives figures."""
        return next((result for result in self.results if not result.refused), self.results[0])

    @property
    def method(self) -> str:
        return self.own.method

    @property
    def lines(self) -> dict[str, Line]:
        return self.own.lines

    @property
    def refused(self) -> EstimateRefused | None:
        return self.own.refused

    @cached_property
    def coverage(self) -> Coverage:
        return coverage_of(self.totals.returns, self.region)

    def sensitivity(self, variable: str = "exp_total") -> Sensitivity | None:
        """None when nobody has answered."""
        try:
            return estimation.sensitivity(frame_of(self.totals.returns), self.columns[variable])
        except EstimateRefused:
            return None


def national_estimate(
    survey_round: SurveyRound,
    *,
    price_level: int | None = None,
    as_at: datetime | None = None,
    region: str | None = None,
    methods: Sequence[str] = ("a",),
    breakdown: Breakdown = SERVICE_AREA,
) -> NationalEstimate:
    """The round's estimate at a price level (the round's own) as at a time (now), by each of the methods.

    With `region` (its code) it is of the region alone, always by method b.
    Raises MissingRate, PopulationMissing; an estimate that is refused is told in `refused`.
    """
    totals = round_totals(survey_round, as_at or database_now(), breakdown)
    return estimate_of(
        totals, price_level=price_level or survey_round.price_level, region=region, methods=methods
    )


def estimate_of(
    totals: RoundTotals, *, price_level: int, region: str | None = None, methods: Sequence[str] = ("a",)
) -> NationalEstimate:
    """The same from totals that are already at hand; one query, for the rates."""
    in_force = PriceRate.objects.in_force(totals.as_at)
    percents = {year: rate.percent for year, rate in in_force.items()}
    years = price_levels.years(totals.accounts_year, price_level)
    factor = price_levels.factor(percents, totals.accounts_year, price_level)
    mine = totals.of_region(region) if region else totals
    columns = amounts(mine.returns, variable_names(tuple(mine.breakdown.groups)), factor)
    return NationalEstimate(
        totals=mine,
        price_level=price_level,
        region=region,
        rates=tuple(in_force[year] for year in years),
        factor=factor,
        columns=columns,
        results=tuple(
            _result(method, mine, columns, price_level, region)
            for method in ((IN_A_REGION,) if region else methods)
        ),
    )


def estimates_or_refusal(
    returns: Sequence[MunicipalReturn], columns: Mapping[str, Sequence[int | Decimal]], method: str
) -> tuple[dict[str, Estimate], EstimateRefused | None]:
    """Every variable by a method; none of them, and why."""
    try:
        return estimation.estimate(method, frame_of(returns), columns, NET), None
    except EstimateRefused as refusal:
        return {}, refusal


def coverage_of(returns: Sequence[MunicipalReturn], region: str | None = None) -> Coverage:
    mine = [row for row in returns if region is None or row.region == region]
    return Coverage(
        region=region,
        answered=sum(row.responded for row in mine),
        municipalities=len(mine),
        inhabitants_answered=sum(row.inhabitants for row in mine if row.responded),
        inhabitants=sum(row.inhabitants for row in mine),
    )


def _result(method: str, totals: RoundTotals, columns, price_level: int, region: str | None) -> MethodResult:
    estimates, refused = estimates_or_refusal(totals.returns, columns, method)

    def basis(kind: str, variable: str) -> Basis:
        is_extrapolated = kind == "extrapolated"
        scale = "immigrants" if METHODS[method].on_immigrants else "inhabitants"
        return Basis(
            kind=kind,
            accounts_year=totals.accounts_year,
            price_level=None if variable == "n_initiatives" else price_level,
            numerator=variable,
            denominator=scale if is_extrapolated else None,
            population_date=totals.population_date,
            respondents=sum(row.responded for row in totals.returns),
            municipalities=len(totals.returns),
            region=region,
            as_at=totals.as_at,
            method=method if is_extrapolated else None,
        )

    lines = {}
    for variable, column in columns.items():
        # The reported figure stays exact: summed in Decimal from the whole thousands that came in.
        reported = Figure(variable, Decimal(sum(column)), basis("reported", variable))
        estimate = estimates.get(variable)
        estimated = Figure(variable, estimate.total, basis("extrapolated", variable)) if estimate else None
        lines[variable] = Line(reported, estimated, estimate)
    return MethodResult(method, lines, refused)
