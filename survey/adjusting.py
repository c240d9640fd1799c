"""A reviewer's decision about a reported initiative: one transaction, under the submission's lock.

The municipality is told by mail of each correction and of each that is taken back, not of what is accepted.

`seen` is the initiative's latest decision on the reviewer's screen, None if there was none: nobody
decides over a colleague's decision without having read it.
"""

from collections.abc import Iterable
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS
from survey.models import Adjustment, ReportedInitiative, Submission, SubmissionVersion
from survey.models.initiatives import STORED_FIELDS
from survey.notices import tell_municipality
from survey.transitions import Refused, locked


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
        _tell(initiative, by, "corrected")
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
        _tell(initiative, by, "correction_withdrawn")
        return withdrawal


def accept(*, initiative_id: int, by, seen: int | None) -> Adjustment:
    """It counts as reported, and need not be looked at again. Pressing twice accepts once."""
    with _latest_of(initiative_id, by) as (initiative, latest, now):
        if latest and latest.kind == Adjustment.Kind.ACCEPTED:
            return latest
        if latest and latest.kind == Adjustment.Kind.ADJUSTED:
            raise Refused(_("Indsatsen er rettet. Træk rettelsen tilbage, hvis det indberettede skal gælde."))
        _refuse_unseen(latest, seen)
        return Adjustment.objects.create(initiative=initiative, kind=Adjustment.Kind.ACCEPTED, at=now, by=by)


def reopen(*, initiative_id: int, by, seen: int | None) -> Adjustment:
    """An accepted initiative is to be looked at after all, also one that stays accepted from an earlier
    version. Pressing twice reopens once."""
    with _latest_of(initiative_id, by) as (initiative, latest, now):
        if latest and latest.kind == Adjustment.Kind.REOPENED:
            return latest
        is_accepted = latest.kind == Adjustment.Kind.ACCEPTED if latest else _stays_accepted(initiative)
        if not is_accepted:
            raise Refused(_("Indsatsen er ikke godtaget, så den kan ikke åbnes igen."))
        _refuse_unseen(latest, seen)
        return Adjustment.objects.create(initiative=initiative, kind=Adjustment.Kind.REOPENED, at=now, by=by)


def still_in_force(read: Iterable[Adjustment]) -> list[Adjustment]:
    """Of the rows that AdjustmentQuerySet.to_read gave: each corrected initiative's, as it counts now."""
    return [one for one in read if one.kind == Adjustment.Kind.ADJUSTED and one.followed_by is None]  # type: ignore[attr-defined]


@contextmanager
def _latest_of(initiative_id: int, by):
    """(the initiative, its latest decision or None, now), its submission locked."""
    submissions = Submission.objects.filter(versions__initiatives=initiative_id).select_related(
        "municipality"
    )
    with locked(submissions) as (submission, now):
        if by.ministry_role not in REVIEWERS:
            raise PermissionDenied
        if submission.state == Submission.State.DRAFT:
            raise Refused(_("Besvarelsen er ikke hos ministeriet."))
        if submission.round.is_final:
            raise Refused(_("Kortlægningen er låst, så intet i den kan afgøres."))
        counting = SubmissionVersion.objects.filter(submission=submission).reported()
        initiatives = ReportedInitiative.objects.filter(version__in=counting.values("pk"))
        initiative = initiatives.filter(pk=initiative_id).select_related("version").first()
        if initiative is None:
            raise Refused(_("Denne version tæller ikke længere med. Se på den, der gør."))
        initiative.version.submission = submission
        if initiative.version.submitted_by_id == by.pk:
            raise Refused(_("Den, der har indsendt en besvarelse, kan ikke selv afgøre den."))
        yield initiative, initiative.adjustments.last(), now


def _stays_accepted(initiative: ReportedInitiative) -> bool:
    """Whether the latest decision in the earlier versions accepted what it still says, as
    reporting/review/statuses.py has it."""
    version = initiative.version
    earlier = Adjustment.objects.filter(
        initiative__uuid=initiative.uuid,
        initiative__version__submission=version.submission_id,
        initiative__version__number__lt=version.number,
    )
    decision = earlier.select_related("initiative").last()
    if decision is None or decision.kind != Adjustment.Kind.ACCEPTED:
        return False
    return all(getattr(decision.initiative, name) == getattr(initiative, name) for name in STORED_FIELDS)


def _tell(initiative: ReportedInitiative, by, template: str) -> None:
    tell_municipality(submission=initiative.version.submission, by=by, template=template)


def _nothing_changed(latest: Adjustment | None) -> str:
    if latest and latest.kind == Adjustment.Kind.ADJUSTED:
        return _(
            "Der er ikke rettet noget: værdierne er de indberettede. Skal de tælle igen, så brug ”Træk "
            "rettelsen tilbage”."
        )
    return _("Der er ikke rettet noget: værdierne er de indberettede.")


def _refuse_unseen(latest: Adjustment | None, seen: int | None) -> None:
    if (latest.pk if latest else None) != seen:
        raise Refused(
            _("Indsatsen er afgjort af en anden, siden du åbnede siden. Se afgørelsen igennem først.")
        )
