"""A reviewer's correction of a reported initiative: one transaction, under the submission's lock.

`seen` is the initiative's latest adjustment on the reviewer's screen, None if there was none: nobody
corrects over a colleague's correction without having read it.
"""

from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from survey.models import Adjustment, ReportedInitiative, Submission, SubmissionVersion, SurveyRound
from survey.transitions import REVIEWERS, Refused, locked


def adjust(
    *, initiative_id: int, by, seen: int | None, reason: str, explanation: str, out_of_scope=False, **values
) -> Adjustment:
    """What counts from now on; `values` are of ADJUSTABLE, and those left out stand as reported.

    Each adjustment is whole: it replaces the one before. Pressing twice, or two reviewers at once
    with the same content, gives one row: the second call returns what the first one added.
    """
    with _latest_of(initiative_id, by) as (initiative, latest, now):
        changed = {name: value for name, value in values.items() if value != getattr(initiative, name)}
        content = {"out_of_scope": out_of_scope, "reason": reason, "explanation": explanation}
        adjustment = Adjustment(
            initiative=initiative, kind=Adjustment.Kind.ADJUSTED, at=now, by=by, **content, **changed
        )
        if not adjustment.changes() and not out_of_scope:
            raise Refused(_nothing_changed(latest))
        if latest and latest.says_the_same_as(adjustment):
            return latest
        _refuse_unseen(latest, seen)
        adjustment.save(force_insert=True)
        return adjustment


def withdraw_adjustment(*, initiative_id: int, by, seen: int | None, explanation: str) -> Adjustment:
    """What was reported counts again. Pressing twice withdraws once, as with adjust."""
    with _latest_of(initiative_id, by) as (initiative, latest, now):
        withdrawal = Adjustment(
            initiative=initiative, kind=Adjustment.Kind.WITHDRAWN, at=now, by=by, explanation=explanation
        )
        if latest and latest.says_the_same_as(withdrawal):
            return latest
        if latest is None or latest.kind != Adjustment.Kind.ADJUSTED:
            raise Refused(_("Indsatsen er ikke rettet, så der er ingen rettelse at trække tilbage."))
        _refuse_unseen(latest, seen)
        withdrawal.save(force_insert=True)
        return withdrawal


@contextmanager
def _latest_of(initiative_id: int, by):
    """(the initiative, its latest adjustment or None, now), its submission locked."""
    submissions = Submission.objects.filter(versions__initiatives=initiative_id)
    with locked(submissions.select_related("round")) as (submission, now):
        if by.ministry_role not in REVIEWERS:
            raise PermissionDenied
        if submission.state == Submission.State.DRAFT:
            raise Refused(_("Besvarelsen er ikke hos ministeriet."))
        if submission.round.state == SurveyRound.State.LOCKED:
            raise Refused(_("Kortlægningen er låst, så der kan ikke rettes i den."))
        counting = SubmissionVersion.objects.filter(submission=submission).reported()
        initiatives = ReportedInitiative.objects.filter(version__in=counting.values("pk"))
        initiative = initiatives.filter(pk=initiative_id).select_related("version").first()
        if initiative is None:
            raise Refused(_("Denne version tæller ikke længere med. Ret i den, der gør."))
        if initiative.version.submitted_by_id == by.pk:
            raise Refused(_("Den, der har indsendt en besvarelse, kan ikke selv rette den."))
        yield initiative, initiative.adjustments.last(), now


def _nothing_changed(latest: Adjustment | None) -> str:
    if latest and latest.kind == Adjustment.Kind.ADJUSTED:
        return _(
            "Der er ikke rettet noget: værdierne er de indberettede. Skal de tælle igen, så brug ”Træk "
            "rettelsen tilbage”."
        )
    return _("Der er ikke rettet noget: værdierne er de indberettede.")


def _refuse_unseen(latest: Adjustment | None, seen: int | None) -> None:
    if (latest.pk if latest else None) != seen:
        raise Refused(_("Indsatsens rettelser er ændret, siden du åbnede siden. Se dem igennem først."))
