"""The review's own housekeeping: who looks at what, what is accepted in bulk, which rules do not speak."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS, Role, User
from survey.models import (
    Adjustment,
    ReportedInitiative,
    ReviewAssignment,
    RuleRetirement,
    Submission,
    SubmissionVersion,
    SurveyRound,
)
from survey.transitions import Refused, database_now, locked


def assign(*, submission_id: int, uuids: Iterable[UUID], reviewer: User | None, by) -> int:
    """Gives these initiatives of one answer to a reviewer, or to nobody; how many that changed."""
    uuids = set(uuids)
    with locked(Submission.objects.filter(pk=submission_id)) as (submission, now):
        if by.ministry_role not in REVIEWERS:
            raise PermissionDenied
        if submission.round.is_final:
            raise Refused(_("Kortlægningen er låst, så intet i den kan gennemgås."))
        if reviewer is not None and (not reviewer.is_active or reviewer.ministry_role not in REVIEWERS):
            raise Refused(_("Vælg en, der kan gennemgå besvarelser."))
        given = ReviewAssignment.objects.filter(submission=submission, uuid__in=uuids)
        if reviewer is None:
            return given.delete()[0]
        reported = ReportedInitiative.objects.filter(version__submission=submission, uuid__in=uuids)
        already = set(given.filter(reviewer=reviewer).values_list("uuid", flat=True))
        new = set(reported.values_list("uuid", flat=True)) - already
        ReviewAssignment.objects.bulk_create(
            [
                ReviewAssignment(submission=submission, uuid=uuid, reviewer=reviewer, by=by, at=now)
                for uuid in sorted(new)
            ],
            update_conflicts=True,
            unique_fields=["submission", "uuid"],
            update_fields=["reviewer", "by", "at"],
        )
        return len(new)


def accept_in_bulk(*, submission_id: int, initiative_ids: Iterable[int], by) -> int:
    """Accepts those of one answer that still count and that nobody has decided about; how many."""
    with locked(Submission.objects.filter(pk=submission_id)) as (submission, now):
        if by.ministry_role not in REVIEWERS:
            raise PermissionDenied
        if submission.round.is_final:
            raise Refused(_("Kortlægningen er låst, så intet i den kan afgøres."))
        if submission.state == Submission.State.DRAFT:
            return 0
        counting = SubmissionVersion.objects.filter(submission=submission).reported().get()
        if counting.submitted_by_id == by.pk:
            return 0
        undecided = counting.initiatives.filter(pk__in=list(initiative_ids), adjustments=None)
        rows = [
            Adjustment(initiative_id=pk, kind=Adjustment.Kind.ACCEPTED, at=now, by=by, in_bulk=True)
            for pk in undecided.order_by("pk").values_list("pk", flat=True)
        ]
        return len(Adjustment.objects.bulk_create(rows))


def retire_rule(*, round_id: int, rule: str, reason: str, by) -> None:
    """The rule does not speak in the round from now on: not at entry, not in the hit list."""
    _steer(round_id, rule, RuleRetirement.Kind.RETIRED, reason, by)


def restore_rule(*, round_id: int, rule: str, reason: str, by) -> None:
    """It speaks again."""
    _steer(round_id, rule, RuleRetirement.Kind.RESTORED, reason, by)


def _steer(round_id: int, rule: str, kind: str, reason: str, by) -> None:
    """Pressing twice does it once."""
    with transaction.atomic():
        survey_round = SurveyRound.objects.select_for_update(no_key=True).get(pk=round_id)
        if by.ministry_role != Role.ROUND_MANAGER:
            raise PermissionDenied
        if survey_round.is_final:
            raise Refused(_("Kortlægningen er låst, så dens regler ligger fast."))
        is_retired = rule in survey_round.retired_rules
        if is_retired == (kind == RuleRetirement.Kind.RETIRED):
            return
        survey_round.retired_rules = sorted({*survey_round.retired_rules} ^ {rule})
        survey_round.save(update_fields=["retired_rules"])
        RuleRetirement.objects.create(
            round=survey_round, rule=rule, kind=kind, reason=reason, by=by, at=database_now()
        )
