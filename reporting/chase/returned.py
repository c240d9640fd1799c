"""Who got the answer back and has not answered: it counts as it was, and is waited for all the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from municipalities.models import Contact
from reporting.chase.listing import known_of
from survey.models import ChaseNote, RoundMail, Submission, SurveyRound

RETURNED = Submission.State.RETURNED


@dataclass(frozen=True)
class ReturnedRow:
    """`is_overdue`: its day is past, so that the municipality can change nothing without more time."""

    submission: Submission
    is_overdue: bool
    contact: Contact | None
    last_login: datetime | None
    last_mail: RoundMail | None
    outcome: ChaseNote | None
    last_note: ChaseNote | None


def returned_list(survey_round: SurveyRound, user, as_at: datetime) -> list[ReturnedRow]:
    """By due date, those that are overdue first; a query for each kind."""
    found = list(_returned(survey_round, user).select_related("municipality", "region").with_begun())
    found.sort(key=lambda one: (one.return_due_at, one.municipality.sort_key))
    known = known_of(survey_round, user, [one.municipality_id for one in found])
    return [
        ReturnedRow(
            one,
            one.return_due_at <= as_at,
            **{name: about.get(one.municipality_id) for name, about in known.items()},
        )
        for one in found
    ]


def returned_counts(survey_round: SurveyRound, user, as_at: datetime) -> dict[str, int]:
    """`returned`, and how many of them are `overdue`."""
    overdue = Count("pk", filter=Q(return_due_at__lte=as_at))
    return _returned(survey_round, user).aggregate(returned=Count("pk"), overdue=overdue)


def _returned(survey_round: SurveyRound, user):
    return Submission.objects.visible_to(user).filter(round=survey_round, state=RETURNED)


def overdue_of(rows: Iterable[ReturnedRow]) -> int:
    return sum(row.is_overdue for row in rows)
