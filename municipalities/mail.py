"""Mail: queued as a row in the caller's transaction, sent by a worker after it is committed.

A row is sent under its lock, so two workers never send one mail. Killed in the milliseconds between the
mail server's yes and the commit, it is sent once more with the same Message-ID.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone, translation

from municipalities.models import OutgoingMail

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=6)  # between two attempts: 1, 2, 4 ... minutes, a day and a half in all


def queue(*, to: list[str], template: str, context: dict) -> None:
    """A mail to each address, in Danish: templates/mail/<template>.txt, whose first line is the subject.

    `site` in the context is the address that links begin with.
    """
    with translation.override("da"):
        text = render_to_string(f"mail/{template}.txt", {"site": settings.SITE_URL} | context)
    subject, _newline, body = text.strip().partition("\n")
    queue_text(to=to, subject=subject.strip(), text=body.strip() + "\n")


def queue_text(*, to: list[str], subject: str, text: str) -> None:
    mails = OutgoingMail.objects.bulk_create(
        OutgoingMail(to=address, subject=subject[:200], text=text) for address in dict.fromkeys(to)
    )
    for mail in mails:
        transaction.on_commit(lambda mail=mail: _tell(mail))


def _tell(mail: OutgoingMail) -> None:
    """With the broker down the row stays queued, and send_waiting finds it."""
    try:
        current_app.send_task("municipalities.tasks.send_mail", [str(mail.pk)], retry=False)
    except Exception:  # kombu and each transport have their own errors; none of them is the user's
        logger.exception("The broker did not take mail %s; it stays queued.", mail.pk)


def send(mail_id: str) -> None:
    """Sends the mail if it is still to be sent and nobody else is sending it."""
    with transaction.atomic():
        waiting = OutgoingMail.objects.filter(pk=mail_id, state=OutgoingMail.State.QUEUED)
        mail = waiting.select_for_update(skip_locked=True).first()
        if mail is None:
            return
        mail.attempts += 1
        try:
            _message(mail).send()
        except (OSError, SMTPException, ValueError) as error:
            logger.warning("Mail %s could not be sent: %s", mail.pk, error)
            mail.error = str(error)[:1000]
            mail.try_after = timezone.now() + min(timedelta(minutes=2 ** (mail.attempts - 1)), LONGEST_WAIT)
            if mail.attempts >= MAX_ATTEMPTS:
                mail.state = OutgoingMail.State.FAILED
        else:
            mail.state, mail.sent_at, mail.error = OutgoingMail.State.SENT, timezone.now(), ""
            if not settings.MAILS_ARE_SHOWN:
                mail.text = ""  # the receiver has it now; a link in it is nobody else's
        mail.save()


def send_waiting() -> None:
    """What the broker lost, and what the mail server would not take earlier."""
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED, try_after__lte=Now())
    for mail_id in list(waiting.order_by("queued_at").values_list("pk", flat=True)[:1000]):
        send(str(mail_id))


def _message(mail: OutgoingMail) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return EmailMessage(
        mail.subject, mail.text, to=[mail.to], headers={"Message-ID": f"<{mail.pk}@{domain}>"}
    )
