"""Where municipalities stand, from the database: two queries, whatever is handed in."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from municipalities.models import PopulationCount, Region
from reporting.response.counts import (
    APPROVED,
    BEGUN,
    NOT_BEGUN,
    RETURNED,
    SUBMITTED,
    DayCount,
    ResponseCount,
    Standing,
    by_day,
    by_region,
)
from survey.deadlines import is_late, last_day
from survey.models import Submission, SubmissionVersion, SurveyRound

STATE_NAMES = {
    NOT_BEGUN: _("ikke begyndt"),
    BEGUN: _("begyndt, ikke indsendt"),
    SUBMITTED: _("indsendt"),
    RETURNED: _("sendt tilbage"),
    APPROVED: _("godkendt"),
}


def state_of(submission: Submission) -> str:
    """One of counts.STATES; a draft has to come from with_begun()."""
    if submission.state != Submission.State.DRAFT:
        return submission.state
    return BEGUN if submission.has_begun else NOT_BEGUN


def standings(submissions: QuerySet[Submission], as_at: datetime) -> list[tuple[Submission, Standing]]:
    """Each of those that the user may see and where it stands now, in their order; `as_at` is for the
    inhabitants."""
    population = PopulationCount.objects.filter(
        municipality=OuterRef("municipality"), date=OuterRef("round__population_date")
    ).by_recency(as_at)
    found = list(
        submissions.select_related("round", "municipality", "region")
        .with_begun()  # type: ignore[attr-defined]
        .annotate(inhabitants=Subquery(population.values("inhabitants")[:1]))
    )
    versions = _versions(found)
    return [(submission, _standing(submission, versions.get(submission.pk, []))) for submission in found]


def standings_of(survey_round: SurveyRound, user, as_at: datetime) -> list[Standing]:
    """Of all that were asked in a round, in Danish order."""
    submissions = Submission.objects.visible_to(user).filter(round=survey_round)
    return [standing for _submission, standing in standings(submissions, as_at)]


def _versions(submissions: Sequence[Submission]) -> dict[int, list[SubmissionVersion]]:
    """Those that were not withdrawn, by submission and number, without their contents."""
    found = (
        SubmissionVersion.objects.filter(submission__in=submissions)
        .not_withdrawn()
        .only("submission_id", "number", "submitted_at", "is_nil", "initiative_count")
        .order_by("submission_id", "number")
    )
    return {key: list(group) for key, group in groupby(found, lambda version: version.submission_id)}


def _standing(submission: Submission, versions: list[SubmissionVersion]) -> Standing:
    municipality, deadline = submission.municipality, submission.deadline
    first, counts = (versions[0], versions[-1]) if versions else (None, None)
    return Standing(
        code=municipality.code,
        name=municipality.name,
        region=submission.region.code,
        region_name=submission.region.name,
        tile=(municipality.tile_row, municipality.tile_column),
        inhabitants=submission.inhabitants,  # type: ignore[attr-defined]
        state=state_of(submission),
        deadline=deadline,
        is_extended=submission.has_own_deadline,
        first_at=first.submitted_at if first else None,
        # A first answer answers no return.
        is_late=first is not None
        and is_late(submitted_at=first.submitted_at, deadline=deadline, first_returned_at=None),
        version=counts.number if counts else None,
        counted_at=counts.submitted_at if counts else None,
        is_nil=counts is not None and counts.is_nil,
        initiatives=counts.initiative_count if counts else 0,
    )


def regional_counts(found: Sequence[Standing]) -> list[ResponseCount]:
    return by_region(found, list(Region.objects.values_list("code", "name")))


def days_of(survey_round: SurveyRound, found: Sequence[Standing], now: datetime) -> list[DayCount]:
    """Up to today, or to the day on which the round could last be edited; none before it opens."""
    opens, today = localdate(survey_round.opens_at), localdate(now)
    if today < opens:
        return []
    return by_day(
        [localdate(one.first_at) if one.first_at else None for one in found],
        opens=opens,
        deadline=last_day(survey_round.deadline),
        until=min(today, last_day(survey_round.edit_until)),
    )
