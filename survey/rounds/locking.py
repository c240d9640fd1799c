"""What every edge of a round shares: the locks it is judged under, and the event that tells of it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from municipalities.models import Role
from survey.models import RoundEvent, Submission, SurveyRound
from survey.transitions import Refused, database_now

PLANNED = ("accounts_year", "price_level", "population_date", "opens_at", "deadline", "edit_until")


@contextmanager
def managed(round_id: int, by, roles=(Role.ROUND_MANAGER,)) -> Iterator[tuple[SurveyRound, datetime]]:
    """The round and all its submissions, locked in one order, and the time after the wait."""
    if by.ministry_role not in roles:
        raise PermissionDenied
    with transaction.atomic():
        survey_round = SurveyRound.objects.select_for_update(no_key=True).get(pk=round_id)
        submissions = Submission.objects.filter(round=survey_round).order_by("pk")
        list(submissions.select_for_update(no_key=True).values_list("pk"))
        yield survey_round, database_now()


def fixed_rounds(day: date, *, lock: bool = False) -> list[SurveyRound]:
    """Those whose figures rest on the population of that date and shall not change: locked or archived.

    With `lock` (in a transaction) none of the date's rounds is locked or reopened until it ends.
    """
    rounds = SurveyRound.objects.filter(population_date=day)
    if lock:
        rounds = rounds.select_for_update(no_key=True)
    fixed = (SurveyRound.State.LOCKED, SurveyRound.State.ARCHIVED)
    return [one for one in rounds if one.state in fixed]


def seen(survey_round: SurveyRound) -> str:
    """Tells one state of the plan's years and dates from another: what a page began with."""
    return digest([getattr(survey_round, name) for name in PLANNED])


def phases_seen(survey_round: SurveyRound) -> str:
    """The same of its phases."""
    rows = survey_round.phases.order_by("kind").values_list("kind", "starts_on", "ends_on", "responsible")
    return digest(list(rows))


def digest(values: list) -> str:
    """Tells what a page began with from what stands now."""
    return hashlib.sha256("\n".join(map(str, values)).encode()).hexdigest()


def refuse_stale(began_with: str, now: str) -> None:
    """A page that was opened before a colleague's change must not undo it; "" is no page."""
    if began_with and began_with != now:
        raise Refused(_("En anden har ændret det, siden du åbnede siden. Dit er ikke gemt: åbn siden igen."))


def record(survey_round: SurveyRound, kind: str, by, at: datetime, *, state: str = "", reason="") -> None:
    """Stores the round as it is now, with the event that tells of it, in the caller's transaction. Raises
    Refused where the two break a rule of their own."""
    survey_round.state = state or survey_round.state
    dates = {name: getattr(survey_round, name) for name in ("opens_at", "deadline", "edit_until")}
    event = RoundEvent(
        round=survey_round, kind=kind, at=at, by=by, reason=reason, state=survey_round.state, **dates
    )
    try:
        survey_round.full_clean()
        event.full_clean(exclude=["by"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    survey_round.save()
    event.save()
