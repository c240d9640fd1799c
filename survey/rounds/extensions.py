"""More time for one municipality: a new row each time, and the submission holds the newest date."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from municipalities.models import Role
from survey.models import Extension, RoundMail, Submission, SurveyRound
from survey.notices import tell_municipality
from survey.transitions import Refused, locked


def extend(*, submission_id: int, by, until: datetime, reason: str) -> Extension:
    """A later deadline of its own, while the round is open and the answer is not handed in.

    `until` is the first moment that is too late; more time that is still ahead is never made less.
    Pressing twice gives one extension.
    """
    with locked(Submission.objects.filter(pk=submission_id)) as (submission, now):
        if by.ministry_role != Role.ROUND_MANAGER:
            raise PermissionDenied
        if why := why_not(submission):
            raise Refused(why)
        last = submission.extensions.order_by("-pk").first()
        if last and (last.until, last.reason, last.by_id) == (until, reason, by.pk):
            return last
        _judge(submission, until, now)
        submission.extended_until = until
        submission.save(update_fields=["extended_until"])
        extension = submission.extensions.create(until=until, reason=reason, by=by, at=now)
        mails = tell_municipality(submission=submission, by=by, template="extended")
        RoundMail.objects.bulk_create(
            RoundMail(
                round=submission.round,
                municipality_id=submission.municipality_id,
                extension=extension,
                to=mail.to,
                mail=mail,
                at=now,
                by=by,
            )
            for mail in mails
        )
        return extension


def _judge(submission: Submission, until: datetime, now: datetime) -> None:
    """Raises Refused for what is no more time."""
    if until <= now:
        raise Refused(_("Den nye frist skal ligge i fremtiden."))
    if until <= submission.round.deadline:
        raise Refused(
            _("Den nye frist skal ligge efter kortlægningens svarfrist, %(deadline)s.")
            % {"deadline": date_format(localtime(submission.round.deadline), "DATETIME_FORMAT")}
        )
    if submission.extended_until and now < submission.extended_until >= until:
        raise Refused(
            _("Kommunen har allerede frist til %(until)s. Den nye frist skal ligge senere.")
            % {"until": date_format(localtime(submission.extended_until), "DATETIME_FORMAT")}
        )


def why_not(submission: Submission) -> str:
    """Why the municipality cannot get more time now, or "" if it can."""
    if submission.round.state != SurveyRound.State.OPEN:
        return _("Fristen kan kun forlænges, mens kortlægningen er åben.")
    if submission.state == Submission.State.RETURNED:
        return _("Besvarelsen er sendt tilbage og har sin egen frist. Giv den en ny dér.")
    if submission.state != Submission.State.DRAFT:
        return _("Kommunen har allerede indsendt sin besvarelse.")
    return ""
