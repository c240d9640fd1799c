"""Last round's initiatives again: what is copied keeps its uuid, so that change over time can be followed.

What the municipality reported is copied, never the ministry's corrections, which stand beside it. The
amounts and what they rest on are this round's to answer, and come empty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import pghistory
from django.db.models import Prefetch

from municipalities.models import Municipality
from survey.entering import open_for
from survey.models import Adjustment, Initiative, ReportedInitiative, Submission, SubmissionVersion
from survey.models.initiatives import STORED_FIELDS
from survey.models.submissions import SubmissionQuerySet

AMOUNTS = ("gross_expenditure", "gross_income")
COPIED = tuple(name for name in STORED_FIELDS if name not in (*AMOUNTS, "expenditure_basis", "income_basis"))


@dataclass(frozen=True)
class OverTime:
    """One initiative through the rounds. `amounts`: gross expenditure as reported in 1,000 kr. of each
    year's own prices, one a year; None where it was not reported or is not answered yet."""

    title: str
    amounts: list[int | None]
    change: str  # since the round before: "continued", "new" or "absent"


def earlier_versions(submission: Submission) -> list[SubmissionVersion]:
    """The municipality's versions that count in earlier rounds, the latest round first, and those of the
    municipalities that had become a part of it when this round counts its population."""
    reported = SubmissionVersion.objects.filter(
        submission__municipality__in=_with_predecessors(submission),
        submission__round__accounts_year__lt=submission.round.accounts_year,
    ).reported()
    versions = SubmissionVersion.objects.filter(pk__in=reported.values("pk"))
    return list(
        versions.select_related("submission__round", "submission__municipality").order_by(
            "-submission__round__accounts_year", "submission__municipality__sort_key"
        )
    )


def _with_predecessors(submission: Submission) -> list[int]:
    found = new = [submission.municipality_id]
    while new:
        merged = Municipality.objects.filter(
            successor__in=new, valid_until__lte=submission.round.population_date
        )
        new = list(merged.values_list("pk", flat=True))
        found = found + new
    return found


def last_round(versions: list[SubmissionVersion]) -> list[SubmissionVersion]:
    """Of earlier_versions those of the latest round: several where municipalities have been merged."""
    return [version for version in versions if version.submission.round == versions[0].submission.round]


def reported_in(versions: list[SubmissionVersion]) -> list[ReportedInitiative]:
    """The versions' initiatives; `in_force` holds the ministry's correction of each, if there is one."""
    in_force = Prefetch("adjustments", Adjustment.objects.in_force(), to_attr="in_force")
    initiatives = ReportedInitiative.objects.filter(version__in=versions)
    order = ("version__submission__municipality__sort_key", "position")
    return list(initiatives.order_by(*order).prefetch_related(in_force))


def copy_initiatives(
    *, submissions: SubmissionQuerySet, versions: list[SubmissionVersion], uuids: Iterable[UUID], by
) -> list[Initiative]:
    """Those of `uuids` in the earlier versions that the working copy does not hold yet, copied into it.

    `submissions` is the one to copy into. Pressing twice, or two people at once, copies each once.
    Raises Refused (not open for entries) or Submission.DoesNotExist (not the user's to edit).
    """
    with open_for(by, submissions) as submission, pghistory.context(user=by.pk, act="copied"):
        there = submission.initiatives.values("uuid")
        chosen = ReportedInitiative.objects.filter(version__in=versions, uuid__in=uuids)
        chosen = chosen.exclude(uuid__in=there).order_by("version", "position")
        return Initiative.objects.bulk_create(
            Initiative(
                submission=submission,
                uuid=initiative.uuid,
                updated_by=by,
                **{name: getattr(initiative, name) for name in COPIED},
            )
            for initiative in chosen
        )


def over_time(initiatives: Iterable[Initiative], versions: list[SubmissionVersion]) -> list[OverTime]:
    """This round's initiatives and then the last round's that are not among them; a year for each round
    of `versions` (see earlier_versions), the earliest first, and this round's at the end."""
    year_of = {version.pk: version.submission.round.accounts_year for version in reversed(versions)}
    reported: dict[int, dict] = {year: {} for year in year_of.values()}
    rows = ReportedInitiative.objects.filter(version__in=versions).order_by("version", "position")
    for version, uuid, title, amount in rows.values_list("version", "uuid", "title", "gross_expenditure"):
        reported[year_of[version]][uuid] = (title, amount)
    last = reported[year_of[versions[0].pk]]
    now = {one.uuid: one for one in initiatives}

    def row(uuid, title, amount, change):
        earlier = [of_round.get(uuid, (None, None))[1] for of_round in reported.values()]
        return OverTime(title, [*earlier, amount], change)

    present = [
        row(uuid, str(one), one.gross_expenditure, "continued" if uuid in last else "new")
        for uuid, one in now.items()
    ]
    return present + [row(uuid, last[uuid][0], None, "absent") for uuid in last if uuid not in now]
