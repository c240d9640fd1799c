"""Mail: queued as a row in the caller's transaction, sent by a worker after it is committed.

A row is sent under its lock, so two workers never send one mail. Killed in the milliseconds between the
mail server's yes and the commit, it is sent once more with the same Message-ID.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.template import Context, Engine
from django.utils import timezone, translation

from municipalities import contacts
from municipalities.models import OutgoingMail

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 20
LONGEST_WAIT = timedelta(hours=6)  # between two attempts: 1, 2, 4 ... minutes, nearly three days in all


def queue(*, to: list[str], template: str, context: dict) -> list[OutgoingMail]:
    """A mail to each address, in Danish: templates/mail/<template>.txt, whose first line is the subject.

    `site` in the context is the address that links begin with. Nothing is escaped: a mail is no HTML.
    """
    values = Context({"site": settings.SITE_URL} | context, autoescape=False)
    with translation.override("da"):
        text = Engine.get_default().get_template(f"mail/{template}.txt").render(values)
    subject, _newline, body = text.strip().partition("\n")
    return queue_text(to=to, subject=subject, text=body.strip() + "\n")


def queue_text(*, to: list[str], subject: str, text: str) -> list[OutgoingMail]:
    """One mail to each different address, in that order."""
    return queue_letters((address, subject, text) for address in dict.fromkeys(to))


def queue_letters(letters: Iterable[tuple[str, str, str]]) -> list[OutgoingMail]:
    """A mail for each (address, subject, text), in that order: one insert, and one word to the broker."""
    mails = OutgoingMail.objects.bulk_create(
        # A header is one line, whatever a name in it holds.
        OutgoingMail(to=address, subject=" ".join(subject.split())[:200], text=text)
        for address, subject, text in letters
    )
    transaction.on_commit(lambda: _tell(mails))
    return mails


def queue_again(mails: QuerySet[OutgoingMail]) -> int:
    """What was given up is tried anew from the start; returns how many."""
    with transaction.atomic():
        failed = list(mails.filter(state=OutgoingMail.State.FAILED).select_for_update())
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in failed]).update(
            state=OutgoingMail.State.QUEUED, attempts=0, try_after=Now()
        )
        transaction.on_commit(lambda: _tell(failed))
    return len(failed)


def _tell(mails: list[OutgoingMail]) -> None:
    """With the broker down the rows stay queued, and send_waiting finds them."""
    try:
        for mail in mails:
            current_app.send_task("municipalities.tasks.send_mail", [str(mail.pk)], retry=False)
    except Exception:  # kombu and each transport have their own errors; none of them is the user's
        logger.exception("The broker did not take all of %d mails; they stay queued.", len(mails))


def send(mail_id: str) -> bool:
    """Sends the mail if it is still to be sent and nobody else is sending it; False if it has to wait."""
    with transaction.atomic():
        waiting = OutgoingMail.objects.filter(pk=mail_id, state=OutgoingMail.State.QUEUED)
        mail = waiting.select_for_update(skip_locked=True).first()
        if mail is None:
            return True
        mail.attempts += 1
        try:
            _message(mail).send()
        except Exception as error:  # whatever it is, one bad mail must not keep the others from being sent
            logger.warning("Mail %s could not be sent: %r", mail.pk, error)
            mail.error = str(error)[:1000]
            mail.try_after = timezone.now() + min(timedelta(minutes=2 ** (mail.attempts - 1)), LONGEST_WAIT)
            if mail.attempts >= MAX_ATTEMPTS or _is_final(error):
                mail.state = OutgoingMail.State.FAILED
                if isinstance(error, SMTPRecipientsRefused):  # the address, and not the text or the server
                    contacts.note_bounces(email=mail.to, note=_answer(error))
        else:
            mail.state, mail.sent_at, mail.error = OutgoingMail.State.SENT, timezone.now(), ""
            if not settings.MAILS_ARE_SHOWN:
                mail.text = ""  # the receiver has it now; a link in it is nobody else's
        mail.save()
        return mail.state != OutgoingMail.State.QUEUED


def send_waiting() -> None:
    """What the broker lost, and what the mail server would not take earlier.

    It ends with the first that has to wait: while a mail server hangs, files too want the workers.
    """
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED, try_after__lte=Now())
    for mail_id in list(waiting.order_by("queued_at").values_list("pk", flat=True)[:1000]):
        if not send(str(mail_id)):
            break


def _is_final(error: Exception) -> bool:
    """A no that another attempt will not change: to this address or text, not to us as a sender."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)  # no address, or nothing that can be written as a mail


def _answer(error: SMTPRecipientsRefused) -> str:
    """What the mail server said of the one address that a mail has: "550 no such user"."""
    code, text = next(iter(error.recipients.values()))
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def _message(mail: OutgoingMail) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return EmailMessage(
        mail.subject, mail.text, to=[mail.to], headers={"Message-ID": f"<{mail.pk}@{domain}>"}
    )
