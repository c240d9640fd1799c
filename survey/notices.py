"""Mails that tell a municipality that something has happened, never what: that is read after login."""

from municipalities import mail
from municipalities.models import Role, User
from survey.models import Submission


def tell_municipality(*, submission: Submission, by, template: str, path: str = "") -> None:
    """To those who enter and hand in, but not to who did it; in the caller's transaction.

    `template` is one of templates/mail/, `path` the page that it leads to, if not the submission's own.
    """
    users = User.objects.filter(
        is_active=True,
        memberships__municipality=submission.municipality_id,
        memberships__role__in=(Role.EDITOR, Role.APPROVER),
    )
    to = users.exclude(pk=by.pk).values_list("email", flat=True)
    context = {"submission": submission, "path": path or submission.get_absolute_url()}
    mail.queue(to=list(to), template=template, context=context)
