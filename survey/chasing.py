"""Notes of contacts with a municipality about a round; they are only added."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS, Municipality
from survey.models import ChaseNote, Submission
from survey.transitions import Refused, locked


def add_note(
    *,
    submission_id: int,
    by,
    seen: int,
    outcome: str = "",
    merged_with: Municipality | None = None,
    text: str = "",
) -> ChaseNote:
    """A note about the municipality in the submission's round.

    `seen` is the newest note on the writer's screen: the same written again since was the same press of the
    button. Raises Refused before the round is opened and once it is locked.
    """
    with locked(Submission.objects.filter(pk=submission_id)) as (submission, _now):
        if by.ministry_role not in REVIEWERS:
            raise PermissionDenied
        if not submission.round.is_opened:
            raise Refused(_("Kortlægningen er ikke åbnet, så der kan ikke skrives notater om den endnu."))
        if submission.round.is_final:
            raise Refused(_("Kortlægningen er låst, så der kan ikke skrives flere notater om den."))
        said = {
            "round": submission.round,
            "municipality_id": submission.municipality_id,
            "by": by,
            "outcome": outcome,
            "merged_with": merged_with,
            "text": text,
        }
        same = ChaseNote.objects.filter(pk__gt=seen, **said).first()
        return same or ChaseNote.objects.create(**said)
