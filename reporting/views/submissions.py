from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from municipalities.models import REVIEWERS, Role
from reporting.deciding.answer import on_the_list
from reporting.deciding.standing import comment_on, open_questions, standing_of
from reporting.forms.choices import ApproveForm, SendBackForm
from reporting.response.deadlines import deadline_changes
from reporting.response.standings import STATE_NAMES, state_of
from reporting.views.initiative_page import list_query
from survey import transitions
from survey.access import ministry_required, post_only, role_required
from survey.deadlines import is_late
from survey.differences import differences
from survey.models import (
    Adjustment,
    PassedWarning,
    ReportedInitiative,
    Submission,
    SubmissionEvent,
    SubmissionVersion,
)
from survey.views.handing_in import area_summary


def get_submission(request, year: int, code: str) -> Submission:
    return get_object_or_404(
        Submission.objects.visible_to(request.user)
        .select_related("round", "municipality", "region")
        .with_begun(),
        round__accounts_year=year,
        municipality__code=code,
    )


@ministry_required
def submission(request, year, code):
    """What one municipality has handed in, never what it is working on; `?version=` shows an earlier one."""
    return _page(request, get_submission(request, year, code))


@role_required(*REVIEWERS)
@post_only
def approve(request, year, code):
    """What is not settled takes a tick more, unless the answer cannot be approved whatever is ticked."""
    answer = get_submission(request, year, code)
    counts = SubmissionVersion.objects.filter(submission=answer).reported().first()
    asks = counts and "approve" in _steps(request.user, answer)
    form = ApproveForm(request.POST, unsettled=standing_of(counts).unsettled if asks else "")
    if not form.is_valid():
        if "version" in form.errors:
            raise Http404
        return _page(request, answer, approval=form, status=422)
    try:
        transitions.approve(
            submission_id=answer.pk, by=request.user, version_seen=form.cleaned_data["version"]
        )
    except transitions.Refused as refusal:
        return _page(request, answer, refusal=str(refusal), status=409)
    messages.success(request, _("Version %(number)d er godkendt.") % {"number": form.cleaned_data["version"]})
    return redirect(reverse("reporting:submission", args=[year, code], query=_kept(request)))


@role_required(*REVIEWERS)
@post_only
def send_back(request, year, code):
    answer = get_submission(request, year, code)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _page(request, answer, form=form, status=422)
    try:
        transitions.send_back(
            submission_id=answer.pk,
            by=request.user,
            version_seen=form.cleaned_data["version"],
            comment=form.cleaned_data["comment"],
            due_at=form.due_at,
        )
    except transitions.Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, answer, form=form, status=409)
    messages.success(request, _("Besvarelsen er sendt tilbage til kommunen."))
    return redirect(reverse("reporting:submission", args=[year, code], query=_kept(request)))


def _kept(request) -> dict[str, str]:
    """The hit list that one came from."""
    return {"liste": list_query(request)} if "liste" in request.GET else {}


def _page(request, answer: Submission, *, form=None, approval=None, refusal="", status=200):
    """The page, with a form that was refused as it was filled in."""
    answer.refresh_from_db(fields=["state", "return_due_at"])
    versions = list(
        SubmissionVersion.objects.visible_to(request.user)
        .filter(submission=answer)
        .select_related("submitted_by")
        .order_by("-number")
    )
    counts = SubmissionVersion.objects.filter(submission=answer).reported().first()
    shown = _chosen(request, versions) or counts
    initiatives = (
        list(ReportedInitiative.objects.visible_to(request.user).filter(version=shown)) if shown else []
    )
    areas, total = area_summary(initiatives, shown.nil_areas if shown else [])
    events = list(answer.events.select_related("by", "version"))
    context = {
        "submission": answer,
        "state": STATE_NAMES[state_of(answer)],
        "round": answer.round,
        "deadline_changes": deadline_changes([answer.round]).get(answer.round_id),
        "versions": [(version, _is_late(version, answer, events)) for version in versions],
        "counts": counts,
        "shown": shown,
        "initiatives": initiatives,
        "passed": shown
        and PassedWarning.objects.filter(initiative__version=shown).select_related("initiative"),
        **_adjustments(request, shown, counts, initiatives),
        "areas": areas,
        "total": total,
        "events": events,
        "refusal": refusal,
        "kept": urlencode(_kept(request)),
        **_review(request, answer, shown if shown == counts else None, initiatives, form, approval),
        "unread": answer.messages.unread_by(request.user, from_ministry=False).count(),
        **_since(versions, shown, initiatives),
    }
    return render(request, "reporting/submission.html", context, status=status)


def _review(request, answer: Submission, counts: SubmissionVersion | None, initiatives, form, approval):
    """Where the review of the version that counts stands, and the forms that this user may send now: one that
    was refused, as it was filled in. No version: an earlier one is read, or there is none."""
    if counts is None:
        return {"form": form, "approval": approval}
    standing, steps = standing_of(counts), _steps(request.user, answer)
    questions = open_questions(answer, initiatives)
    for initiative in initiatives:
        initiative.review = standing.words[initiative.pk]
    if "send_back" in steps and form is None:
        form = SendBackForm(initial={"version": counts.number, "comment": comment_on(questions)})
    if "approve" in steps and approval is None:
        approval = ApproveForm(initial={"version": counts.number}, unsettled=standing.unsettled)
    may_decide = request.user.ministry_role in REVIEWERS and not answer.round.is_final
    on_list = on_the_list(request, answer, may_decide=may_decide)
    forms = {"form": form, "approval": approval, "steps": steps}
    return {"standing": standing, "questions": questions, **forms, **on_list}


def _since(versions: list[SubmissionVersion], shown, initiatives) -> dict:
    """What is changed since the version before the one that is shown; `versions` are the newest first."""
    previous = next((version for version in versions if shown and version.number < shown.number), None)
    if previous is None:
        return {}
    return {"previous": previous, "differences": differences(list(previous.initiatives.all()), initiatives)}


def _adjustments(request, shown, counts, initiatives) -> dict:
    """What is corrected in the version shown; `lapsed` are the initiatives whose correction was left behind.

    An initiative that has been corrected again, or whose new correction is withdrawn, has been looked at.
    """
    if shown is None:
        return {}
    adjustments = list(Adjustment.objects.visible_to(request.user).to_read([shown]))
    of_this = {adjustment.initiative_id for adjustment in adjustments}
    in_force = [a for a in adjustments if a.kind == Adjustment.Kind.ADJUSTED and a.followed_by is None]
    before = Adjustment.objects.visible_to(request.user).before(shown) if shown == counts else []
    corrected_before = {adjustment.initiative.uuid for adjustment in before}
    return {
        "adjustments": adjustments,
        "adjusted": {adjustment.initiative_id for adjustment in in_force},
        "lapsed": [i for i in initiatives if i.uuid in corrected_before and i.pk not in of_this],
        "version_counts": shown == counts,
    }


def _is_late(version: SubmissionVersion, answer: Submission, events: list) -> bool:
    returns = [event.at for event in events if event.kind == SubmissionEvent.Kind.RETURNED]
    return is_late(
        submitted_at=version.submitted_at,
        deadline=answer.deadline,
        first_returned_at=min(returns, default=None),
    )


def _chosen(request, versions: list[SubmissionVersion]) -> SubmissionVersion | None:
    """The version that the URL asks for; one that does not exist is not found."""
    number = request.GET.get("version")
    if number is None:
        return None
    for version in versions:
        if str(version.number) == number:
            return version
    raise Http404


def _steps(user, answer: Submission) -> set[str]:
    """What this user may do now; transitions judges it again under the lock."""
    if user.ministry_role not in REVIEWERS or answer.round.is_final:
        return set()
    if answer.state == Submission.State.SUBMITTED:
        return {"approve", "send_back"}
    if answer.state == Submission.State.RETURNED:
        return {"send_back"}
    if answer.state == Submission.State.APPROVED and user.ministry_role == Role.ROUND_MANAGER:
        return {"send_back"}
    return set()
