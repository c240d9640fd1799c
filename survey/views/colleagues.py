"""Who works on the municipality's answer: all members see it, and the approver acts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from municipalities import invitations, members
from municipalities.models import Invitation
from survey import areas, colleagues
from survey.access import post_only
from survey.entering import why_closed
from survey.forms.colleagues import AreasForm, InvitationForm, RoleForm
from survey.models import ServiceArea, Submission
from survey.transitions import Refused, database_now
from survey.views.submissions import get_submission


def all_colleagues(request, code, year):
    """The list, the invitations and the areas; posting invites."""
    submission = _own_submission(request, code, year)
    invitation = InvitationForm(request.POST or None, initial={"role": "editor"})
    if request.method == "POST":
        _approvers_alone(request, submission)
        if invitation.is_valid() and _invited(request, submission, invitation):
            return redirect("survey:colleagues", code, year)
    return _page(request, submission, invitation, status=422 if request.method == "POST" else 200)


def _invited(request, submission, form) -> bool:
    try:
        invitations.invite(municipality=submission.municipality, by=request.user, **form.cleaned_data)
    except members.Refused as refusal:
        form.add_error("email", str(refusal))
        return False
    messages.success(request, _("Invitationen til %s er på vej med mail.") % form.cleaned_data["email"])
    return True


def _page(request, submission, invitation, status):
    municipality = submission.municipality
    memberships = list(municipality.memberships.select_related("user"))
    said = sorted(submission.areas.all(), key=lambda area: ServiceArea.values.index(area.service_area))
    context = {
        "submission": submission,
        "is_demo": submission.round.is_demo,
        "may_decide": submission.may_hand_in(request.user),
        "members": [(member, _areas_of(member, said)) for member in memberships],
        "invitations": [
            (waiting, dict(ServiceArea.choices).get(waiting.service_area, ""))
            for waiting in municipality.invitations.waiting().select_related("invited_by")
        ],
        "form": invitation,
        "areas_form": _areas_form(memberships, said),
        "open": submission.accepts_entries(database_now()),
    }
    return render(request, "survey/colleagues.html", context, status=status)


def _areas_of(member, said) -> list[str]:
    return [area.get_service_area_display() for area in said if area.assignee_id == member.user_id]


def _areas_form(memberships, said, data=None) -> AreasForm:
    may_enter = [m for m in memberships if m.role in areas.ENTERING_ROLES and m.user.is_active]
    assignees = {area.service_area: area.assignee_id for area in said}
    return AreasForm(data, members=may_enter, assignees=assignees)


@post_only
def assign_areas(request, code, year):
    submission = _own_submission(request, code, year)
    _approvers_alone(request, submission)
    memberships = submission.municipality.memberships.select_related("user")
    form = _areas_form(memberships, submission.areas.all(), request.POST)
    if not submission.accepts_entries(database_now()):
        messages.error(request, why_closed(submission))
    elif not form.is_valid():
        messages.error(request, _("Kolleger eller roller er ændret, siden du åbnede siden. Vælg igen."))
    else:
        try:
            one = Submission.objects.filter(pk=submission.pk)
            areas.assign(submissions=one, assignees=form.changes(), by=request.user)
            messages.success(request, _("Fordelingen af områder er gemt."))
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("survey:colleagues", code, year)


def colleague(request, code, year, pk):
    """One colleague's role, for the approver to change."""
    submission, membership = _colleague(request, code, year, pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        try:
            colleagues.change_role(
                municipality=submission.municipality,
                membership=membership,
                role=form.cleaned_data["role"],
                by=request.user,
            )
        except members.Refused as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, _("Rollen for %s er ændret.") % membership.user)
            return redirect("survey:colleagues", code, year)
    context = {
        "form": form,
        "membership": membership,
        "submission": submission,
        "is_demo": submission.round.is_demo,
    }
    return render(request, "survey/colleague.html", context, status=422 if form.errors else 200)


@post_only
def remove(request, code, year, pk):
    submission, membership = _colleague(request, code, year, pk)
    try:
        colleagues.remove(municipality=submission.municipality, membership=membership, by=request.user)
    except members.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("survey:colleague", code, year, pk)
    messages.success(
        request, _("%s er ikke længere kollega her. Det, der er skrevet, står.") % membership.user
    )
    return redirect("home") if membership.user == request.user else redirect("survey:colleagues", code, year)


def _colleague(request, code, year, pk):
    submission = _own_submission(request, code, year)
    _approvers_alone(request, submission)
    return submission, get_object_or_404(submission.municipality.memberships.select_related("user"), pk=pk)


@post_only
def withdraw_invitation(request, code, year):
    return _decide(request, code, year, invitations.withdraw, _("Invitationen til %s er trukket tilbage."))


@post_only
def send_invitation_again(request, code, year):
    return _decide(
        request, code, year, invitations.send_again, _("En ny invitation til %s er på vej med mail.")
    )


def _decide(request, code, year, act, done):
    submission = _own_submission(request, code, year)
    _approvers_alone(request, submission)
    try:
        asked = int(request.POST.get("invitation", ""))
    except ValueError:  # also of more digits than Python reads
        asked = 0
    waiting = Invitation.objects.filter(municipality=submission.municipality).select_related("municipality")
    invitation = get_object_or_404(waiting, pk=asked)
    try:
        act(invitation=invitation, by=request.user)
        messages.success(request, done % invitation.email)
    except members.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("survey:colleagues", code, year)


def _own_submission(request, code, year):
    """A municipality's people are its own affair: a reviewer who tries out its answer has no page of them."""
    submission = get_submission(request, code, year)
    if submission.municipality_id not in request.user.municipality_ids:
        raise Http404
    return submission


def _approvers_alone(request, submission):
    if not submission.may_hand_in(request.user):
        raise PermissionDenied
