"""The sums of a round that its headline figures are made of, and what the report of 2022 published."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from municipalities.models import Region
from reporting.behind import initiatives_behind
from reporting.breakdowns import BREAKDOWNS
from reporting.estimate_document import kroner_per_inhabitant
from reporting.national import AREAS, NationalEstimate, coverage_of
from reporting.rounding import round_half_away
from survey.models import FundingSource, ReportedInitiative, SurveyRound

Number = int | float | Decimal

# The report "Kortlægning af kommunernes ikke-lovpligtige integrationsindsatser" (2022), by accounts year.
PUBLISHED = {
    2019: {
        "coverage": 91,
        "per_inhabitant": 54,
        "per_initiative": 495,
        "income": 68,
        "employment_income": 45,
        "two_areas": 63,
        "own_financing": 83,
        "daycare_mean": 742,
        "culture_mean": 185,
        "below_1_kr": 33,
        "zero": 10,
        "shown": 70,
    }
}


@dataclass(frozen=True)
class Facts:
    """A round's sums; amounts in 1,000 kr. at one price level, None where nothing can be extrapolated."""

    accounts_year: int
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
    regions: list[tuple[int, int]]  # (inhabitants answered, inhabitants) of each region
    kroner: list[Decimal]  # per inhabitant, of each municipality that has answered


def whole_millions(thousands: Number) -> Decimal:
    return round_half_away(Decimal(thousands) / 1000)


def facts_of(survey_round: SurveyRound, national: NationalEstimate) -> Facts:
    """Of the whole country, by the page's method."""
    lines, returns = national.lines, national.totals.returns

    def total(variable: str) -> float | None:
        estimate = lines[variable].estimate
        return estimate.total if estimate else None

    kroner = kroner_per_inhabitant(returns, national.columns["exp_total"])
    regions = [coverage_of(returns, region.code) for region in Region.objects.all()]
    return Facts(
        accounts_year=survey_round.accounts_year,
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
        regions=[(region.inhabitants_answered, region.inhabitants) for region in regions],
        kroner=[one for one in kroner if one is not None],
    )


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
