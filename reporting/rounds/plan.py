"""The plan of one round: its page, its timeline, and the forms that change it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from municipalities.models import Role
from reporting.rounds.forms import DatesForm, PhasesForm, RoundForm
from reporting.rounds.plan_page import plan_page
from reporting.rounds.rounds import warn_of_population
from reporting.rounds.timeline import drawing
from reporting.views.overview import get_round
from survey.access import ministry_required, role_required
from survey.models import SurveyRound
from survey.rounds import lifecycle, plans
from survey.rounds.locking import PLANNED
from survey.transitions import Refused, database_now

DONE = 302


@ministry_required
def plan(request, year):
    """Dates, what is frozen, the phases, what happened, and the acts that are open to this user now."""
    return plan_page(request, get_round(request, year))


@ministry_required
def timeline(request, year):
    """The picture. It has today's line, so a browser asks for it again."""
    survey_round = get_round(request, year)
    response = HttpResponse(drawing(survey_round, localdate(database_now())), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-cache"
    return response


@role_required(Role.ROUND_MANAGER)
def edit_round(request, year):
    """Years and dates of a round that is not opened; the page of one that is says what is frozen."""
    survey_round = get_round(request, year)
    if survey_round.is_opened and request.method != "POST":
        return redirect("rounds:plan", year)
    days = plans.complete_population_dates()
    form = RoundForm(_posted(request), instance=survey_round, population_dates=days)
    status = _status(
        form,
        lambda: plans.edit(
            round_id=survey_round.pk,
            by=request.user,
            began_with=form.cleaned_data["seen"],
            fields={name: form.cleaned_data[name] for name in PLANNED},
        ),
    )
    if status == DONE:
        messages.success(request, _("Planen er gemt."))
        warn_of_population(request, survey_round, days)
        return redirect("rounds:plan", survey_round.accounts_year)
    context = {"round": get_round(request, year), "form": form}  # the form's own carries what was typed
    return render(request, "reporting/rounds/edit_round.html", context, status=status)


@role_required(Role.ROUND_MANAGER)
def change_dates(request, year):
    """New dates of an open round, with the reason."""
    survey_round = get_round(request, year)
    if survey_round.state != SurveyRound.State.OPEN and request.method != "POST":
        return redirect("rounds:plan", year)
    has_begun = survey_round.opens_at <= database_now()
    form = DatesForm(_posted(request), survey_round=survey_round, has_begun=has_begun)
    status = _status(
        form,
        lambda: lifecycle.change_dates(
            round_id=survey_round.pk,
            by=request.user,
            reason=form.cleaned_data["reason"],
            began_with=form.cleaned_data["seen"],
            **form.dates,
        ),
    )
    if status == DONE:
        messages.success(request, _("Fristerne er ændret."))
        return redirect("rounds:plan", year)
    context = {"round": survey_round, "form": form, "has_begun": has_begun}
    return render(request, "reporting/rounds/change_dates.html", context, status=status)


@role_required(Role.ROUND_MANAGER)
def phases(request, year):
    """The seven phases on one page; empty fields are a phase that is not planned."""
    survey_round = get_round(request, year)
    if survey_round.is_final and request.method != "POST":
        return redirect("rounds:plan", year)
    form = PhasesForm(_posted(request), survey_round=survey_round)
    status = _status(
        form,
        lambda: plans.save_phases(
            round_id=survey_round.pk,
            by=request.user,
            phases=form.phases,
            began_with=form.cleaned_data["seen"],
        ),
    )
    if status == DONE:
        messages.success(request, _("Faserne er gemt."))
        return redirect("rounds:plan", year)
    return render(
        request, "reporting/rounds/phases.html", {"round": survey_round, "form": form}, status=status
    )


def _posted(request):
    return request.POST if request.method == "POST" else None


def _status(form, save: Callable) -> int:
    """200: a form to fill in; 422: a bad one; 409: one that is refused; DONE: it is saved."""
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 422
    try:
        save()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return 409
    return DONE
