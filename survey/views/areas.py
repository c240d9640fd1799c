"""What is said of an area on the municipality's page; each act leads back to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from survey import areas
from survey.access import post_only
from survey.models import ServiceArea, Submission
from survey.transitions import Refused
from survey.views.submissions import get_submission


@post_only
def call_done(request, code, year):
    done = request.POST.get("done") == "yes"

    def act(submissions, chosen):
        areas.call_done(submissions=submissions, area=chosen[0], by=request.user, done=done)

    return _said(
        request, code, year, act, _("%s er meldt færdigt.") if done else _("%s er ikke færdigt alligevel.")
    )


@post_only
def state_empty(request, code, year):
    def act(submissions, chosen):
        areas.state_empty(submissions=submissions, areas=chosen, by=request.user)

    return _said(request, code, year, act, _("Erklæret uden indsatser: %s."))


@post_only
def take_back(request, code, year):
    def act(submissions, chosen):
        areas.take_back(submissions=submissions, area=chosen[0], by=request.user)

    return _said(request, code, year, act, _("Erklæringen om %s er taget tilbage."))


def _said(request, code, year, act, done):
    """Does `act(submissions, areas)` for the areas that were chosen, and tells what came of it."""
    submission = get_submission(request, code, year)
    if not submission.may_edit(request.user):
        raise PermissionDenied
    chosen = [area for area in ServiceArea.values if area in request.POST.getlist("area")]
    if not chosen:
        messages.error(request, _("Vælg mindst ét område, og prøv igen."))
        return redirect(submission)
    try:
        act(Submission.objects.filter(pk=submission.pk), chosen)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % ", ".join(str(ServiceArea(area).label) for area in chosen))
    return redirect(submission)
