"""From reported initiatives to municipal totals: the one place that sums them, and PostgreSQL does it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Sum

from municipalities.models import Municipality, PopulationCount
from reporting.returns import MunicipalReturn
from survey.models import ReportedInitiative, SubmissionVersion, SurveyRound


class PopulationMissing(Exception):
    """These municipalities have no population count at the round's date; without it nothing is estimated."""

    def __init__(self, names: list[str], day: date):
        super().__init__(names)
        self.names, self.date = names, day


@dataclass(frozen=True)
class RoundTotals:
    """Every municipality's return in a round as at a time, in 1,000 kr. of the accounts year."""

    accounts_year: int
    population_date: date
    as_at: datetime
    returns: tuple[MunicipalReturn, ...]

    def of_region(self, region: str) -> "RoundTotals":
        mine = tuple(row for row in self.returns if row.region == region)
        return RoundTotals(self.accounts_year, self.population_date, self.as_at, mine)


def round_totals(survey_round: SurveyRound, as_at: datetime) -> RoundTotals:
    """Two queries, whatever the number of initiatives; the second follows the versions of the first."""
    municipalities = _municipalities(survey_round, as_at)
    without = [m["name"] for m in municipalities if m["inhabitants"] is None]
    if without:
        raise PopulationMissing(without, survey_round.population_date)
    sums = _sums([m["version"] for m in municipalities if m["version"]])
    return RoundTotals(
        accounts_year=survey_round.accounts_year,
        population_date=survey_round.population_date,
        as_at=as_at,
        returns=tuple(_municipal_return(m, sums[m["version"]]) for m in municipalities),
    )


def _municipalities(survey_round: SurveyRound, as_at: datetime) -> list[dict[str, Any]]:
    """All that the round asked: inhabitants at its date, and the version that counts (a nil return too)."""
    day = survey_round.population_date
    population = PopulationCount.objects.filter(municipality=OuterRef("pk"), date=day).order_by()
    version = SubmissionVersion.objects.filter(
        submission__round=survey_round, submission__municipality=OuterRef("pk")
    ).reported(as_at)
    rows = Municipality.objects.filter(submissions__round=survey_round).annotate(
        inhabitants=Subquery(population.values("inhabitants")), version=Subquery(version.values("pk"))
    )
    return [dict(row) for row in rows.values("code", "name", "region__code", "inhabitants", "version")]


def _sums(versions: list[int]) -> dict[int, dict[str, Any]]:
    """By version and service area; grouping by the initiative's own columns spares a join per row."""
    rows = (
        ReportedInitiative.objects.filter(version__in=versions)
        .order_by()
        .values("version_id", "service_area")
        .annotate(expenditure=Sum("gross_expenditure"), income=Sum("gross_income"), count=Count("*"))
    )
    sums: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        sums[row["version_id"]][row["service_area"]] = row
    return sums


def _municipal_return(municipality: dict[str, Any], areas: dict[str, Any]) -> MunicipalReturn:
    return MunicipalReturn(
        code=municipality["code"],
        name=municipality["name"],
        region=municipality["region__code"],
        inhabitants=municipality["inhabitants"],
        responded=municipality["version"] is not None,
        expenditure={area: int(row["expenditure"]) for area, row in areas.items()},
        income={area: int(row["income"]) for area, row in areas.items()},
        initiatives=sum(row["count"] for row in areas.values()),
        initiatives_by_area={area: row["count"] for area, row in areas.items()},
    )
