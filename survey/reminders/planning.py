"""Up to five reminders a round, each at its own time; who plans, sends or closes holds the round's lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from survey.models import Reminder, SurveyRound
from survey.rounds.locking import digest, managed, refuse_stale
from survey.transitions import Refused

MOST = 5
PLANNED_IN = (*SurveyRound.NOT_OPENED, SurveyRound.State.OPEN)


def add(*, round_id: int, by, **fields) -> Reminder:
    """A new one: send_at, targets, subject, text. Pressing twice gives one; a sixth is refused."""
    with _planned(round_id, by) as (survey_round, now):
        there = list(survey_round.reminders.all())
        for one in there:
            if all(getattr(one, name) == value for name, value in fields.items()):
                return one
        free = sorted(set(range(1, MOST + 1)) - {one.number for one in there})
        if not free:
            raise Refused(_("En kortlægning har højst fem påmindelser. Ret eller slet en af dem."))
        return _store(Reminder(round=survey_round, number=free[0], created_by=by, **fields), now)


def seen(reminder: Reminder) -> str:
    """Tells one state of its contents from another: what a page began with."""
    return digest([reminder.send_at.isoformat(), sorted(reminder.targets), reminder.subject, reminder.text])


def change(*, reminder: Reminder, by, began_with: str = "", **fields) -> Reminder:
    """New contents of one that is not sent; one that is stopped stays so."""
    with _unsent(reminder, by) as (stored, now):
        if stored is None:
            raise Refused(_("Påmindelsen er slettet imens."))
        refuse_stale(began_with, seen(stored))
        for name, value in fields.items():
            setattr(stored, name, value)
        return _store(stored, now)


def delete(*, reminder: Reminder, by) -> None:
    with _unsent(reminder, by) as (stored, _now):
        if stored:
            stored.delete()


def stop(*, reminder: Reminder, by) -> None:
    """It is not sent, unless the stop is taken back before its time."""
    with _unsent(reminder, by) as (stored, now):
        if stored and not stored.stopped_at:
            stored.stopped_at, stored.stopped_by = now, by
            stored.save(update_fields=["stopped_at", "stopped_by"])


def take_back_stop(*, reminder: Reminder, by) -> None:
    with _unsent(reminder, by) as (stored, now):
        if stored is None:
            raise Refused(_("Påmindelsen er slettet imens."))
        if stored.send_at <= now:
            raise Refused(_("Tidspunktet er passeret. Ret det, og tag så stoppet tilbage."))
        stored.stopped_at = stored.stopped_by = None
        stored.save(update_fields=["stopped_at", "stopped_by"])


def why_not_at(survey_round: SurveyRound, send_at: datetime, now: datetime) -> str:
    """Why no reminder can be sent then, or "" if it can."""
    if send_at <= now:
        return _("Tidspunktet er passeret. Vælg et tidspunkt i fremtiden.")
    if send_at <= survey_round.opens_at:
        return _("Påmindelsen skal sendes, efter at kortlægningen åbner, %(opens)s.") % {
            "opens": date_format(localtime(survey_round.opens_at), "DATETIME_FORMAT")
        }
    return ""


def _store(reminder: Reminder, now: datetime) -> Reminder:
    if why := why_not_at(reminder.round, reminder.send_at, now):
        raise Refused(why)
    if reminder.round.reminders.filter(send_at=reminder.send_at).exclude(pk=reminder.pk).exists():
        raise Refused(_("Der er allerede en påmindelse på dette tidspunkt. Vælg et andet."))
    try:
        reminder.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    reminder.save()
    return reminder


@contextmanager
def _planned(round_id: int, by) -> Iterator[tuple[SurveyRound, datetime]]:
    with managed(round_id, by) as (survey_round, now):
        if survey_round.state not in PLANNED_IN:
            raise Refused(_("Kortlægningen er ikke længere åben, så dens påmindelser ligger fast."))
        yield survey_round, now


@contextmanager
def _unsent(reminder: Reminder, by) -> Iterator[tuple[Reminder | None, datetime]]:
    """The reminder as it stands now, and the time; None if somebody has deleted it."""
    with _planned(reminder.round_id, by) as (survey_round, now):
        stored = survey_round.reminders.filter(pk=reminder.pk).first()
        if stored and stored.sent_at:
            raise Refused(_("Påmindelsen er allerede sendt."))
        yield stored, now
