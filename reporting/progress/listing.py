"""The review of a round as at now, from the database: a fixed number of queries, whatever is handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.timezone import localdate

from municipalities.models import User
from reporting.national import NationalEstimate
from reporting.progress.counting import Item, Tally, Wait, Waiting, tallies, tally, waiting
from reporting.review.statuses import ASKED, statuses
from survey.models import (
    Adjustment,
    ReportedInitiative,
    ServiceArea,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
    SurveyRound,
)


@dataclass(frozen=True)
class ReviewerRow:
    """`name` is "" for what nobody was given; `decided` are those that this one settled, whoever has them."""

    name: str
    tally: Tally
    decided: int


@dataclass(frozen=True)
class Review:
    """Of the initiatives in the versions that count; expenditure as it counts, after adjustments."""

    whole: Tally
    areas: list[tuple[str, str, Tally]]  # the area, its name
    reviewers: list[ReviewerRow]
    asked: Waiting
    names: dict[int, str]  # of all who have reviewed or are to, by the user's id


@dataclass(frozen=True)
class Answers:
    """Those of one state; `waiting` since they were handed in or returned, None once approved."""

    state: str
    name: str
    count: int
    waiting: Waiting | None


def review_of(survey_round: SurveyRound, national: NationalEstimate, now: datetime) -> Review:
    items, asked = _items(survey_round, national)
    by_reviewer = tallies(items, lambda item: item.reviewer)
    decided = tallies(items, lambda item: item.decided_by)
    adjusters = {one.by_id for one in national.totals.adjustments}
    people = [pk for pk in {*by_reviewer, *decided, *adjusters} if pk is not None]
    names = dict(User.objects.filter(pk__in=people).order_by("name", "pk").values_list("pk", "name"))
    by_area = tallies(items, lambda item: item.area)
    rows = [
        ReviewerRow(names[pk] if pk else "", by_reviewer.get(pk, Tally()), decided.get(pk, Tally()).settled)
        for pk in (*names, None)
        if pk in by_reviewer or (pk is not None and pk in decided)
    ]
    return Review(
        whole=tally(items),
        areas=[(area.value, str(area.label), by_area.get(area.value, Tally())) for area in ServiceArea],
        reviewers=rows,
        asked=waiting(asked, localdate(now)),
        names=names,
    )


def _items(survey_round: SurveyRound, national: NationalEstimate) -> tuple[list[Item], list[Wait]]:
    """Every initiative that counts, and the questions that wait for an answer."""
    places = {row.version: row for row in national.totals.returns if row.version}
    found = statuses(places)
    by = _deciders(places)
    adjusted = {one.initiative_id: one for one in national.totals.adjustments}
    items, asked = [], []
    rows = ReportedInitiative.objects.filter(version__in=places).order_by()
    for pk, version, uuid, area, amount, title in rows.values_list(
        "pk", "version_id", "uuid", "service_area", "gross_expenditure", "title"
    ):
        status = found[pk]
        if pk in adjusted:
            area, amount = _as_it_counts(adjusted[pk], area, amount)
        decided_by = by.get(status.decision) if status.is_settled else None
        items.append(Item(status.name, area, (amount or 0) * national.factor, status.reviewer, decided_by))
        if status.name == ASKED and status.since:
            place = places[version]
            address = reverse("reporting:initiative", args=[survey_round.accounts_year, place.code, uuid])
            asked.append(Wait(localdate(status.since), f"{place.name}: {title}", address))
    return items, asked


def _as_it_counts(adjustment: Adjustment, area: str, amount: int | None) -> tuple[str, int | None]:
    """One that is out of scope has been reviewed, and counts as nothing."""
    if adjustment.out_of_scope:
        return area, 0
    changes = adjustment.changes()
    return changes.get("service_area", area), changes.get("gross_expenditure", amount)


def _deciders(versions: Iterable[int]) -> dict[int | None, int]:
    """Who made each decision of these versions, by its id."""
    rows = Adjustment.objects.filter(initiative__version__in=list(versions)).order_by()
    return dict(rows.values_list("pk", "by_id"))


def answers_of(survey_round: SurveyRound, user, now: datetime) -> list[Answers]:
    """Submitted, returned and approved; one query."""
    version = SubmissionVersion.objects.filter(submission=OuterRef("pk")).not_withdrawn().order_by("-number")
    returns = SubmissionEvent.objects.filter(
        submission=OuterRef("pk"), kind=SubmissionEvent.Kind.RETURNED
    ).order_by("-pk")
    rows = (
        Submission.objects.visible_to(user)
        .filter(round=survey_round)
        .annotate(
            handed_in=Subquery(version.values("submitted_at")[:1]), sent=Subquery(returns.values("at")[:1])
        )
        .values_list("state", "municipality__code", "municipality__name", "handed_in", "sent")
    )
    State = Submission.State
    waits: dict[str, list[Wait]] = {State.SUBMITTED: [], State.RETURNED: [], State.APPROVED: []}
    for state, code, name, handed_in, sent in rows:
        if state in waits:
            since = sent if state == State.RETURNED else handed_in
            address = reverse("reporting:submission", args=[survey_round.accounts_year, code])
            waits[state].append(Wait(localdate(since), name, address))
    today = localdate(now)
    return [
        Answers(
            state,
            str(State(state).label),
            len(mine),
            None if state == State.APPROVED else waiting(mine, today),
        )
        for state, mine in waits.items()
    ]
