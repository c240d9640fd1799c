"""A reviewer's decisions about one reported initiative (survey/adjusting.py), made on its page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS
from reporting.forms.adjustments import AdjustmentForm, SeenForm, WithdrawAdjustmentForm
from reporting.views.initiative_page import Forms, address, after, history_of, initiative_page
from survey import adjusting
from survey.access import ministry_required, post_only, role_required
from survey.models import ReportedInitiative, SubmissionVersion
from survey.transitions import Refused


@ministry_required
def initiative(request, year, code, uuid):
    """One reported initiative with the ministry's correction beside it; `?version=` shows an earlier one,
    `?liste=` is the hit list that one came from."""
    return initiative_page(request, _initiative(request, year, code, uuid))


@role_required(*REVIEWERS)
@post_only
def adjust(request, year, code, uuid):
    reported = _initiative(request, year, code, uuid)
    forms = Forms(adjust=AdjustmentForm(request.POST, initiative=reported, adjustment=None))
    said = _("Rettelsen er gemt. Det indberettede står uændret ved siden af.")
    return _decide(request, reported, forms, forms.adjust, adjusting.adjust, said)


@role_required(*REVIEWERS)
@post_only
def withdraw(request, year, code, uuid):
    reported = _initiative(request, year, code, uuid)
    forms = Forms(withdraw=WithdrawAdjustmentForm(request.POST, auto_id="withdraw_%s"))
    said = _("Rettelsen er trukket tilbage. Det indberettede tæller igen.")
    return _decide(request, reported, forms, forms.withdraw, adjusting.withdraw_adjustment, said)


@role_required(*REVIEWERS)
@post_only
def accept(request, year, code, uuid):
    reported = _initiative(request, year, code, uuid)
    forms = Forms(accept=SeenForm(request.POST, auto_id="accept_%s"))
    return _decide(request, reported, forms, forms.accept, adjusting.accept, _("Indsatsen er godtaget."))


@role_required(*REVIEWERS)
@post_only
def reopen(request, year, code, uuid):
    reported = _initiative(request, year, code, uuid)
    forms = Forms(reopen=SeenForm(request.POST, auto_id="reopen_%s"))
    return _decide(request, reported, forms, forms.reopen, adjusting.reopen, _("Indsatsen er åbnet igen."))


def _decide(request, reported: ReportedInitiative, forms: Forms, form, decision, said: str):
    """One of survey/adjusting.py's, with what the form holds; then on to the next of the list, if asked."""
    if not form.is_valid():
        return initiative_page(request, reported, forms, status=422)
    following = after(request, reported) if "naeste" in request.POST else ""
    try:
        decision(initiative_id=reported.pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        _see_again(request, reported, form, refusal)
        return initiative_page(request, reported, forms, status=409)
    messages.success(request, said)
    return redirect(following or address("initiative", reported, request))


def _see_again(request, reported: ReportedInitiative, form, refusal: Refused) -> None:
    """What was typed stays, below the history with what came in between; sent again, it counts as seen."""
    form.add_error(None, str(refusal))
    form.data = form.data.copy()
    latest = history_of(request, reported).last()
    form.data["seen"] = latest.pk if latest else ""


def _initiative(request, year, code, uuid) -> ReportedInitiative:
    """As it stands in the version that the URL asks for, otherwise in the one that counts."""
    versions = SubmissionVersion.objects.filter(
        submission__round__accounts_year=year, submission__municipality__code=code
    )
    number = request.GET.get("version")
    if number is None:
        versions = versions.reported()
    initiatives = (
        ReportedInitiative.objects.visible_to(request.user)
        .filter(uuid=uuid, version__in=versions.values("pk"))
        .select_related("version__submission__round", "version__submission__municipality")
    )
    if number is None:
        found = initiatives.first()
    else:
        found = next((i for i in initiatives if str(i.version.number) == number), None)
    if found is None:
        raise Http404
    return found
