"""Mails that tell a municipality that something has happened, never what: that is read after login."""

from collections.abc import Collection

from django.db.models import QuerySet

from municipalities import mail
from municipalities.models import Contact, Membership, OutgoingMail, Role
from survey.models import Submission, SurveyRound


def tell_municipality(*, submission: Submission, by, template: str, path: str = "") -> list[OutgoingMail]:
    """To `addressees`; in the caller's transaction. Returns the mails, none of them in a trial.

    `template` is one of templates/mail/, `path` the page that it leads to, if not the submission's own.
    """
    if submission.round.state == SurveyRound.State.TRIAL:
        return []
    context = {"submission": submission, "path": path or submission.get_absolute_url()}
    return mail.queue(to=addressees(submission, by=by), template=template, context=context)


def addressees(submission: Submission, *, by) -> list[str]:
    """Those who enter and hand in, but not who did it; where nobody can yet, the contacts mail reaches."""
    workers = working_members([submission.municipality_id]).values_list("user", "user__email")
    members = dict(workers.order_by("user"))
    if members:
        return [email for pk, email in members.items() if pk != by.pk]
    contacts = Contact.objects.filter(municipality=submission.municipality_id).reachable()
    return list(contacts.order_by("email").values_list("email", flat=True))


def working_members(municipality_ids: Collection[int]) -> QuerySet[Membership]:
    """Whoever can enter an answer there."""
    members = Membership.objects.filter(municipality__in=municipality_ids, user__is_active=True)
    return members.filter(role__in=(Role.EDITOR, Role.APPROVER))
