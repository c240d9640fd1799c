from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting.reminders.forms import ExtensionForm
from reporting.views.submissions import get_submission
from survey.access import ministry_required
from survey.models import Submission
from survey.notices import addressees
from survey.rounds import extensions
from survey.transitions import Refused


@ministry_required
def extension(request, year, code):
    """The extensions that a municipality has got, with who and why; the round manager gives another."""
    answer = get_submission(request, year, code)
    if request.method != "POST":
        return _page(request, answer)
    if request.user.ministry_role != Role.ROUND_MANAGER:
        raise PermissionDenied
    form = ExtensionForm(request.POST)
    if not form.is_valid():
        return _page(request, answer, form=form, status=422)
    try:
        extensions.extend(submission_id=answer.pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, answer, form=form, status=409)
    messages.success(request, _("%s har fået en ny frist.") % answer.municipality.official_name)
    return redirect("reminders:extension", year, code)


def _page(request, answer: Submission, *, form: ExtensionForm | None = None, status=200):
    why_not = extensions.why_not(answer)
    if form is None and not why_not and request.user.ministry_role == Role.ROUND_MANAGER:
        form = ExtensionForm()
    context = {
        "submission": answer,
        "round": answer.round,
        "extensions": list(answer.extensions.select_related("by").order_by("-pk")),
        "form": form,
        "why_not": why_not,
        "nobody": form is not None and not addressees(answer, by=request.user),
    }
    return render(request, "reporting/reminders/extension.html", context, status=status)
