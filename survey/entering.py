"""Saving and deleting a working copy: one transaction, under the submission's lock, by revision."""

from collections.abc import Collection, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from survey.checking import keep_reasons
from survey.models import Initiative, Submission
from survey.models.initiatives import STORED_FIELDS
from survey.models.submissions import SubmissionQuerySet
from survey.transitions import Refused, locked


class Conflict(Exception):
    """Somebody saved, or deleted, since the page was opened; `current` is what is stored now, or None."""

    def __init__(self, current: Initiative | None):
        super().__init__()
        self.current = current


def save_initiative(
    *,
    submissions: SubmissionQuerySet,
    initiative: Initiative,
    by,
    revision: int,
    names: Collection[str] = STORED_FIELDS,
    reasons: Mapping[str, str] | None = None,
) -> None:
    """Stores the initiative if `revision`, the one that the user edited, is still the stored one.

    `submissions` is the one it belongs to. A new initiative has revision 0. Fields that are not in
    `names` keep what is stored. `reasons` (rule id -> text) pass its warnings. Raises Refused (not open
    for entries), Conflict, or Submission.DoesNotExist (not there, or not the user's to edit).
    """
    with open_for(by, submissions) as submission:
        stored = submission.initiatives.filter(uuid=initiative.uuid)
        values = {name: getattr(initiative, name) for name in names}
        values |= {"revision": revision + 1, "updated_by": by, "updated_at": timezone.now()}
        if revision and not stored.filter(revision=revision).update(**values):
            raise Conflict(stored.select_related("updated_by").first())
        if not revision:
            _stored, created = submission.initiatives.get_or_create(uuid=initiative.uuid, defaults=values)
            if not created:
                raise Conflict(stored.select_related("updated_by").get())
        if reasons:
            keep_reasons(submission=submission, uuid=initiative.uuid, reasons=reasons, by=by)


def give_reasons(*, submission: Submission, reasons: Mapping[UUID, Mapping[str, str]], by) -> None:
    """Stores reasons (uuid -> rule id -> text) for warnings that are open, inside open_for.

    The initiatives get a new revision: a page of one that is open elsewhere has the reason's field empty,
    and its next save meets this one instead of emptying it.
    """
    for uuid, given in reasons.items():
        submission.warning_reasons.filter(uuid=uuid, rule__in=given).delete()  # written before there was more
        keep_reasons(submission=submission, uuid=uuid, reasons=given, by=by)
    submission.initiatives.filter(uuid__in=reasons).update(
        revision=F("revision") + 1, updated_by=by, updated_at=timezone.now()
    )


def delete_initiative(*, submissions: SubmissionQuerySet, initiative: Initiative, by, revision: int) -> None:
    """Deletes the working copy with its reasons if `revision` is still the stored one.

    Raises as save_initiative does.
    """
    with open_for(by, submissions) as submission:
        stored = submission.initiatives.filter(uuid=initiative.uuid)
        deleted, _rows = stored.filter(revision=revision).delete()
        if not deleted:
            raise Conflict(stored.first())
        submission.warning_reasons.filter(uuid=initiative.uuid).delete()


@contextmanager
def open_for(by, submissions: SubmissionQuerySet):
    """The submission, locked, if it accepts entries."""
    with locked(submissions.editable_by(by)) as (submission, now):
        if not submission.accepts_entries(now):
            raise Refused(why_closed(submission))
        yield submission


def why_closed(submission: Submission) -> str:
    """Why nothing can be entered now, to whom it matters."""
    if submission.is_handed_in:
        return _("Besvarelsen er indsendt og kan ikke ændres.")
    return _("Besvarelsen kan ikke ændres: kortlægningen er ikke åben, eller fristen er udløbet.")
