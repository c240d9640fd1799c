"""What single municipalities contribute to a national total, and the quotients that are made of it."""

from dataclasses import dataclass
from decimal import Decimal

from reporting import estimation
from reporting.estimation import Estimate, Ratio
from reporting.national import Coverage, NationalEstimate, coverage_of
from reporting.returns import MunicipalReturn, frame_of
from reporting.strata import EstimateRefused


@dataclass(frozen=True)
class Contribution:
    """A municipality's reported expenditure, 1,000 kr. at the price level, and what it stands for.

    `weight` is the method's: one's own kroner and those of the missing that one stands for. Shares are in
    per cent, of the reported and of the extrapolated total, and of all inhabitants.
    """

    row: MunicipalReturn
    amount: int | Decimal
    weight: float
    share_of_reported: float
    share_of_total: float
    share_of_inhabitants: float

    @property
    def per_inhabitant(self) -> float:
        """Kroner."""
        return float(1000 * self.amount / self.row.inhabitants)


def largest(national: NationalEstimate, most: int = 10) -> list[Contribution]:
    """The municipalities with the largest expenditure by the page's method; none where it is refused."""
    if national.refused:
        return []
    line = national.lines["exp_total"]
    assert line.estimate
    returns, amounts = national.totals.returns, national.columns["exp_total"]
    weights = estimation.weights(national.method, frame_of(returns))
    rows = sorted(zip(returns, amounts, weights, strict=True), key=lambda row: (-row[1], row[0].code))
    return [
        Contribution(
            row=row,
            amount=amount,
            weight=weight,
            share_of_reported=float(100 * amount / Decimal(line.reported.value)),
            share_of_total=100 * float(amount) * weight / line.estimate.total,
            share_of_inhabitants=100 * row.inhabitants / national.coverage.inhabitants,
        )
        for row, amount, weight in rows[:most]
        if amount
    ]


@dataclass(frozen=True)
class Quotients:
    """Kr. per inhabitant and 1,000 kr. per initiative, each of a numerator and a denominator of one kind."""

    extrapolated: Estimate | None  # over all inhabitants
    inhabitants: int
    reported: Decimal  # over the inhabitants of those that answered
    inhabitants_answered: int
    initiatives: Decimal  # reported, as the reported expenditure over them
    mean_initiative: Ratio | None  # 1,000 kr.

    @property
    def per_inhabitant(self) -> float | None:
        return 1000 * self.extrapolated.total / self.inhabitants if self.extrapolated else None

    @property
    def interval_per_inhabitant(self) -> tuple[float, float] | None:
        if self.extrapolated is None:
            return None
        low, high = self.extrapolated.interval
        return 1000 * low / self.inhabitants, 1000 * high / self.inhabitants

    @property
    def reported_per_inhabitant(self) -> Decimal | None:
        return 1000 * self.reported / self.inhabitants_answered if self.inhabitants_answered else None


def quotients(national: NationalEstimate) -> Quotients:
    columns = national.columns
    frame = frame_of(national.totals.returns)
    try:
        mean = estimation.ratio(frame, columns["exp_total"], columns["n_initiatives"])
    except EstimateRefused:
        mean = None
    return Quotients(
        extrapolated=national.lines["exp_total"].estimate,
        inhabitants=national.coverage.inhabitants,
        reported=Decimal(national.lines["exp_total"].reported.value),
        inhabitants_answered=national.coverage.inhabitants_answered,
        initiatives=Decimal(national.lines["n_initiatives"].reported.value),
        mean_initiative=mean,
    )


@dataclass(frozen=True)
class RegionLine:
    """A region's expenditure by its own respondents' ratio, or why there is none."""

    code: str
    name: str
    coverage: Coverage
    reported: Decimal
    estimate: Estimate | None
    refused: EstimateRefused | None

    @property
    def per_inhabitant(self) -> float | None:
        """Kroner, extrapolated over all the region's inhabitants."""
        return 1000 * self.estimate.total / self.coverage.inhabitants if self.estimate else None


def regions(national: NationalEstimate) -> dict[str, RegionLine]:
    """By the region's code."""
    returns, amounts = national.totals.returns, national.columns["exp_total"]
    found = {}
    for name, made in estimation.by_region(frame_of(returns), {"exp_total": amounts}).items():
        mine = [(row, value) for row, value in zip(returns, amounts, strict=True) if row.region_name == name]
        coverage = coverage_of([row for row, _value in mine])
        refused = made if isinstance(made, EstimateRefused) else None
        code = mine[0][0].region
        found[code] = RegionLine(
            code=code,
            name=name,
            coverage=coverage,
            reported=Decimal(sum(value for _row, value in mine)),
            estimate=None if isinstance(made, EstimateRefused) else made["exp_total"],
            refused=refused,
        )
    return found
