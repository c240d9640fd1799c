from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from survey import canonical, transitions
from survey.access import post_only
from survey.forms.handing_in import HandInForm
from survey.models import Adjustment, Submission, SubmissionEvent, SubmissionVersion
from survey.views.submissions import area_rows, get_submission, missing_labels


def hand_in(request, code, year):
    """What the approver signs, and the signature. Whoever presses second sees the first one's receipt."""
    submission = get_submission(request, code, year)
    if not submission.may_hand_in(request.user):
        raise PermissionDenied
    if submission.state in (Submission.State.SUBMITTED, Submission.State.APPROVED):
        return redirect(submission.latest_version)
    initiatives = list(submission.initiatives.order_by("pk"))
    seen = canonical.seal(**submission.answer(initiatives))
    form = HandInForm(request.POST or None, is_nil=not initiatives, initial={"seen": seen})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            version = transitions.hand_in(
                submission_id=submission.pk, by=request.user, seen=form.cleaned_data["seen"]
            )
            return redirect(version)
        except transitions.Refused as refusal:
            form = HandInForm(is_nil=not initiatives, initial={"seen": seen})
            messages.error(request, str(refusal))
            status = 409
    areas, total = area_rows(initiatives)
    context = {
        "form": form,
        "submission": submission,
        "initiatives": initiatives,
        "incomplete": [(i, missing_labels(i)) for i in initiatives if i.missing()],
        "open": submission.accepts_entries(transitions.database_now()),
        "areas": areas,
        "total": total,
    }
    return render(request, "survey/hand_in.html", context, status=status)


@post_only
def withdraw(request, code, year):
    submission = get_submission(request, code, year)
    try:
        transitions.withdraw(submission_id=submission.pk, by=request.user)
    except transitions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.warning(
            request, _("Version trukket tilbage: den tæller ikke længere. Indsend igen, når den er rettet.")
        )
    return redirect(submission)


def receipt(request, receipt_number):
    version = _visible_version(request, receipt_number)
    initiatives = list(version.initiatives.all())
    areas, total = area_rows(initiatives)
    counting = SubmissionVersion.objects.filter(submission=version.submission).reported().first()
    context = {
        "version": version,
        "version_counts": version == counting,
        "submission": version.submission,
        "initiatives": initiatives,
        "adjustments": Adjustment.objects.visible_to(request.user).to_read([version]),
        "later": version.events.exclude(kind=SubmissionEvent.Kind.SUBMITTED).select_related("by"),
        "areas": areas,
        "total": total,
    }
    return render(request, "survey/receipt.html", context)


def canonical_form(request, receipt_number):
    """The bytes that were sealed, made again from the stored rows; `sha256sum` gives the checksum."""
    version = _visible_version(request, receipt_number)
    response = HttpResponse(canonical.canonical_form(**version.answer()), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{version.receipt_number}.json"'
    return response


def _visible_version(request, receipt_number):
    return get_object_or_404(
        SubmissionVersion.objects.visible_to(request.user).select_related(
            "submission__round", "submission__municipality", "submitted_by"
        ),
        receipt_number=receipt_number,
    )
