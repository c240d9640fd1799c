"""Saving and deleting a working copy: one transaction, under the submission's lock, by revision."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from survey.models import Initiative, Submission
from survey.transitions import Refused, locked


class Conflict(Exception):
    """Somebody saved, or deleted, since the page was opened; `current` is what is stored now, or None."""

    def __init__(self, current: Initiative | None):
        super().__init__()
        self.current = current


def save_initiative(*, initiative: Initiative, by, revision: int) -> None:
    """Stores the initiative if `revision`, the one that the user edited, is still the stored one.

    A new initiative has revision 0. Raises Refused (not open for entries) or Conflict.
    """
    with locked(initiative.submission_id) as (submission, now):
        _check(submission, by, now)
        current = submission.initiatives.filter(uuid=initiative.uuid).first()
        if (current.revision if current else 0) != revision:
            raise Conflict(current)
        initiative.revision = revision + 1
        initiative.updated_by = by
        initiative.save(force_insert=current is None, force_update=current is not None)


def delete_initiative(*, initiative: Initiative, by, revision: int) -> None:
    with locked(initiative.submission_id) as (submission, now):
        _check(submission, by, now)
        deleted, _rows = submission.initiatives.filter(uuid=initiative.uuid, revision=revision).delete()
        if not deleted:
            raise Conflict(submission.initiatives.filter(uuid=initiative.uuid).first())


def _check(submission: Submission, by, now) -> None:
    if not submission.may_edit(by):
        raise PermissionDenied
    if not submission.accepts_entries(now):
        raise Refused(_("Besvarelsen kan ikke ændres nu: den er indsendt, eller fristen er udløbet."))
