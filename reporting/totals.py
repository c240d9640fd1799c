"""From reported initiatives to municipal totals: the one place that sums them, and PostgreSQL does it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Sum

from municipalities.models import Municipality, PopulationCount
from reporting.breakdowns import SERVICE_AREA, Breakdown
from reporting.returns import MunicipalReturn
from survey.models import Adjustment, ReportedInitiative, SubmissionVersion, SurveyRound


class PopulationMissing(Exception):
    """These municipalities have no population count at the round's date; without it nothing is estimated."""

    def __init__(self, names: list[str], day: date):
        super().__init__(names)
        self.names, self.date = names, day


@dataclass(frozen=True)
class RoundTotals:
    """Every municipality's return in a round as at a time, in 1,000 kr. of the accounts year.

    `adjustments` are the ministry's that were in force; the returns are after them.
    """

    accounts_year: int
    population_date: date
    as_at: datetime
    breakdown: Breakdown
    returns: tuple[MunicipalReturn, ...]
    adjustments: tuple[Adjustment, ...]

    def of_region(self, region: str) -> "RoundTotals":
        mine = tuple(row for row in self.returns if row.region == region)
        versions = {row.version for row in mine}
        return replace(
            self,
            returns=mine,
            adjustments=tuple(one for one in self.adjustments if one.initiative.version_id in versions),
        )


def round_totals(
    survey_round: SurveyRound, as_at: datetime, breakdown: Breakdown = SERVICE_AREA
) -> RoundTotals:
    """Three queries, whatever the number of initiatives; the others follow the versions of the first."""
    municipalities = _municipalities(survey_round, as_at)
    without = [m["name"] for m in municipalities if m["inhabitants"] is None]
    if without:
        raise PopulationMissing(without, survey_round.population_date)
    versions = [m["version"] for m in municipalities if m["version"]]
    sums = _sums(versions, breakdown)
    adjustments = adjustments_in(versions, as_at)
    _adjust(sums, adjustments, breakdown)
    return RoundTotals(
        accounts_year=survey_round.accounts_year,
        population_date=survey_round.population_date,
        as_at=as_at,
        breakdown=breakdown,
        returns=tuple(_municipal_return(m, sums[m["version"]]) for m in municipalities),
        adjustments=adjustments,
    )


def adjustments_in(versions: Sequence[int], as_at: datetime) -> tuple[Adjustment, ...]:
    """Those in force then, with what was reported; reviewers make them by hand, so they are few."""
    in_force = Adjustment.objects.in_force(as_at).filter(initiative__version__in=versions)
    return tuple(in_force.select_related("initiative").order_by("pk"))


def _municipalities(survey_round: SurveyRound, as_at: datetime) -> list[dict[str, Any]]:
    """All that the round asked: inhabitants at its date, and the version that counts (a nil return too)."""
    day = survey_round.population_date
    population = PopulationCount.objects.filter(municipality=OuterRef("pk"), date=day).by_recency(as_at)
    version = SubmissionVersion.objects.filter(
        submission__round=survey_round, submission__municipality=OuterRef("pk")
    ).reported(as_at)
    rows = Municipality.objects.filter(submissions__round=survey_round).annotate(
        inhabitants=Subquery(population.values("inhabitants")[:1]),
        immigrants=Subquery(population.values("immigrants_and_descendants")[:1]),
        version=Subquery(version.values("pk")),
    )
    fields = (
        "code",
        "name",
        "submissions__region__code",
        "submissions__region__name",
        "inhabitants",
        "immigrants",
        "version",
    )
    return [dict(row) for row in rows.values(*fields)]


def _sums(versions: list[int], breakdown: Breakdown) -> dict[int, dict[str, Any]]:
    """By version and group; grouping by the initiative's own columns spares a join per row."""
    rows = (
        ReportedInitiative.objects.filter(version__in=versions)
        .order_by()
        .values("version_id", breakdown.field)
        .annotate(expenditure=Sum("gross_expenditure"), income=Sum("gross_income"), count=Count("*"))
    )
    sums: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        sums[row["version_id"]][breakdown.group(row[breakdown.field])] = row
    return sums


def _adjust(sums: dict, adjustments: Sequence[Adjustment], breakdown: Breakdown) -> None:
    """What was reported goes out of its group, and what counts instead goes into its own."""
    for adjustment in adjustments:
        reported = adjustment.initiative
        moves = [(-1, reported)]
        if not adjustment.out_of_scope:
            moves.append((1, adjustment.adjusted(reported)))
        for sign, initiative in moves:
            groups = sums[initiative.version_id]
            group = breakdown.group(getattr(initiative, breakdown.field))
            row = groups.setdefault(group, {"expenditure": 0, "income": 0, "count": 0})
            row["expenditure"] += sign * (initiative.gross_expenditure or 0)
            row["income"] += sign * (initiative.gross_income or 0)
            row["count"] += sign


def _municipal_return(municipality: dict[str, Any], groups: dict[str, Any]) -> MunicipalReturn:
    return MunicipalReturn(
        code=municipality["code"],
        name=municipality["name"],
        region=municipality["submissions__region__code"],
        region_name=municipality["submissions__region__name"],
        inhabitants=municipality["inhabitants"],
        immigrants=municipality["immigrants"],
        responded=municipality["version"] is not None,
        expenditure={group: int(row["expenditure"]) for group, row in groups.items()},
        income={group: int(row["income"]) for group, row in groups.items()},
        initiatives=sum(row["count"] for row in groups.values()),
        counts={group: row["count"] for group, row in groups.items()},
        version=municipality["version"],
    )
