"""Before handing in: what stands on the page is what is signed. After it: survey/views/receipts.py."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from survey import canonical, entering, transitions
from survey.access import post_only
from survey.checking import passed, problems_of, warnings_of
from survey.dialogue import unanswered
from survey.differences import differences
from survey.entering import open_for
from survey.forms.handing_in import HandInForm, ReasonsForm
from survey.models import Adjustment, ServiceArea, Submission
from survey.totals import sums_by_area
from survey.views.submissions import get_submission


def hand_in(request, code, year):
    """What the approver signs, and the signature. Whoever presses second sees the first one's receipt."""
    submission = _to_hand_in(request, code, year)
    if submission.is_handed_in:
        return redirect(submission.latest_version)
    initiatives = list(submission.initiatives.order_by("pk"))
    form, status = HandInForm(request.POST or None, is_nil=not initiatives), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            seen = form.cleaned_data["seen"]
            try:
                return redirect(transitions.hand_in(submission_id=submission.pk, by=request.user, seen=seen))
            except transitions.TrialPassed:
                messages.success(
                    request, _("Alt er i orden. Dette er en prøve, så der er ikke indsendt noget.")
                )
                return redirect(submission)
            except transitions.Refused as refusal:
                messages.error(request, str(refusal))
                form, status = HandInForm(is_nil=not initiatives), 409
    return _page(request, submission, initiatives, form=form, status=status)


@post_only
def give_reasons(request, code, year):
    """The reasons written on the summary page; what is left empty is still open."""
    submission = _to_hand_in(request, code, year)
    if submission.is_handed_in:
        return redirect(submission.latest_version)
    given = {}
    try:
        with open_for(request.user, Submission.objects.filter(pk=submission.pk)):
            initiatives = list(submission.initiatives.order_by("pk"))
            warnings = warnings_of(submission, initiatives)
            form = ReasonsForm(request.POST, initiatives=initiatives, warnings=warnings)
            if form.is_valid():
                given = form.given()
                entering.give_reasons(submission=submission, reasons=given, by=request.user)
    except transitions.Refused as refusal:
        messages.error(request, str(refusal))
        initiatives = list(submission.initiatives.order_by("pk"))
        return _page(request, submission, initiatives, status=409)
    if not form.is_valid():
        return _page(request, submission, initiatives, reasons=form, status=422)
    count = sum(len(reasons) for reasons in given.values())
    if count:
        text = ngettext("%d begrundelse er gemt.", "%d begrundelser er gemt.", count)
        messages.success(request, text % count)
    if form.too_late:
        return _page(request, submission, initiatives, too_late=form.too_late, status=409)
    if not count:
        messages.error(request, _("Der er ikke skrevet nogen begrundelse."))
    return redirect("survey:hand_in", code, year)


@post_only
def withdraw(request, code, year):
    submission = get_submission(request, code, year)
    try:
        transitions.withdraw(submission_id=submission.pk, by=request.user)
    except transitions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.warning(
            request,
            _("Besvarelsen er trukket tilbage og tæller ikke længere. Indsend igen, når den er rettet."),
        )
    return redirect(submission)


def area_summary(initiatives, nil_areas) -> tuple[list, object]:
    """[(label, sums, stated to have nothing to report)] in the report's order, and the total."""
    by_area, total = sums_by_area(initiatives, ServiceArea.values)
    labels = {**dict(ServiceArea.choices), "": _("Uden område")}
    return [(labels[area], sums, area in nil_areas) for area, sums in by_area.items()], total


def _to_hand_in(request, code, year) -> Submission:
    submission = get_submission(request, code, year)
    if not submission.may_hand_in(request.user):
        raise PermissionDenied
    return submission


def _page(request, submission, initiatives, *, form=None, reasons=None, too_late=(), status):
    """The summary: by area, what keeps it back, what warns, what is new since the last version."""
    if not submission.accepts_entries(transitions.database_now()):
        return _closed(request, submission, status)
    warnings = warnings_of(submission, initiatives)
    answer = submission.answer(initiatives, passed(initiatives, warnings))
    nil_areas = answer["nothing_to_report_in"]
    problems = problems_of(initiatives, accounts_year=answer["accounts_year"], nil_areas=nil_areas)
    reasons = reasons or ReasonsForm(initiatives=initiatives, warnings=warnings)
    form = form or HandInForm(is_nil=not initiatives)
    form.initial["seen"] = canonical.seal(**answer)
    areas, total = area_summary(initiatives, nil_areas)
    latest = submission.latest_version if answer["version"] > 1 else None
    said = [warning for each in warnings.values() for warning in each]
    context = {
        "form": form,
        "reasons": reasons,
        "too_late": too_late or reasons.too_late,
        "submission": submission,
        "initiatives": initiatives,
        "problems": [(i, problems[i.uuid]) for i in initiatives if i.uuid in problems],
        "passed": [
            (initiative, [warning for warning in warnings[initiative.uuid] if not warning.is_open])
            for initiative in initiatives
            if any(not warning.is_open for warning in warnings.get(initiative.uuid, ()))
        ],
        "open_count": sum(warning.is_open for warning in said),
        "areas": areas,
        "total": total,
        "latest": latest,
        "unanswered": unanswered(submission),
        "corrections": Adjustment.objects.in_force().filter(initiative__version=latest).count()
        if latest
        else 0,
        "differences": differences(list(latest.initiatives.all()), initiatives) if latest else None,
    }
    return render(request, "survey/hand_in.html", context, status=status)


def _closed(request, submission, status):
    """Until when it was possible, and whom to ask."""
    context = {
        "submission": submission,
        "round": submission.round,
        "not_open_yet": transitions.database_now() < submission.round.opens_at,
        "until": submission.return_due_at or submission.edit_until,
        "counts": submission.versions.reported().first(),
        "contact_email": settings.CONTACT_EMAIL,
        "typed": [text for name, text in request.POST.items() if name.startswith("reason_") and text],
    }
    return render(request, "survey/hand_in_closed.html", context, status=status)
