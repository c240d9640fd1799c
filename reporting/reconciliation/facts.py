"""The sums of a round that its headline figures are made of."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from municipalities.models import Region
from reporting.behind import initiatives_behind
from reporting.breakdowns import BREAKDOWNS
from reporting.estimate_document import kroner_per_inhabitant
from reporting.national import AREAS, Coverage, NationalEstimate, coverage_of
from reporting.reconciliation.published import PUBLISHED, Published
from reporting.rounding import round_half_away
from survey.models import FundingSource, ReportedInitiative, SurveyRound

Number = int | float | Decimal


@dataclass(frozen=True)
class Facts:
    """A round's sums; amounts in 1,000 kr. at one price level, None where nothing can be extrapolated."""

    accounts_year: int
    price_level: int
    reported: Decimal
    extrapolated: float | None
    income: Decimal
    income_extrapolated: float | None
    initiatives: int
    initiatives_extrapolated: float | None
    inhabitants: int
    inhabitants_answered: int
    answered: int
    municipalities: int
    expenditure_by_area: dict[str, Decimal]
    income_by_area: dict[str, Decimal]
    initiatives_by_area: dict[str, int]
    self_financed_by_area: dict[str, int]  # initiatives that the municipality pays alone
    regions: dict[str, Coverage]  # by the region's name
    kroner: list[Decimal]  # per inhabitant, of each municipality that has answered
    with_initiatives: int  # municipalities with an initiative that counts: those of figures 4 and 5
    immigrants: int | None  # and descendants, in all; None unless known of every municipality

    @property
    def published(self) -> Published:
        """The report's own figures; none unless it is of this year and at this price level."""
        return PUBLISHED.get((self.accounts_year, self.price_level), {})

    @property
    def published_level(self) -> int | None:
        """The price level of the report over this accounts year, if there is a report."""
        return next((level for year, level in PUBLISHED if year == self.accounts_year), None)


def whole_millions(thousands: Number) -> Decimal:
    return round_half_away(Decimal(thousands) / 1000)


def facts_of(survey_round: SurveyRound, national: NationalEstimate) -> Facts:
    """Of the whole country, by the page's method."""
    lines, returns = national.lines, national.totals.returns

    def total(variable: str) -> float | None:
        estimate = lines[variable].estimate
        return estimate.total if estimate else None

    kroner = kroner_per_inhabitant(returns, national.columns["exp_total"])
    return Facts(
        accounts_year=survey_round.accounts_year,
        price_level=national.price_level,
        reported=Decimal(lines["exp_total"].reported.value),
        extrapolated=total("exp_total"),
        income=Decimal(lines["inc_total"].reported.value),
        income_extrapolated=total("inc_total"),
        initiatives=int(lines["n_initiatives"].reported.value),
        initiatives_extrapolated=total("n_initiatives"),
        inhabitants=national.coverage.inhabitants,
        inhabitants_answered=national.coverage.inhabitants_answered,
        answered=national.coverage.answered,
        municipalities=national.coverage.municipalities,
        expenditure_by_area={area: Decimal(lines[f"exp_{area}"].reported.value) for area in AREAS},
        income_by_area={area: Decimal(lines[f"inc_{area}"].reported.value) for area in AREAS},
        initiatives_by_area={area: sum(row.counts.get(area, 0) for row in returns) for area in AREAS},
        self_financed_by_area=_self_financed(survey_round, national),
        regions={region.name: coverage_of(returns, region.code) for region in Region.objects.all()},
        kroner=[one for one in kroner if one is not None],
        with_initiatives=sum(row.initiatives > 0 for row in returns),
        immigrants=_sum_if_known([row.immigrants for row in returns]),
    )


def _sum_if_known(counts: list[int | None]) -> int | None:
    known = [one for one in counts if one is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _self_financed(survey_round: SurveyRound, national: NationalEstimate) -> Counter:
    """Initiatives that the municipality alone pays, by area, after the ministry's adjustments."""
    alone = (BREAKDOWNS["funding_sources"], FundingSource.OWN.value)
    behind = initiatives_behind(
        survey_round, national.totals.as_at, initiatives=ReportedInitiative.objects.all(), group=alone
    )
    areas = behind.initiatives.order_by().values_list("service_area").annotate(count=Count("*"))
    found = Counter(dict(areas))
    for adjustment in behind.adjustments.values():
        found[adjustment.initiative.service_area] -= 1
        found[adjustment.adjusted(adjustment.initiative).service_area] += 1
    return found
