"""The receipt as a mail: that it was handed in, never what."""

from django.db.models import Sum
from django.urls import reverse

from municipalities.mail import queue
from municipalities.models import Role, User
from survey.models import SubmissionVersion


def mail_receipt(version: SubmissionVersion) -> None:
    """Queues it in the caller's transaction, to the one who handed in and the municipality's approvers."""
    submission = version.submission
    approvers = User.objects.filter(
        is_active=True,
        memberships__municipality=submission.municipality_id,
        memberships__role=Role.APPROVER,
    )
    context = {
        "version": version,
        "municipality": submission.municipality.official_name,
        "round": submission.round,
        "totals": version.initiatives.aggregate(
            expenditure=Sum("gross_expenditure", default=0), income=Sum("gross_income", default=0)
        ),
        "path": reverse("survey:receipt", args=[version.receipt_number]),
    }
    to = [version.submitted_by.email, *approvers.order_by("email").values_list("email", flat=True)]
    queue(to=to, template="receipt", context=context)
