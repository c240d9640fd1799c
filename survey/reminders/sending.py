"""What is due goes out: the judgement, the mails and the mark that it is sent are one transaction.

Killed before its commit it has sent nothing and is done anew; after it every mail is a row of its own
(municipalities/mail.py). Two at once: who does not get the round's lock leaves it to the other.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from municipalities import mail
from survey.models import Reminder, RoundMail, SurveyRound
from survey.reminders.recipients import letter, recipients
from survey.transitions import database_now

logger = logging.getLogger(__name__)


def send_due() -> None:
    """Every reminder whose time has come. It is cheap when there is none."""
    due = Reminder.objects.waiting().filter(send_at__lte=Now())
    for round_id in due.order_by("round").values_list("round", flat=True).distinct():
        try:
            send_due_of(round_id=round_id)
        except Exception:  # one round's must not hold up the others'; it is tried again a minute later
            logger.exception("Reminders of round %s were not sent", round_id)


def send_due_of(*, round_id: int) -> None:
    """The latest that is due; earlier ones, which nobody sent in time, are stopped: one mail at a time.

    So are all of them where the round is not open at their time: not yet, or not any more.
    """
    with transaction.atomic():
        rounds = SurveyRound.objects.filter(pk=round_id)
        survey_round = rounds.select_for_update(no_key=True, skip_locked=True).first()
        if survey_round is None:
            return
        now = database_now()
        due = list(survey_round.reminders.waiting().filter(send_at__lte=now).order_by("send_at"))
        is_open = survey_round.state == SurveyRound.State.OPEN and survey_round.opens_at <= now
        latest = due.pop() if due and is_open else None
        survey_round.reminders.filter(pk__in=[one.pk for one in due]).update(stopped_at=now)
        if latest:
            _send(latest, survey_round, now)


def _send(reminder: Reminder, survey_round: SurveyRound, now: datetime) -> None:
    asked = recipients(survey_round, reminder.targets, now)
    people = [
        (recipient.submission, name, address) for recipient in asked for name, address in recipient.people
    ]
    mails = mail.queue_letters(
        (address, *letter(submission, name, subject=reminder.subject, text=reminder.text))
        for submission, name, address in people
    )
    RoundMail.objects.bulk_create(
        RoundMail(
            round=survey_round,
            municipality_id=submission.municipality_id,
            reminder=reminder,
            to=address,
            mail=queued,
            at=now,
        )
        for (submission, _name, address), queued in zip(people, mails, strict=True)
    )
    reminder.sent_at = now
    reminder.unreached = [one.submission.municipality.code for one in asked if not one.people]
    reminder.save(update_fields=["sent_at", "unreached"])
