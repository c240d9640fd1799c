"""After handing in: the receipt as page and PDF, the bytes that were sealed, and what it all took."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from survey import canonical
from survey.access import post_only
from survey.forms.handing_in import FeedbackForm
from survey.models import (
    Adjustment,
    Feedback,
    PassedWarning,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
    SurveyRound,
)
from survey.receipts.pdf import receipt_pdf
from survey.views.handing_in import area_summary


def receipt(request, receipt_number):
    version = _visible_version(request, receipt_number)
    return _page(request, version)


def pdf(request, receipt_number):
    version = _visible_version(request, receipt_number)
    response = HttpResponse(receipt_pdf(version, _later(version)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="kvittering-{version.receipt_number}.pdf"'
    return response


def canonical_form(request, receipt_number):
    """The bytes that were sealed, made again from the stored rows; `sha256sum` gives the checksum."""
    version = _visible_version(request, receipt_number)
    response = HttpResponse(canonical.canonical_form(**version.answer()), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{version.receipt_number}.json"'
    return response


@post_only
def feedback(request, receipt_number):
    """Asked when all is done, so that it is in nobody's way. Can be changed until the round is locked."""
    version = _visible_version(request, receipt_number)
    submission = version.submission
    if not submission.may_edit(request.user):
        raise PermissionDenied
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _page(request, version, form=form, status=422)
    with transaction.atomic():
        survey_round = SurveyRound.objects.select_for_update(no_key=True).get(pk=submission.round_id)
        if not survey_round.is_final:
            Feedback.objects.update_or_create(submission=submission, defaults=form.cleaned_data)
            messages.success(request, _("Tak. Tilbagemeldingen er gemt."))
            return redirect(version)
    messages.error(request, _("Kortlægningen er låst, så tilbagemeldingen kan ikke ændres."))
    return _page(request, version, form=form, status=409)


def _page(request, version, form=None, status=200):
    submission: Submission = version.submission
    initiatives = list(version.initiatives.all())
    areas, total = area_summary(initiatives, version.nil_areas)
    counting = SubmissionVersion.objects.filter(submission=submission).reported().first()
    may_tell = submission.may_edit(request.user) and not submission.round.is_final
    context = {
        "version": version,
        "version_counts": version == counting,
        "submission": submission,
        "initiatives": initiatives,
        "adjustments": Adjustment.objects.visible_to(request.user).to_read([version]),
        "passed": PassedWarning.objects.filter(initiative__version=version).select_related("initiative"),
        "later": _later(version),
        "areas": areas,
        "total": total,
        "form": form
        or (may_tell and FeedbackForm(instance=Feedback.objects.filter(submission=submission).first())),
    }
    return render(request, "survey/receipt.html", context, status=status)


def _later(version):
    return version.events.exclude(kind=SubmissionEvent.Kind.SUBMITTED).select_related("by")


def _visible_version(request, receipt_number):
    return get_object_or_404(
        SubmissionVersion.objects.visible_to(request.user).select_related(
            "submission__round", "submission__municipality", "submitted_by"
        ),
        receipt_number=receipt_number,
    )
