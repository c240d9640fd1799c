from django.contrib import messages
from django.forms import HiddenInput
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reporting.forms.adjustments import AdjustmentForm, WithdrawAdjustmentForm
from survey import adjusting
from survey.access import ministry_required, post_only, role_required
from survey.dialogue import messages_by_field
from survey.models import Adjustment, ReportedInitiative, SurveyRound
from survey.questionnaire import FIELD_NAMES
from survey.transitions import REVIEWERS, Refused
from survey.views.dialogue import question_form


@ministry_required
def initiative(request, year, code, uuid):
    """One reported initiative with the ministry's correction beside it; `?version=` shows an earlier one."""
    return _page(request, _initiative(request, year, code, uuid))


@role_required(*REVIEWERS)
@post_only
def adjust(request, year, code, uuid):
    reported = _initiative(request, year, code, uuid)
    form = AdjustmentForm(request.POST, initiative=reported, adjustment=None)
    if not form.is_valid():
        return _page(request, reported, form=form, status=422)
    try:
        adjusting.adjust(initiative_id=reported.pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _refused(request, reported, refusal, form=form)
    messages.success(request, _("Rettelsen er gemt. Det indberettede står uændret ved siden af."))
    return redirect(_address("initiative", reported))


@role_required(*REVIEWERS)
@post_only
def withdraw(request, year, code, uuid):
    reported = _initiative(request, year, code, uuid)
    form = WithdrawAdjustmentForm(request.POST, auto_id="withdraw_%s")
    if not form.is_valid():
        return _page(request, reported, withdrawal=form, status=422)
    try:
        adjusting.withdraw_adjustment(initiative_id=reported.pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _refused(request, reported, refusal, withdrawal=form)
    messages.success(request, _("Rettelsen er trukket tilbage. Det indberettede tæller igen."))
    return redirect(_address("initiative", reported))


def _initiative(request, year, code, uuid) -> ReportedInitiative:
    """As it stands in the version that the URL asks for, otherwise in the one that counts."""
    initiatives = (
        ReportedInitiative.objects.visible_to(request.user)
        .filter(uuid=uuid, version__submission__round__accounts_year=year)
        .filter(version__submission__municipality__code=code)
        .select_related("version__submission__round", "version__submission__municipality")
    )
    number = request.GET.get("version")
    if number is None:
        found = initiatives.reported().first()
    else:
        found = next((i for i in initiatives if str(i.version.number) == number), None)
    if found is None:
        raise Http404
    return found


def _refused(request, reported, refusal, **forms):
    """What was typed, and the history with what came in between; sent again, it counts as seen."""
    for form in forms.values():
        form.add_error(None, str(refusal))
        form.data = form.data.copy()
        latest = _history(request, reported).last()
        form.data["seen"] = latest.pk if latest else ""
    return _page(request, reported, status=409, **forms)


def _page(request, reported, *, form=None, withdrawal=None, status=200):
    """A version that no longer counts is not corrected; a form that was refused is shown as filled in."""
    history = list(_history(request, reported))
    latest = history[-1] if history else None
    in_force = latest if latest and latest.kind == Adjustment.Kind.ADJUSTED else None
    initiatives = ReportedInitiative.objects.visible_to(request.user).reported()
    counts = initiatives.filter(pk=reported.pk).exists()
    locked = reported.version.submission.round.state == SurveyRound.State.LOCKED
    if counts and not locked and request.user.ministry_role in REVIEWERS:
        seen = latest.pk if latest else None
        form = form or AdjustmentForm(initiative=reported, adjustment=in_force, seen=seen)
        if in_force:
            withdrawal = withdrawal or WithdrawAdjustmentForm(initial={"seen": seen}, auto_id="withdraw_%s")
    context = {
        "initiative": reported,
        "version": reported.version,
        "submission": reported.version.submission,
        "round": reported.version.submission.round,
        "fields": _fields(reported, in_force),
        "passed": reported.passed_warnings.all(),
        "adjustment": in_force,
        "history": history,
        "earlier": _earlier(request, reported) if counts else [],
        "counts": counts,
        "form": form,
        "withdrawal": withdrawal,
        "adjust_url": _address("adjust", reported),
        "withdraw_url": _address("withdraw_adjustment", reported),
        **_dialogue(reported, may_ask=form is not None),
    }
    return render(request, "reporting/initiative.html", context, status=status)


def _dialogue(reported: ReportedInitiative, *, may_ask: bool) -> dict:
    """What is said about the initiative, and a form to ask, for those who may correct it as well."""
    by_field = messages_by_field(reported.version.submission, reported.uuid)
    threads = [thread for name in ("", *FIELD_NAMES) for thread in by_field.get(name, [])]
    question = None
    if may_ask:
        seen = max((thread.last.pk for thread in threads), default=None)
        question = question_form({reported.uuid: (reported.title, "")}, uuid=reported.uuid, seen=seen)
        question.fields["uuid"].widget = HiddenInput()
    return {"threads": threads, "question": question}


def _history(request, reported: ReportedInitiative):
    return reported.adjustments.visible_to(request.user).select_related("by")


def _earlier(request, reported: ReportedInitiative):
    """What was in force of the same initiative in earlier versions; it does not follow into a new one."""
    before = Adjustment.objects.visible_to(request.user).before(reported.version)
    return before.filter(initiative__uuid=reported.uuid)


def _address(name: str, reported: ReportedInitiative) -> str:
    """Of the version that is on the screen, whichever counts by then."""
    submission = reported.version.submission
    args = [submission.round.accounts_year, submission.municipality.code, reported.uuid]
    return reverse(f"reporting:{name}", args=args, query={"version": reported.version.number})


def _fields(reported: ReportedInitiative, adjustment: Adjustment | None) -> list[tuple[str, str, str]]:
    """[(label, as reported, as corrected or empty)] of the service area and the ten fields."""
    corrected = {label: text for label, _reported, text in adjustment.differences()} if adjustment else {}
    return [(label, text, corrected.get(label, "")) for label, text in reported.answers()]
